using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Arithmetic on vectors, by the methods of <c>Vector128</c>, <c>Vector256</c> or <c>Vector512</c>: each compiles to the one instruction where
/// the kernel's instruction set is supported. A truth value is a mask.
/// </summary>
/// <param name="vector">The static class, such as <c>Vector512</c>.</param>
/// <param name="type">The keyword of the element type.</param>
internal sealed class VectorDialect(string vector, string type) : Dialect
{
    protected override string PrintLiteral(double value) =>
        value == 0 && 1 / value > 0 ? $"{vector}<{type}>.Zero" : $"{vector}.Create({ScalarDialect.LiteralOf(type, value)})";

    protected override string PrintTruth(bool value) => $"{vector}<{type}>.{(value ? "AllBitsSet" : "Zero")}";

    protected override string PrintScalar(string name) => name;

    protected override string Function(Operator @operator) => vector + @operator switch
    {
        Operator.FusedMultiplyAdd => ".FusedMultiplyAdd",
        Operator.SquareRoot => ".Sqrt",
        Operator.Absolute => ".Abs",
        Operator.Minimum => ".Min",
        Operator.Maximum => ".Max",
        Operator.CopySign => ".CopySign",
        _ => throw new InvalidOperationException($"no function for {@operator}"),
    };

    protected override (string Text, int Precedence) Compare(Operator @operator, string left, string right)
    {
        string text = @operator switch
        {
            Operator.LessThan => $"{vector}.LessThan({left}, {right})",
            Operator.LessThanOrEqual => $"{vector}.LessThanOrEqual({left}, {right})",
            Operator.GreaterThan => $"{vector}.GreaterThan({left}, {right})",
            Operator.GreaterThanOrEqual => $"{vector}.GreaterThanOrEqual({left}, {right})",
            Operator.Equal => $"{vector}.Equals({left}, {right})",
            _ => $"(~{vector}.Equals({left}, {right}))",
        };
        return (text, CallPrecedence);
    }

    protected override (string Text, int Precedence) Select(string condition, string whenTrue, string whenFalse) =>
        ($"{vector}.ConditionalSelect({condition}, {whenTrue}, {whenFalse})", CallPrecedence);

    protected override string Not(string operand) => "~" + operand;
}
