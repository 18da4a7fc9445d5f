namespace OptimGen.Generator.Model;

/// <summary>
/// A rule's arithmetic as it was declared: what a method's body and a stack of attributes are both parsed into. Its leaves are constants and variables;
/// a variable is a number, so no name can be taken for another.
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

/// <summary>The value that a variable has where the expression stands: see <see cref="Variables"/>.</summary>
internal sealed record Variable(int Id, bool Boolean = false) : Expression
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
