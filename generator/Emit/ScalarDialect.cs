using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>Arithmetic on one value, by the functions of <c>float</c> or <c>double</c> themselves.</summary>
/// <param name="type">The keyword of the type.</param>
/// <param name="printScalar">How a scalar is named where the expression stands.</param>
internal sealed class ScalarDialect(string type, Func<string, string> printScalar) : Dialect
{
    protected override string PrintLiteral(double value) => LiteralOf(type, value);

    protected override string PrintTruth(bool value) => value ? "true" : "false";

    protected override string PrintScalar(string name) => printScalar(name);

    protected override string Function(Operator @operator) => @operator switch
    {
        Operator.FusedMultiplyAdd => $"{type}.FusedMultiplyAdd",
        Operator.SquareRoot => $"{type}.Sqrt",
        Operator.Absolute => $"{type}.Abs",
        Operator.Minimum => $"{type}.Min",
        Operator.Maximum => $"{type}.Max",
        Operator.CopySign => $"{type}.CopySign",
        Operator.Power => "global::OptimGen.StepMath.Power",
        _ => throw new InvalidOperationException($"no function for {@operator}"),
    };

    protected override (string Text, int Precedence) Compare(Operator @operator, string left, string right)
    {
        string symbol = @operator switch
        {
            Operator.LessThan => "<",
            Operator.LessThanOrEqual => "<=",
            Operator.GreaterThan => ">",
            Operator.GreaterThanOrEqual => ">=",
            Operator.Equal => "==",
            _ => "!=",
        };
        return ($"{left} {symbol} {right}", RelationalPrecedence);
    }

    protected override (string Text, int Precedence) Select(string condition, string whenTrue, string whenFalse) =>
        ($"{condition} ? {whenTrue} : {whenFalse}", ConditionalPrecedence);

    protected override string Not(string operand) => "!" + operand;

    internal static string LiteralOf(string type, double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return $"{type}.{(double.IsNaN(value) ? "NaN" : value > 0 ? "PositiveInfinity" : "NegativeInfinity")}";
        }

        string digits = type == "float" ? ShortestDecimal.Of((float)value) : ShortestDecimal.Of(value);
        digits = value == 0 && 1 / value < 0 ? "-0" : digits;
        return type == "float" ? digits + "f" : digits + "d";
    }
}
