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

            case IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when field.Type.SpecialType == Special && fields.CanRead(field):
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

    /// <summary>Says what cannot be vectorized, and what to write in its place.</summary>
    public void Refuse(IOperation operation)
    {
        if (operation is IInvalidOperation or { Type.TypeKind: TypeKind.Error } || operation.Syntax.ContainsDiagnostics)
        {
            // The compiler has its own word about it.
            sink.FailSilently();
            return;
        }

        sink.Report(Descriptors.NotVectorizable, operation.Syntax.GetLocation(), Shorten(operation.Syntax), AdviceFor(operation));
    }

    /// <summary>As <see cref="Refuse"/>, for what an assignment cannot go to.</summary>
    public void RefuseTarget(IOperation target)
    {
        if (target is IInvalidOperation || target.Syntax.ContainsDiagnostics)
        {
            sink.FailSilently();
            return;
        }

        sink.Report(
            Descriptors.NotVectorizable, target.Syntax.GetLocation(), Shorten(target.Syntax),
            "a rule assigns to locals and to its parameters; mark what is kept from step to step [State] ref");
    }

    /// <summary>Whether a local can be of that type. What has its own message where its value is written is left to that.</summary>
    public bool Accepts(ILocalSymbol local, IOperation declarator)
    {
        if (local.Type.SpecialType == Special || local.Type.SpecialType is not (>= SpecialType.System_Char and <= SpecialType.System_Double))
        {
            return true;
        }

        sink.Report(Descriptors.MixedPrecision, declarator.Syntax.GetLocation(), local.Name, local.Type.ToDisplayString(), Keyword);
        return false;
    }

    private string AdviceFor(IOperation operation) => operation switch
    {
        ILoopOperation => "a rule has no loops; write each turn, or reduce over the elements with [Reduce]",
        ISwitchOperation or ISwitchExpressionOperation => "a rule has no switch; write if and else, or ?:",
        IThrowOperation => "a rule cannot throw; bound a hyperparameter with [Hyperparameter(Min = …, Max = …)]",
        IPropertyReferenceOperation { Property: { IsStatic: false } property } when KnownAttributes.Has(property, KnownAttributes.Hyperparameter) =>
            $"a rule is static; take the hyperparameter as a parameter named '{Identifier.Uncapitalize(property.Name)}'",
        IPropertyReferenceOperation => "a rule reads no properties; take a [Hyperparameter] as a parameter, or read a static readonly field",
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when field.Type.SpecialType == Special =>
            $"it is private to '{field.ContainingType.Name}', and the kernels stand in the optimizer; make it internal",
        IFieldReferenceOperation { Field.IsStatic: true } => "a rule can read static fields only if they are readonly and of its element type",
        IFieldReferenceOperation => "a rule is static; use [State] for what is kept, and [Hyperparameter] for what is set",
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder } or ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Remainder } =>
            "the remainder is no vector operation; compute it once a step in a [PerStep] method, or count in a [State]",
        IBinaryOperation { LeftOperand.Type.SpecialType: SpecialType.System_Boolean } => "of truth values there are &&, || and !",
        IArrayElementReferenceOperation => "a rule sees one element; it has no arrays",
        IObjectCreationOperation or IArrayCreationOperation => "a rule allocates nothing; keep each value in a local",
        IAnonymousFunctionOperation or IDelegateCreationOperation => "a rule has no lambdas; call a static method, which is inlined",
        IIsPatternOperation => "a rule has no patterns; write the comparisons",
        IVariableDeclaratorOperation => "a rule has no references; take the value, and assign where it belongs",
        IExpressionStatementOperation { Operation: IInvocationOperation { TargetMethod.ReturnsVoid: true } } =>
            "a rule has no effect beside its value and its states; return the value, or watch the method from a test",
        IExpressionStatementOperation { Operation: IInvocationOperation } => "a call stands for its value alone; assign what it returns",
        IExpressionStatementOperation { Operation: IDeconstructionAssignmentOperation } => "write one assignment after the other",
        IAssignmentOperation or IIncrementOrDecrementOperation => "an assignment in a rule is a statement of its own, to a local or a parameter",
        _ when operation.Type is null => "the statements of a rule are declarations, assignments, if, else and return",
        _ => "write it with float or double arithmetic, comparisons, if, ?: and the functions of RuleMath and MathF",
    };

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
        bool wholeAsNumber = IsWhole(operand) && conversion.Type?.SpecialType == Special;
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

    /// <summary>Points at what brings another type into the rule: the literal, call, or variable, not all that is computed with it.</summary>
    private void RefusePrecision(IOperation operation)
    {
        IOperation[] culprits = Culprits(operation).ToArray();
        if (operation.DescendantsAndSelf().Any(one => one is IInvalidOperation) || (culprits.Length > 0 && culprits.All(culprit => culprit is ILocalReferenceOperation)))
        {
            // The compiler has its own word about it; or the local was refused where it is declared.
            sink.FailSilently();
            return;
        }

        IOperation whole = operation is IConversionOperation conversion ? conversion.Operand : operation;
        foreach (IOperation culprit in culprits.Length > 0 ? culprits : [whole])
        {
            if (culprit.Type is null or { SpecialType: not (>= SpecialType.System_Char and <= SpecialType.System_Double) })
            {
                Refuse(culprit);
            }
            else if (culprit is not ILocalReferenceOperation)
            {
                sink.Report(
                    Descriptors.MixedPrecision, culprit.Syntax.GetLocation(), Shorten(culprit.Syntax), culprit.Type.ToDisplayString(), Keyword);
            }
        }
    }

    private IEnumerable<IOperation> Culprits(IOperation operation) => operation switch
    {
        IConversionOperation { IsImplicit: false, Operand.Type.SpecialType: var from } when from == Special => [operation],
        IConversionOperation or IParenthesizedOperation or IUnaryOperation or IBinaryOperation or IConditionalOperation =>
            operation.ChildOperations.SelectMany(Culprits),
        _ when operation.Type?.SpecialType == Special || operation.Type?.SpecialType == SpecialType.System_Boolean => [],
        ILiteralOperation { Type.SpecialType: SpecialType.System_Int32 } => [],
        _ => [operation],
    };

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
        if (binary.LeftOperand.Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double && binary.LeftOperand.Type.SpecialType != Special)
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
        bool ours = target.ReturnType.SpecialType == Special || target.ReturnType.SpecialType == SpecialType.System_Boolean || IsSign(invocation);
        if (!ours && target.ReturnType.SpecialType is SpecialType.System_Single or SpecialType.System_Double)
        {
            RefusePrecision(invocation);
            return null;
        }

        if (!IsCallable(target, type))
        {
            string advice = target is { IsGenericMethod: true, DeclaringSyntaxReferences.Length: > 0 }
                ? $"it is generic; declare it for {Keyword}, and it is inlined"
                : KnownFunctions.Advice(type, target.Name);
            sink.Report(Descriptors.NotVectorizable, invocation.Syntax.GetLocation(), Shorten(invocation.Syntax), advice);
            return null;
        }

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

        return KnownFunctions.Call(type, target.Name, arguments!) ?? method.Inline(target, arguments!, invocation.Syntax.GetLocation());
    }

    private bool IsCallable(IMethodSymbol target, string type)
    {
        bool returnsValue = target.ReturnType.SpecialType == Special || target.ReturnType.SpecialType == SpecialType.System_Boolean
            || (target.Name == "Sign" && KnownFunctions.IsMath(type));
        return returnsValue && target.IsStatic && target.RefKind == RefKind.None && (KnownFunctions.IsKnown(type, target.Name)
            || target is { IsGenericMethod: false, IsExtern: false, IsAsync: false, DeclaringSyntaxReferences.Length: > 0 });
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

    public static string Shorten(SyntaxNode syntax)
    {
        string text = string.Join(" ", syntax.ToString().Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 60 ? text.Substring(0, 57) + "…" : text;
    }
}
