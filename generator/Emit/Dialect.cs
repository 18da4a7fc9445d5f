using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>How an expression reads in C#, for one kind of operand: one element, a vector of elements, a scalar of the step.</summary>
internal abstract class Dialect
{
    private const int Unary = 6, Multiplicative = 5, Additive = 4, Relational = 3, Conjunction = 2, Disjunction = 1, Conditional = 0;

    public string Print(Expression expression) => Print(expression, Conditional);

    /// <summary>A constant.</summary>
    protected abstract string PrintLiteral(double value);

    /// <summary>A truth value that is known.</summary>
    protected abstract string PrintTruth(bool value);

    /// <summary>A scalar.</summary>
    protected abstract string PrintScalar(string name);

    /// <summary>The function that computes an operator; called for those that are no C# operator in every dialect.</summary>
    protected abstract string Function(Operator @operator);

    /// <summary>A comparison, already printed operands.</summary>
    protected abstract (string Text, int Precedence) Compare(Operator @operator, string left, string right);

    /// <summary>A choice between two values.</summary>
    protected abstract (string Text, int Precedence) Select(string condition, string whenTrue, string whenFalse);

    /// <summary>The opposite of a truth value.</summary>
    protected abstract string Not(string operand);

    private protected static int RelationalPrecedence => Relational;

    private protected static int CallPrecedence => Unary + 1;

    private protected static int ConditionalPrecedence => Conditional;

    private string Print(Expression expression, int minimum)
    {
        (string text, int precedence) = expression switch
        {
            Literal literal => (PrintLiteral(literal.Value), literal.Value < 0 || 1 / literal.Value < 0 ? Unary : CallPrecedence),
            Scalar scalar => (PrintScalar(scalar.Name), CallPrecedence),
            Local local => (local.Name, CallPrecedence),
            Truth truth => (PrintTruth(truth.Value), CallPrecedence),
            Operation operation => PrintOperation(operation),
            Call call => ($"global::OptimGen.RuleMath.{call.Function}({string.Join(", ", call.Operands.Select(operand => Print(operand)))})", CallPrecedence),
            _ => throw new InvalidOperationException($"no such node: {expression}"),
        };
        return precedence < minimum ? $"({text})" : text;
    }

    private (string Text, int Precedence) PrintOperation(Operation operation)
    {
        EquatableArray<Expression> operands = operation.Operands;
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
            Operator.Select => Select(Print(operands[0], Disjunction), Print(operands[1], Disjunction), Print(operands[2], Disjunction)),
            >= Operator.LessThan and <= Operator.NotEqual =>
                Compare(operation.Operator, Print(operands[0], Additive), Print(operands[1], Additive)),
            _ => ($"{Function(operation.Operator)}({string.Join(", ", operands.Select(operand => Print(operand)))})", CallPrecedence),
        };
    }

    /// <summary>All of these associate to the left, so an operand on the right of the same precedence needs its parentheses.</summary>
    private (string Text, int Precedence) Infix(EquatableArray<Expression> operands, string symbol, int precedence) =>
        ($"{Print(operands[0], precedence)} {symbol} {Print(operands[1], precedence + 1)}", precedence);
}
