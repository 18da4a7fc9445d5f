using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Lowering;

/// <summary>From expressions to values: each operator that a step program does not have is defined by those that it has.</summary>
internal sealed class ExpressionLowering(ValueTable table)
{
    /// <param name="expression">The expression.</param>
    /// <param name="type">The arithmetic that it is computed in: double, or the element type.</param>
    /// <param name="variables">The values that the variables have.</param>
    /// <param name="contract">Whether multiply-adds are fused.</param>
    /// <returns>The value.</returns>
    public int Lower(Expression expression, ScalarType type, IReadOnlyDictionary<int, int> variables, bool contract)
    {
        int Of(Expression operand) => Lower(operand, type, variables, contract);
        switch (expression)
        {
            case Literal literal:
                return table.Literal(literal.Value, type);

            case Truth truth:
                return table.Truth(truth.Value);

            case Variable variable:
                return table.As(variables[variable.Id], type);

            case Call call:
                return table.Function(call.Function, call.Operands.Select(Of).ToArray());

            case Operation operation when contract && MultiplyAddOf(operation) is var (a, b, c):
                return table.Operation(Operator.FusedMultiplyAdd, Of(a), Of(b), Of(c));

            case Operation operation:
                return Define(operation.Operator, operation.Operands.Select(Of).ToArray());

            default:
                throw new InvalidOperationException($"no such expression: {expression}");
        }
    }

    /// <summary>
    /// The product that an addition or subtraction is fused with, so that both round once. Where both sides are products, it is the left one. The pattern
    /// is that of the expression alone, so it is the same for every instruction set.
    /// </summary>
    private static (Expression A, Expression B, Expression C)? MultiplyAddOf(Operation operation) => operation switch
    {
        { Operator: Operator.Add, Operands: [Operation { Operator: Operator.Multiply, Operands: [var a, var b] }, var c] } => (a, b, c),
        { Operator: Operator.Add, Operands: [var c, Operation { Operator: Operator.Multiply, Operands: [var a, var b] }] } => (a, b, c),
        { Operator: Operator.Subtract, Operands: [Operation { Operator: Operator.Multiply, Operands: [var a, var b] }, var c] } => (a, b, -c),
        // c − a·b = (−a)·b + c
        { Operator: Operator.Subtract, Operands: [var c, Operation { Operator: Operator.Multiply, Operands: [var a, var b] }] } => (-a, b, c),
        _ => null,
    };

    private int Define(Operator @operator, int[] operands) => @operator switch
    {
        Operator.Clamp => Clamp(operands[0], operands[1], operands[2]),
        Operator.Minimum when IsNegativeZero(operands[1]) => MinimumWithNegativeZero(operands[0], operands[1]),
        Operator.Minimum when IsNegativeZero(operands[0]) => MinimumWithNegativeZero(operands[1], operands[0]),
        _ => table.Operation(@operator, operands),
    };

    /// <summary>As Math.Clamp does it: a NaN and a zero of either sign come through as they are.</summary>
    private int Clamp(int x, int minimum, int maximum) => table.Operation(
        Operator.Select,
        table.Operation(Operator.LessThan, x, minimum),
        minimum,
        table.Operation(Operator.Select, table.Operation(Operator.GreaterThan, x, maximum), maximum, x));

    /// <summary>
    /// min(x, −0) as the selection that it is: −0 from −0 on, else x, which a NaN is too. The compiler of .NET 10 makes +0 of <c>float.Min(+0, −0)</c>
    /// where the −0 is a constant, in scalar code alone; so the tail of a loop would not have the bits of its vectors.
    /// </summary>
    private int MinimumWithNegativeZero(int x, int negativeZero) =>
        table.Operation(Operator.Select, table.Operation(Operator.GreaterThanOrEqual, x, negativeZero), negativeZero, x);

    private bool IsNegativeZero(int value) =>
        table[value] is { Kind: ValueKind.Literal, Constant: 0 } literal && double.IsNegativeInfinity(1 / literal.Constant);
}
