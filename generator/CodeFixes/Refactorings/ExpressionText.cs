using OptimGen.Generator.Emit;
using OptimGen.Generator.Model;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>An expression as a user would write it in a method, so that it is parsed into the same tree.</summary>
/// <param name="names">The names of the variables.</param>
/// <param name="element">The arithmetic: float in a rule of float, double in a scalar of the step.</param>
/// <param name="mathClass">How the class with the functions of that arithmetic is written: MathF or Math.</param>
internal sealed class ExpressionText(IReadOnlyDictionary<int, string> names, ElementType element, string mathClass)
{
    private const int Primary = 4, Multiplicative = 3, Additive = 2, Relational = 1, Conditional = 0;

    private const string Power = "OptimGen.CompilerServices.StepMath.Power";

    public string Print(Expression expression) => Print(expression, Conditional);

    private string Print(Expression expression, int minimum)
    {
        (string text, int precedence) = Define(expression);
        return precedence < minimum ? $"({text})" : text;
    }

    private (string Text, int Precedence) Define(Expression expression) => expression switch
    {
        Literal literal => (Number(literal.Value), Primary),
        Variable variable => (names[variable.Id], Primary),
        Operation operation => Define(operation),
        _ => throw new InvalidOperationException($"no stage has {expression}"),
    };

    private (string Text, int Precedence) Define(Operation operation)
    {
        EquatableArray<Expression> operands = operation.Operands;
        return operation.Operator switch
        {
            Operator.Add => Infix(operands, "+", Additive),
            Operator.Subtract => Infix(operands, "-", Additive),
            Operator.Multiply => Infix(operands, "*", Multiplicative),
            // One of the operands of a quotient may be a whole number to C#: the step.
            Operator.Divide when operands[0] is Literal { Value: var number } => ($"{Real(number)} / {Print(operands[1], Primary)}", Multiplicative),
            Operator.Divide => Infix(operands, "/", Multiplicative),
            Operator.Negate => ("-" + Print(operands[0], Primary), Multiplicative),
            Operator.LessThanOrEqual => ($"{Print(operands[0], Additive)} <= {Print(operands[1], Additive)}", Relational),
            Operator.Select => ($"{Print(operands[0], Relational)} ? {Print(operands[1], Relational)} : {Print(operands[2], Relational)}", Conditional),
            Operator.Power => ($"{Power}({List(operands)})", Primary),
            Operator.Sign => ($"{mathClass}.Sign({List(operands)})", Primary),
            _ => ($"{mathClass}.{ScalarDialect.MethodOf(operation.Operator)}({List(operands)})", Primary),
        };
    }

    private string List(IEnumerable<Expression> operands) => string.Join(", ", operands.Select(operand => Print(operand)));

    private (string Text, int Precedence) Infix(EquatableArray<Expression> operands, string symbol, int precedence) =>
        ($"{Print(operands[0], precedence)} {symbol} {Print(operands[1], precedence + 1)}", precedence);

    /// <summary>A number; a whole one as it is, because C# reads it as one of the other operand's type.</summary>
    private string Number(double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue ? ShortestDecimal.Of(value) : Real(value);

    private string Real(double value) => element == ElementType.Float
        ? ShortestDecimal.Of((float)value) + "f"
        : ShortestDecimal.Of(value) is var digits && digits.Any(one => one is '.' or 'e') ? digits : digits + ".0";
}
