namespace OptimGen.Generator.Model;

/// <summary>
/// A rule's arithmetic. Every way to declare a rule ends in this tree, and every kernel is printed from it.
/// </summary>
internal abstract record Expression
{
    public static Expression operator +(Expression left, Expression right) => Of(Operator.Add, left, right);

    public static Expression operator -(Expression left, Expression right) => Of(Operator.Subtract, left, right);

    public static Expression operator *(Expression left, Expression right) => Of(Operator.Multiply, left, right);

    public static Expression operator /(Expression left, Expression right) => Of(Operator.Divide, left, right);

    public static Expression operator -(Expression operand) => Of(Operator.Negate, operand);

    public static implicit operator Expression(double value) => new Literal(value);

    public static Expression Of(Operator @operator, params Expression[] operands) => new Operation(@operator, operands.ToEquatableArray());

    /// <summary>Whether the value is a truth value: a comparison, or what combines comparisons.</summary>
    public virtual bool IsBoolean => false;

    /// <summary>What the node is applied to; nothing for a leaf.</summary>
    public virtual EquatableArray<Expression> Operands { get; init; }

    /// <summary>This node and all below it.</summary>
    public IEnumerable<Expression> Nodes => Operands.SelectMany(operand => operand.Nodes).Append(this);

    /// <summary>The same tree with <paramref name="change"/> applied to every node, operands first.</summary>
    public Expression Rewrite(Func<Expression, Expression> change) =>
        change(Operands.Count == 0 ? this : this with { Operands = Operands.Select(operand => operand.Rewrite(change)).ToEquatableArray() });
}

/// <summary>A constant, exactly representable in the rule's element type.</summary>
internal sealed record Literal(double Value) : Expression
{
    // -0 and +0 are different constants, and a NaN is equal to itself.
    public bool Equals(Literal? other) => other is not null && BitConverter.DoubleToInt64Bits(Value) == BitConverter.DoubleToInt64Bits(other.Value);

    public override int GetHashCode() => BitConverter.DoubleToInt64Bits(Value).GetHashCode();
}

/// <summary>A truth value that is known.</summary>
internal sealed record Truth(bool Value) : Expression
{
    public override bool IsBoolean => true;
}

/// <summary>A value that is the same for every element: a hyperparameter, or a scalar of the step.</summary>
internal sealed record Scalar(string Name) : Expression;

/// <summary>A truth value that is the same for every element. There is a kernel for each value, so no kernel has one.</summary>
internal sealed record Flag(string Name) : Expression
{
    public override bool IsBoolean => true;
}

/// <summary>A value of the element at hand: a stream's, or what an assignment gave the name.</summary>
internal sealed record Local(string Name, bool Boolean = false) : Expression
{
    public override bool IsBoolean => Boolean;
}

/// <summary>An operator applied to operands.</summary>
internal sealed record Operation(Operator Operator, EquatableArray<Expression> Operands) : Expression
{
    public override EquatableArray<Expression> Operands { get; init; } = Operands;

    public override bool IsBoolean => Operator is >= Operator.LessThan and <= Operator.Not
        || (Operator == Operator.Select && Operands[1].IsBoolean);
}

/// <summary>A function of the runtime's <c>RuleMath</c>, which has one text for every instruction set.</summary>
internal sealed record Call(string Function, EquatableArray<Expression> Operands) : Expression
{
    public override EquatableArray<Expression> Operands { get; init; } = Operands;
}
