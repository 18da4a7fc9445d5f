using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>An expression of a scalar method as a tree. What cannot be vectorized is refused where it stands, and the rest is still looked at.</summary>
internal sealed partial class ExpressionTranslator(MethodTranslator method, DiagnosticSink sink, ElementType element, FieldScalars fields)
{
    private readonly SpecialType special = element.SpecialType();
    private readonly string keyword = element.Keyword();
    private int depth;

    /// <summary>Far deeper than a person writes, and shallow enough for whatever goes over the tree.</summary>
    private const int DeepestExpression = 200;

    /// <returns>The tree; <see langword="null"/> if something in the expression was refused.</returns>
    public Expression? Translate(IOperation operation)
    {
        if (depth == DeepestExpression)
        {
            sink.Report(
                Descriptors.NotVectorizable, operation.Syntax.GetLocation(), Shorten(operation.Syntax),
                $"it stands {DeepestExpression} operations deep in an expression; give parts of it names, as locals");
            return null;
        }

        depth++;
        Expression? translated = TranslateNode(operation);
        depth--;
        return translated;
    }

    private Expression? TranslateNode(IOperation operation)
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
                return ValueOf(parameter.Parameter);

            case ILocalReferenceOperation local:
                return ValueOf(local.Local);

            case IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when field.Type.SpecialType == special && fields.CanRead(field):
                return fields.Add(field);

            case IUnaryOperation { OperatorMethod: null } unary:
                return TranslateUnary(unary);

            case IBinaryOperation { OperatorMethod: null } binary:
                return TranslateBinary(binary);

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
        bool isBoolean = compound.Type?.SpecialType == SpecialType.System_Boolean;
        if (compound.OperatorMethod is not null || compound.Target.Type?.SpecialType != compound.Type?.SpecialType || !(isBoolean || IsElement(compound)))
        {
            Refuse(compound);
            return null;
        }

