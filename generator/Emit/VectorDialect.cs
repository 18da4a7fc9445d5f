using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>
/// Arithmetic on vectors, by the methods of <c>Vector128</c>, <c>Vector256</c> or <c>Vector512</c>: each compiles to the one instruction where
/// the kernel's instruction set is supported. A truth value is a mask.
/// </summary>
/// <param name="vector">The static class, such as <c>Vector512</c>.</param>
/// <param name="type">The keyword of the element type.</param>
/// <param name="values">The program's values.</param>
/// <param name="nameOf">The name of a value that stands in a variable.</param>
internal sealed class VectorDialect(string vector, string type, IReadOnlyList<Value> values, Func<Value, string?> nameOf) : Dialect(values, nameOf)
{
    protected override string PrintLiteral(Value literal) => literal.Constant == 0 && 1 / literal.Constant > 0
        ? $"{vector}<{type}>.Zero"
        : $"{vector}.Create({ScalarDialect.LiteralOf(type, literal.Constant)})";

    protected override string PrintTruth(bool value) => $"{vector}<{type}>.{(value ? "AllBitsSet" : "Zero")}";

    protected override string PrintSource(Value value) => throw new InvalidOperationException($"a kernel has no {value.Kind} without a name");

    protected override string Function(Operator @operator, ScalarType type) => $"{vector}.{ScalarDialect.MethodOf(@operator)}";

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

    // AVX-512 looks the sign up by the class of the number. The table is read from its lowest four bits: quiet NaN and signaling NaN → quiet NaN, zero → +0,
    // +1 → 1, −∞ → −1, +∞ → 1, negative → −1, positive → 1. Elsewhere the sign bit is put on 1, which is masked to +0 where x = 0 and set to all ones,
    // a NaN, where x ≠ x: six instructions, of which the compiler folds each negation into its comparison.
    protected override (string Text, int Precedence) Sign(string operand, ScalarType scalar) => (
        vector == "Vector512"
            ? $"Avx512F.Fixup({operand}, {operand}, Vector512.Create({(type == "float" ? "unchecked((int)0xA9A9A822)" : "0xA9A9A822L")}), 0)"
            : $"{vector}.BitwiseOr({vector}.AndNot({vector}<{type}>.One | ({operand} & {vector}.Create({ScalarDialect.LiteralOf(type, -0.0)})), "
                + $"{vector}.Equals({operand}, {vector}<{type}>.Zero)), ~{vector}.Equals({operand}, {operand}))",
        CallPrecedence);

    protected override string Not(string operand) => "~" + operand;
}
