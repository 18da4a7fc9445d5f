using OptimGen.Generator.Model;
using OptimGen.Generator.Steps;

namespace OptimGen.Generator.Emit;

/// <summary>How values read in C#, for one kind of operand: a number, or a vector of them.</summary>
/// <param name="values">The program's values.</param>
/// <param name="nameOf">The name of a value that stands in a variable; <see langword="null"/> for one that is printed where it is used.</param>
internal abstract class Dialect(IReadOnlyList<Value> values, Func<Value, string?> nameOf)
{
    private const int Unary = 6, Multiplicative = 5, Additive = 4, Relational = 3, Conjunction = 2, Disjunction = 1, Conditional = 0;

    /// <summary>The value where it is used: its name, or how it is computed.</summary>
    public string Print(int value) => Print(value, Conditional);

    /// <summary>How the value is computed, whether or not it has a name.</summary>
    public string PrintDefinition(Value value) => Define(value).Text;

    /// <summary>A constant.</summary>
    protected abstract string PrintLiteral(Value literal);

    /// <summary>A truth value that is known.</summary>
    protected abstract string PrintTruth(bool value);

    /// <summary>What has no operands and is no constant, and conversions.</summary>
    protected abstract string PrintSource(Value value);

    /// <summary>The function that computes an operator; called for those that are no C# operator in every dialect.</summary>
    protected abstract string Function(Operator @operator, ScalarType type);

    /// <summary>A comparison, already printed operands.</summary>
    protected abstract (string Text, int Precedence) Compare(Operator @operator, string left, string right);

    /// <summary>A choice between two values.</summary>
    protected abstract (string Text, int Precedence) Select(string condition, string whenTrue, string whenFalse);

    /// <summary>The sign of a number, whose operand stands in a variable.</summary>
    protected abstract (string Text, int Precedence) Sign(string operand, ScalarType type);

    /// <summary>The opposite of a truth value.</summary>
    protected abstract string Not(string operand);

    private protected static int RelationalPrecedence => Relational;

    private protected static int CallPrecedence => Unary + 1;

    private protected static int ConditionalPrecedence => Conditional;

    private string Print(int id, int minimum)
    {
        Value value = values[id];
        if (nameOf(value) is { } name)
        {
            return name;
        }

        (string text, int precedence) = Define(value);
        return precedence < minimum ? $"({text})" : text;
    }

    private (string Text, int Precedence) Define(Value value) => value.Kind switch
    {
        ValueKind.Literal => (PrintLiteral(value), value.Constant < 0 || 1 / value.Constant < 0 ? Unary : CallPrecedence),
        ValueKind.Truth => (PrintTruth(value.Constant != 0), CallPrecedence),
        ValueKind.Operation => PrintOperation(value),
        ValueKind.Function => ($"RuleMath.{value.Path}({PrintList(value.Operands)})", CallPrecedence),
        _ => (PrintSource(value), CallPrecedence),
    };

    private (string Text, int Precedence) PrintOperation(Value operation)
    {
        EquatableArray<int> operands = operation.Operands;
        return operation.Operator switch
        {
            Operator.Add => Infix(operands, "+", Additive),
            Operator.Subtract => Infix(operands, "-", Additive),
            Operator.Multiply => Infix(operands, "*", Multiplicative),
            Operator.Divide => Infix(operands, "/", Multiplicative),
            Operator.Negate => ("-" + Print(operands[0], CallPrecedence), Unary),
            Operator.And => Infix(operands, "&", Conjunction),
            Operator.Or => Infix(operands, "|", Disjunction),
            Operator.Not => (Not(Print(operands[0], Unary)), Unary),
            Operator.Sign => Sign(Print(operands[0], CallPrecedence), operation.Type),
            Operator.Select => Select(Print(operands[0], Disjunction), Print(operands[1], Disjunction), Print(operands[2], Disjunction)),
            >= Operator.LessThan and <= Operator.NotEqual =>
                Compare(operation.Operator, Print(operands[0], Additive), Print(operands[1], Additive)),
            _ => ($"{Function(operation.Operator, operation.Type)}({PrintList(operands)})", CallPrecedence),
        };
    }

    private string PrintList(IEnumerable<int> operands) => string.Join(", ", operands.Select(operand => Print(operand)));

    /// <summary>All of these associate to the left, so an operand on the right of the same precedence needs its parentheses.</summary>
    private (string Text, int Precedence) Infix(EquatableArray<int> operands, string symbol, int precedence) =>
        ($"{Print(operands[0], precedence)} {symbol} {Print(operands[1], precedence + 1)}", precedence);
}
