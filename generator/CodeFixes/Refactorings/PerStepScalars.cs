using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing;
using ArgumentKind = OptimGen.Generator.Model.ArgumentKind;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>
/// The scalars that [PerStep] methods compute, as expressions, so that a rule with them can be compared with one of stages. Reads what the scalars of stages are
/// made of and nothing else: arithmetic in double, a root, a power of StepMath and a choice.
/// </summary>
internal sealed class PerStepScalars
{
    private readonly Dictionary<ISymbol, Expression> values = new(SymbolEqualityComparer.Default);

    /// <summary>The same rule without such methods; <see langword="null"/> if one of them does something else.</summary>
    public static RuleSpec? Inline(RuleSpec rule, INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        var scalars = rule.Scalars.ToList();
        foreach (ScalarMethodSpec method in rule.ScalarMethods)
        {
            IMethodSymbol[] declared = [.. type.GetMembers(method.Name.TrimStart('@')).OfType<IMethodSymbol>().Where(one => KnownAttributes.Has(one, KnownAttributes.PerStep))];
            if (method.PerTensor || declared is not [{ DeclaringSyntaxReferences: [var reference] } symbol] || reference.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax
                || new PerStepScalars().Read(method, symbol, compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation)) is not { } read)
            {
                return null;
            }

            scalars.AddRange(read);
        }

        return rule with { ScalarMethods = [], Scalars = scalars.ToEquatableArray() };
    }

    private List<ScalarSpec>? Read(ScalarMethodSpec method, IMethodSymbol symbol, IOperation? body)
    {
        for (int i = 0; i < method.Arguments.Count; i++)
        {
            if (method.Arguments[i] is { Kind: ArgumentKind.Scalar, Variable: var variable })
            {
                values[symbol.Parameters[i]] = new Variable(variable);
            }
            else if (method.Arguments[i] is not { Kind: ArgumentKind.Out, Type: "double" })
            {
                return null;
            }
        }

        IBlockOperation? block = body is IMethodBodyOperation { BlockBody: var statements, ExpressionBody: var expression } ? statements ?? expression : null;
        if (block is null || !block.Operations.All(Statement))
        {
            return null;
        }

        IEnumerable<(ArgumentSpec Argument, IParameterSymbol Parameter)> results = method.Arguments.Zip(symbol.Parameters, (argument, parameter) => (argument, parameter))
            .Where(one => one.argument.Kind == ArgumentKind.Out);
        return [.. results.Select(one => new ScalarSpec(one.Argument.Variable, one.Argument.Name, values[one.Parameter], ""))];
    }

    private bool Statement(IOperation statement)
    {
        switch (statement)
        {
            case IVariableDeclarationGroupOperation group:
                return group.Declarations.SelectMany(one => one.Declarators).All(one =>
                    one.Symbol.Type.SpecialType == SpecialType.System_Double && one.GetVariableInitializer() is { Value: var value } && Assign(one.Symbol, value));

            case IExpressionStatementOperation { Operation: ISimpleAssignmentOperation assignment }:
                return SymbolOf(assignment.Target) is { } target && Assign(target, assignment.Value);

            case IReturnOperation { ReturnedValue: null }:
                return true;

            default:
                return false;
        }
    }

    private bool Assign(ISymbol target, IOperation value)
    {
        if (Value(value) is not { } read)
        {
            return false;
        }

        values[target] = read;
        return true;
    }

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private Expression? Value(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: int or long or double })
        {
            return Convert.ToDouble(operation.ConstantValue.Value, CultureInfo.InvariantCulture);
        }

        bool isReal = operation.Type?.SpecialType == SpecialType.System_Double;
        return operation switch
        {
            IParenthesizedOperation parenthesized => Value(parenthesized.Operand),
            ILocalReferenceOperation or IParameterReferenceOperation => values.TryGetValue(SymbolOf(operation)!, out Expression? value) ? value : null,
            IConversionOperation { IsImplicit: true } conversion when isReal => Value(conversion.Operand),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } unary when isReal => Of(Operator.Negate, unary.Operand),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } binary => Of(Operator.Add, binary.LeftOperand, binary.RightOperand),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } binary => Of(Operator.Subtract, binary.LeftOperand, binary.RightOperand),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply } binary when isReal => Of(Operator.Multiply, binary.LeftOperand, binary.RightOperand),
            // That of whole numbers would drop the fraction.
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Divide } binary when isReal => Of(Operator.Divide, binary.LeftOperand, binary.RightOperand),
            IInvocationOperation { TargetMethod: { Name: "Sqrt", ContainingType: var type } } call when type.ToDisplayString() == "System.Math" => Of(Operator.SquareRoot, call.Arguments[0].Value),
            IInvocationOperation { TargetMethod: { Name: "Power", ContainingType: var type } } call when type.ToDisplayString() == "OptimGen.CompilerServices.StepMath" =>
                Of(Operator.Power, [.. call.Arguments.OrderBy(one => one.Parameter!.Ordinal).Select(one => one.Value)]),
            _ => null,
        };
    }

    private Expression? Of(Operator @operator, params IOperation[] operands)
    {
        Expression?[] read = [.. operands.Select(Value)];
        return read.Contains(null) ? null : Expression.Of(@operator, read!);
    }
}
