using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>An expression of a scalar method as a tree. What cannot be vectorized is refused where it stands, and the rest is still looked at.</summary>
internal sealed class ExpressionTranslator(MethodTranslator method, DiagnosticSink sink, ElementType element, FieldScalars fields)
{
    private SpecialType Special => element == ElementType.Float ? SpecialType.System_Single : SpecialType.System_Double;

    private string Keyword => element == ElementType.Float ? "float" : "double";

    /// <returns>The tree; <see langword="null"/> if something in the expression was refused.</returns>
    public Expression? Translate(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant } && TranslateConstant(operation, constant) is { } literal)
        {
            return literal;
        }

        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Translate(parenthesized.Operand);

            case IConversionOperation conversion:
                return TranslateConversion(conversion);

            case IParameterReferenceOperation parameter:
                return method.ValueOf(parameter.Parameter);

            case ILocalReferenceOperation local:
                return method.ValueOf(local.Local);

            case IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when field.Type.SpecialType == Special:
                return fields.Add(field);

            case IUnaryOperation { OperatorMethod: null } unary:
                return TranslateUnary(unary);

            case IBinaryOperation { OperatorMethod: null } binary:
                return TranslateBinary(binary, binary.OperatorKind, Translate(binary.LeftOperand), Translate(binary.RightOperand));

            case IConditionalOperation { Type: not null, WhenFalse: { } whenFalse } conditional:
                return Combine(
                    operands => Expression.Of(Operator.Select, operands),
                    Translate(conditional.Condition), Translate(conditional.WhenTrue), Translate(whenFalse));

            case IInvocationOperation invocation:
                return TranslateCall(invocation);

            default:
                Refuse(operation);
                return null;
        }
    }

    /// <summary><c>a += b</c> as a + b.</summary>
    public Expression? TranslateCompound(ICompoundAssignmentOperation compound)
    {
        if (compound.OperatorMethod is not null || compound.Target.Type?.SpecialType != compound.Type?.SpecialType)
        {
            Refuse(compound);
            return null;
        }

        return TranslateBinary(compound, compound.OperatorKind, Translate(compound.Target), Translate(compound.Value));
    }

    /// <summary>Says what cannot be vectorized, and what to write in its place.</summary>
    public void Refuse(IOperation operation)
    {
        if (operation is IInvalidOperation || operation.Syntax.ContainsDiagnostics)
        {
            // The compiler has its own word about it.
            sink.FailSilently();
            return;
        }

        string advice = operation switch
        {
            ILoopOperation => "a rule has no loops; write each turn, or reduce over the elements with [Reduce]",
            ISwitchOperation or ISwitchExpressionOperation => "a rule has no switch; write if and else, or ?:",
            IThrowOperation => "a rule cannot throw; bound a hyperparameter with [Hyperparameter(Min = …, Max = …)]",
            IPropertyReferenceOperation property =>
                $"a rule is static; take the hyperparameter as a parameter named '{CamelCase(property.Property.Name)}'",
            IFieldReferenceOperation { Field.IsStatic: true } => "a rule can read static fields only if they are readonly and of its element type",
            IFieldReferenceOperation => "a rule is static; use [State] for what is kept, and [Hyperparameter] for what is set",
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder } => "the remainder is no vector operation; write x - y * Floor(x / y) with a function of your own",
            IArrayElementReferenceOperation => "a rule sees one element; it has no arrays",
            IObjectCreationOperation or IArrayCreationOperation => "a rule allocates nothing",
            IAssignmentOperation or IIncrementOrDecrementOperation => "an assignment in a rule is a statement of its own, to a local or a parameter",
            _ => "write it with float or double arithmetic, comparisons, if, ?: and the functions of RuleMath and MathF",
        };
        sink.Report(Descriptors.NotVectorizable, operation.Syntax.GetLocation(), Shorten(operation.Syntax), advice);
    }

    public static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);

    private Expression? TranslateConstant(IOperation operation, object constant)
    {
        if (constant is bool truth)
        {
            return new Truth(truth);
        }

        // A constant counts in the type that it is used in: the 1 of 1 − rho is a float.
        SpecialType? type = operation.Type?.SpecialType;
        return type == Special || (constant is int && type == SpecialType.System_Int32)
            ? new Literal(Convert.ToDouble(constant, CultureInfo.InvariantCulture))
            : null;
    }

    private Expression? TranslateConversion(IConversionOperation conversion)
    {
        IOperation operand = conversion.Operand;
        bool same = operand.Type?.SpecialType == conversion.Type?.SpecialType;
        bool signAsNumber = operand is IInvocationOperation { TargetMethod.Name: "Sign" } && conversion.Type?.SpecialType == Special;
        if (conversion.OperatorMethod is null && (same || signAsNumber))
        {
            return Translate(operand);
        }

        if (conversion.Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double)
        {
            sink.Report(Descriptors.MixedPrecision, operand.Syntax.GetLocation(), Shorten(operand.Syntax), operand.Type?.ToDisplayString() ?? "?", Keyword);
            return null;
        }

        Refuse(conversion);
        return null;
    }

    private Expression? TranslateUnary(IUnaryOperation unary) => unary.OperatorKind switch
    {
        UnaryOperatorKind.Plus => Translate(unary.Operand),
        UnaryOperatorKind.Minus when IsElement(unary) => Combine(operands => -operands[0], Translate(unary.Operand)),
        UnaryOperatorKind.Not => Combine(operands => Expression.Of(Operator.Not, operands), Translate(unary.Operand)),
        _ => Refused(unary),
    };

    private Expression? TranslateBinary(IOperation operation, BinaryOperatorKind kind, Expression? left, Expression? right)
    {
        bool boolean = operation.Type?.SpecialType == SpecialType.System_Boolean;
        Operator? @operator = kind switch
        {
            BinaryOperatorKind.Add when !boolean => Operator.Add,
            BinaryOperatorKind.Subtract when !boolean => Operator.Subtract,
            BinaryOperatorKind.Multiply when !boolean => Operator.Multiply,
            BinaryOperatorKind.Divide when !boolean => Operator.Divide,
            BinaryOperatorKind.LessThan => Operator.LessThan,
            BinaryOperatorKind.LessThanOrEqual => Operator.LessThanOrEqual,
            BinaryOperatorKind.GreaterThan => Operator.GreaterThan,
            BinaryOperatorKind.GreaterThanOrEqual => Operator.GreaterThanOrEqual,
            BinaryOperatorKind.Equals => Operator.Equal,
            BinaryOperatorKind.NotEquals => Operator.NotEqual,
            BinaryOperatorKind.ConditionalAnd => Operator.And,
            BinaryOperatorKind.And when boolean => Operator.And,
            BinaryOperatorKind.ConditionalOr => Operator.Or,
            BinaryOperatorKind.Or when boolean => Operator.Or,
            _ => null,
        };
        if (@operator is not { } known || (!boolean && !IsElement(operation)))
        {
            return Refused(operation);
        }

        if (known is Operator.Equal or Operator.NotEqual && (left is { IsBoolean: true } || right is { IsBoolean: true }))
        {
            return Refused(operation);
        }

        return Combine(operands => Expression.Of(known, operands), left, right);
    }

    private Expression? TranslateCall(IInvocationOperation invocation)
    {
        IMethodSymbol target = invocation.TargetMethod;
        Expression?[] arguments = new Expression?[target.Parameters.Length];
        foreach (IArgumentOperation argument in invocation.Arguments)
        {
            if (argument.Parameter is { } parameter)
            {
                arguments[parameter.Ordinal] = Translate(argument.Value);
            }
        }

        if (arguments.Any(argument => argument is null))
        {
            return null;
        }

        string type = target.ContainingType.ToDisplayString();
        bool ours = target.ReturnType.SpecialType == Special || target.Name == "Sign" || target.ReturnType.SpecialType == SpecialType.System_Boolean;
        if (ours && KnownFunctions.Call(type, target.Name, arguments!) is { } call)
        {
            return call;
        }

        if (ours && target is { IsStatic: true, IsGenericMethod: false, DeclaringSyntaxReferences.Length: > 0 })
        {
            return method.Inline(target, arguments!, invocation.Syntax.GetLocation());
        }

        sink.Report(
            Descriptors.NotVectorizable, invocation.Syntax.GetLocation(), Shorten(invocation.Syntax), KnownFunctions.Advice(type, target.Name));
        return null;
    }

    private bool IsElement(IOperation operation) => operation.Type?.SpecialType == Special;

    private Expression? Refused(IOperation operation)
    {
        if (operation.Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double && operation.Type.SpecialType != Special)
        {
            sink.Report(
                Descriptors.MixedPrecision, operation.Syntax.GetLocation(), Shorten(operation.Syntax), operation.Type.ToDisplayString(), Keyword);
            return null;
        }

        Refuse(operation);
        return null;
    }

    private static Expression? Combine(Func<Expression[], Expression> combine, params Expression?[] operands) =>
        operands.Any(operand => operand is null) ? null : combine(operands!);

    private static string Shorten(SyntaxNode syntax)
    {
        string text = string.Join(" ", syntax.ToString().Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 60 ? text.Substring(0, 57) + "…" : text;
    }
}
