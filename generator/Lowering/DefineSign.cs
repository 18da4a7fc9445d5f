using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>Writes sign(x) as selections, which every instruction set has: 1 above 0, −1 below 0, else x − x, which is 0, or NaN for NaN.</summary>
internal static class DefineSign
{
    public static Assignment Apply(Assignment assignment) => assignment with { Value = assignment.Value.Rewrite(Define) };

    private static Expression Define(Expression node) => node is Operation { Operator: Operator.Sign, Operands: [var operand] }
        ? Expression.Of(
            Operator.Select,
            Expression.Of(Operator.GreaterThan, operand, 0),
            1,
            Expression.Of(Operator.Select, Expression.Of(Operator.LessThan, operand, 0), -1.0, operand - operand))
        : node;
}
