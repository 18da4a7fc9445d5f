namespace OptimGen.Generator.Model;

/// <summary>The operators of a rule. Each is a correctly rounded IEEE operation, or exact.</summary>
internal enum Operator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,

    /// <summary>first · second + third, rounded once.</summary>
    FusedMultiplyAdd,
    SquareRoot,
    Absolute,

    /// <summary>The smaller; NaN where either is NaN, and −0 is smaller than +0.</summary>
    Minimum,

    /// <summary>The larger; NaN where either is NaN, and +0 is larger than −0.</summary>
    Maximum,

    /// <summary>1 above 0, −1 below 0, +0 for a zero of either sign, and NaN for NaN.</summary>
    Sign,

    /// <summary>The first operand's magnitude with the second's sign.</summary>
    CopySign,

    /// <summary>The second operand where the first is true, else the third.</summary>
    Select,

    // The operators from here to Not give truth values.
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    GreaterThanOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
    Not,

    /// <summary>The first operand to the power of the second, a whole number. Only in scalars of the step.</summary>
    Power,

    // What a rule can be declared with, and a step program has no operation for: the lowering defines it by the others.

    /// <summary>The first operand, limited as Math.Clamp does it: to the second from below, else to the third from above.</summary>
    Clamp,
}
