namespace OptimGen.Generator.Model;

/// <summary>
/// A rule's arithmetic. Every way to declare a rule ends in this tree, and every kernel is printed from it: four kinds of node, and a
/// table of operators.
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

    /// <summary>This node and all below it.</summary>
    public virtual IEnumerable<Expression> Nodes => [this];

    /// <summary>The same tree with <paramref name="change"/> applied to every node, operands first.</summary>
    public virtual Expression Rewrite(Func<Expression, Expression> change) => change(this);
}

/// <summary>A constant, exactly representable in the rule's element type.</summary>
internal sealed record Literal(double Value) : Expression;

/// <summary>A value that is the same for every element: a hyperparameter, or a scalar of the step.</summary>
internal sealed record Scalar(string Name) : Expression;

/// <summary>A value of the element at hand: a stream's, or what an assignment gave the name.</summary>
internal sealed record Local(string Name, bool Boolean = false) : Expression
{
    public override bool IsBoolean => Boolean;
}

/// <summary>An operator applied to operands.</summary>
internal sealed record Operation(Operator Operator, EquatableArray<Expression> Operands) : Expression
{
    public override bool IsBoolean => Operator is >= Operator.LessThan and <= Operator.Not
        || (Operator == Operator.Select && Operands[1].IsBoolean);

    public override IEnumerable<Expression> Nodes => Operands.SelectMany(operand => operand.Nodes).Append(this);

    public override Expression Rewrite(Func<Expression, Expression> change) =>
        change(this with { Operands = Operands.Select(operand => operand.Rewrite(change)).ToEquatableArray() });
}
