using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>Arithmetic on numbers, by the functions of <c>float</c> or <c>double</c> themselves.</summary>
/// <param name="element">The keyword of the element type.</param>
/// <param name="values">The program's values.</param>
/// <param name="nameOf">The name of a value that stands in a variable.</param>
/// <param name="printSource">How a value without operands is read, and a conversion.</param>
internal sealed class ScalarDialect(
    string element, IReadOnlyList<Value> values, Func<Value, string?> nameOf, Func<Value, string> printSource) : Dialect(values, nameOf)
{
    protected override string PrintLiteral(Value literal) => LiteralOf(literal.Type == ScalarType.Double ? "double" : element, literal.Constant);

    protected override string PrintTruth(bool value) => value ? "true" : "false";

    protected override string PrintSource(Value value) => printSource(value);

    protected override string Function(Operator @operator, ScalarType type) =>
        @operator == Operator.Power ? "StepMath.Power" : $"{(type == ScalarType.Double ? "double" : element)}.{MethodOf(@operator)}";

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

    protected override (string Text, int Precedence) Sign(string operand, ScalarType type)
    {
        string keyword = type == ScalarType.Double ? "double" : element;
        return ($"{keyword}.Abs({operand}) > 0 ? {keyword}.CopySign(1, {operand}) : {operand} - {operand}", ConditionalPrecedence);
    }

    protected override string Not(string operand) => "!" + operand;

    /// <summary>The name that <c>float</c>, <c>double</c> and the vector classes have for an operator alike.</summary>
    internal static string MethodOf(Operator @operator) => @operator switch
    {
        Operator.FusedMultiplyAdd => "FusedMultiplyAdd",
        Operator.SquareRoot => "Sqrt",
        Operator.Absolute => "Abs",
        Operator.Minimum => "Min",
        Operator.Maximum => "Max",
        Operator.CopySign => "CopySign",
        _ => throw new InvalidOperationException($"no function for {@operator}"),
    };

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