        return TranslateBinary(compound, compound.OperatorKind, Translate(compound.Target), Translate(compound.Value));
    }

    /// <summary>Whether a local can be of that type. What has its own message where its value is written is left to that.</summary>
    public bool Accepts(ILocalSymbol local, IOperation declarator)
    {
        if (local.Type.SpecialType == special || local.Type.SpecialType is not (>= SpecialType.System_Char and <= SpecialType.System_Double))
        {
            return true;
        }

        sink.Report(Descriptors.MixedPrecision, declarator.Syntax.GetLocation(), local.Name, local.Type.ToDisplayString(), keyword);
        return false;
    }

    private Expression? ValueOf(ISymbol symbol)
    {
        Expression? value = method.ValueOf(symbol);
        if (value is null)
        {
            // Not assigned yet, or a parameter that was refused: that has been said.
            sink.FailSilently();
        }

        return value;
    }

    private Expression? TranslateConstant(IOperation operation, object constant)
    {
        if (constant is bool truth)
        {
            return new Truth(truth);
        }

        // A constant counts in the type that it is used in: the 1 of 1 − rho is a float.
        SpecialType? type = operation.Type?.SpecialType;
        return type == special || (constant is int && type == SpecialType.System_Int32)
            ? new Literal(Convert.ToDouble(constant, CultureInfo.InvariantCulture))
            : null;
    }

    private Expression? TranslateConversion(IConversionOperation conversion)
    {
        IOperation operand = conversion.Operand;
        bool same = operand.Type?.SpecialType == conversion.Type?.SpecialType;
        bool wholeAsNumber = IsWhole(operand) && conversion.Type?.SpecialType == special;
        if (conversion.OperatorMethod is null && (same || wholeAsNumber))
        {
            return Translate(operand);
        }

        if (conversion.Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double)
        {
            RefusePrecision(conversion);
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
        return @operator is not { } known
            ? Refused(operation)
            : Combine(operands => Expression.Of(known, operands), left, right);
    }

    /// <summary>Operands are elements or truth values; those of a comparison may be signs and whole constants too.</summary>
    private Expression? TranslateBinary(IBinaryOperation binary)
    {
        if (binary.LeftOperand.Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double && binary.LeftOperand.Type.SpecialType != special)
        {
            RefusePrecision(binary);
            return null;
        }

        if (binary.Type?.SpecialType is not SpecialType.System_Boolean && !IsElement(binary))
        {
            return Refused(binary);
        }

        bool isEquality = binary.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals;
        bool compares = isEquality || binary.OperatorKind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual
            or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual;
        if (compares && !(IsComparable(binary.LeftOperand) && IsComparable(binary.RightOperand)))
        {
            RefusePrecision(binary);
            return null;
        }

        return TranslateBinary(binary, binary.OperatorKind, Translate(binary.LeftOperand), Translate(binary.RightOperand));
    }

    private bool IsComparable(IOperation operand) => IsElement(operand) || IsWhole(operand);

    /// <summary>
    /// Whether an operation is a whole number that is exact as an element: the choice in <c>flag ? 1 : 0</c> is between whole numbers to C#.
    /// </summary>
    private static bool IsWhole(IOperation operation) => operation switch
    {
        { Type.SpecialType: not SpecialType.System_Int32 } => false,
        { ConstantValue: { HasValue: true, Value: int value } } => value is >= -(1 << 24) and <= 1 << 24,
        IParenthesizedOperation parenthesized => IsWhole(parenthesized.Operand),
        IConditionalOperation { WhenFalse: { } whenFalse } conditional => IsWhole(conditional.WhenTrue) && IsWhole(whenFalse),
        _ => IsSign(operation),
    };

    /// <summary>Whether an operation is a call of the framework's Sign, whose whole number is an element in a rule.</summary>
    private static bool IsSign(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: "Sign", ContainingType: { } type } } && KnownFunctions.IsMath(type.ToDisplayString());

    private Expression? TranslateCall(IInvocationOperation invocation)
    {
        IMethodSymbol target = invocation.TargetMethod;
        string type = target.ContainingType.ToDisplayString();
        bool ours = target.ReturnType.SpecialType == special || target.ReturnType.SpecialType == SpecialType.System_Boolean || IsSign(invocation);
        if (!ours && target.ReturnType.SpecialType is SpecialType.System_Single or SpecialType.System_Double)
        {
            RefusePrecision(invocation);
            return null;
        }

        if (!IsCallable(target, type))
        {
            string advice = target is { IsGenericMethod: true, DeclaringSyntaxReferences.Length: > 0 }
                ? $"it is generic; declare it for {keyword}, and it is inlined"
                : target.DeclaringSyntaxReferences.Length > 0 && IsInGenericType(target)
                ? $"it stands in a generic type; declare it in one that is not, for {keyword}, and it is inlined"
                : KnownFunctions.Advice(type, target.Name);
            sink.Report(Descriptors.NotVectorizable, invocation.Syntax.GetLocation(), Shorten(invocation.Syntax), advice);
            return null;
        }

        var arguments = new Expression?[target.Parameters.Length];
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

        return KnownFunctions.Call(type, target.Name, arguments!) ?? method.Inline(target, arguments!, invocation.Syntax.GetLocation());
    }

    private bool IsCallable(IMethodSymbol target, string type)
    {
        bool returnsValue = target.ReturnType.SpecialType == special || target.ReturnType.SpecialType == SpecialType.System_Boolean
            || (target.Name == "Sign" && KnownFunctions.IsMath(type));
        return returnsValue && target.IsStatic && target.RefKind == RefKind.None && (KnownFunctions.IsKnown(type, target.Name)
            || (target is { IsGenericMethod: false, IsExtern: false, IsAsync: false } && !IsInGenericType(target) && method.HasBody(target)));
    }

    /// <summary>The body of such a method is written for every type argument, and not for the rule's element.</summary>
    private static bool IsInGenericType(ISymbol member)
    {
        for (INamedTypeSymbol? type = member.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsElement(IOperation operation) => operation.Type?.SpecialType == special;

    private static Expression? Combine(Func<Expression[], Expression> combine, params Expression?[] operands) =>
        operands.Any(operand => operand is null) ? null : combine(operands!);
}
