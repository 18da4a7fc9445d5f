using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>
/// Writes min(x, −0) with the constant −0 as the selection that it is: −0 from −0 on, else x, which a NaN is too. The compiler of .NET 10 makes +0 of
/// <c>float.Min(+0, −0)</c> where the −0 is a constant, in scalar code alone; so the remainder of a loop would not have the bits of its vectors.
/// </summary>
internal static class DefineMinimum
{
    public static Assignment Apply(Assignment assignment) => assignment with { Value = assignment.Value.Rewrite(Define) };

    private static Expression Define(Expression node) => node is Operation { Operator: Operator.Minimum, Operands: [var left, var right] }
        ? IsNegativeZero(right) ? WithNegativeZero(left, right)
        : IsNegativeZero(left) ? WithNegativeZero(right, left)
        : node
        : node;

    private static Expression WithNegativeZero(Expression operand, Expression negativeZero) =>
        Expression.Of(Operator.Select, Expression.Of(Operator.GreaterThanOrEqual, operand, negativeZero), negativeZero, operand);

    private static bool IsNegativeZero(Expression node) => node is Literal { Value: 0 } literal && double.IsNegativeInfinity(1 / literal.Value);
}
