using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing.Methods;

namespace OptimGen.Generator.Loops;

/// <summary>
/// Reads a <c>for</c> loop as an update rule. Whatever is not known to be one element's arithmetic ends the reading: a call, another element, a jump, another
/// type of number. What the streams are to each other <see cref="LoopRoles"/> decides.
/// </summary>
internal sealed class UpdateLoopReader
{
    private readonly ForStatementSyntax loop;
    private readonly ILocalSymbol index;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, LoopStream> streams = [];
    private readonly Dictionary<string, LoopScalar> scalars = [];
    private readonly List<ILocalSymbol> locals = [];
    private readonly Dictionary<SyntaxNode, object> references = [];
    private readonly List<object> order = [];
    private readonly LoopRoles roles = new();
    private readonly Stack<object> conditions = new();
    private HashSet<object> reads = [];
    private SpecialType element;

    private UpdateLoopReader(ForStatementSyntax loop, ILocalSymbol index, CancellationToken cancellation) =>
        (this.loop, this.index, this.cancellation) = (loop, index, cancellation);

    /// <summary>
    /// Whether the text alone allows an update: an index from 0, up by 1 to something, and an element that something is subtracted from. Decides for nearly every
    /// loop of a program, without a semantic model.
    /// </summary>
    public static bool MayBeUpdate(ForStatementSyntax loop)
    {
        if (loop is not
            {
                Declaration.Variables: [{ Initializer.Value: LiteralExpressionSyntax { Token.Value: 0 } } variable], Initializers.Count: 0,
                Condition: BinaryExpressionSyntax { Left: IdentifierNameSyntax compared } condition, Incrementors: [var increment],
            }
            || !condition.IsKind(SyntaxKind.LessThanExpression))
        {
            return false;
        }

        string name = variable.Identifier.ValueText;
        bool counts = increment switch
        {
            PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax operand } => increment.IsKind(SyntaxKind.PostIncrementExpression) && Is(operand),
            PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax operand } => increment.IsKind(SyntaxKind.PreIncrementExpression) && Is(operand),
            _ => false,
        };
        return counts && Is(compared) && loop.Statement.DescendantNodes().Any(node => node is AssignmentExpressionSyntax
            { Left: ElementAccessExpressionSyntax { ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax at }] } } assignment
            && Is(at) && IsDescent(assignment));
        bool Is(IdentifierNameSyntax identifier) => identifier.Identifier.ValueText == name;
    }

    /// <returns>The loop; <see langword="null"/> if it is not an update rule.</returns>
    public static UpdateLoop? Read(ForStatementSyntax loop, SemanticModel model, CancellationToken cancellation)
    {
        if (!MayBeUpdate(loop)
            || model.GetDeclaredSymbol(loop.Declaration!.Variables[0], cancellation) is not ILocalSymbol { Type.SpecialType: SpecialType.System_Int32 } index
            || model.GetOperation(loop, cancellation) is not IForLoopOperation { Condition: IBinaryOperation condition } operation)
        {
            return null;
        }

        var reader = new UpdateLoopReader(loop, index, cancellation);
        return reader.KeyOf(condition.RightOperand) is not null && reader.Statement(operation.Body) ? reader.Result(condition.RightOperand) : null;
    }

    private static bool IsDescent(AssignmentExpressionSyntax assignment) => assignment.IsKind(SyntaxKind.SubtractAssignmentExpression)
        || (assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) && assignment.Right is BinaryExpressionSyntax difference && difference.IsKind(SyntaxKind.SubtractExpression));

    private UpdateLoop? Result(IOperation limit) => roles.Decide([.. order.OfType<LoopStream>()]) is not var (parameter, gradient, states) ? null : new UpdateLoop
    {
        Syntax = loop,
        Element = element == SpecialType.System_Single ? ElementType.Float : ElementType.Double,
        Parameter = parameter,
        Gradient = gradient,
        States = states,
        Scalars = [.. order.OfType<LoopScalar>()],
        Locals = locals,
        Limit = (ExpressionSyntax)limit.Syntax,
        References = references,
    };

    private bool Statement(IOperation statement)
    {
        cancellation.ThrowIfCancellationRequested();
        switch (statement)
        {
            case IBlockOperation block:
                return block.Operations.All(Statement);

            case IVariableDeclarationGroupOperation group:
                return group.Declarations.SelectMany(declaration => declaration.Declarators).All(Declare);

            case IConditionalOperation { Type: null } conditional:
                var marker = new object();
                bool isKnown = Assigns(marker, conditional.Condition);
                conditions.Push(marker);
                isKnown = isKnown && Statement(conditional.WhenTrue) && (conditional.WhenFalse is null || Statement(conditional.WhenFalse));
                conditions.Pop();
                return isKnown;

            case IExpressionStatementOperation { Operation: ISimpleAssignmentOperation { IsRef: false } assignment }:
                return Target(assignment.Target) is { } target && Assigns(target, assignment.Value) && Descent(target, assignment.Value);

            case IExpressionStatementOperation
                { Operation: ICompoundAssignmentOperation { OperatorMethod: null, InConversion.IsIdentity: true, OutConversion.IsIdentity: true } compound }:
                if (!IsArithmetic(compound.OperatorKind) || Target(compound.Target) is not { } moved || !Assigns(moved, compound.Value, moved))
                {
                    return false;
                }

                if (compound.OperatorKind == BinaryOperatorKind.Subtract && moved is LoopStream stream)
                {
                    roles.Descends(stream, HasFactor(compound.Value));
                }

                return true;

            default:
                return false;
        }
    }

    private bool Declare(IVariableDeclaratorOperation declarator)
    {
        ILocalSymbol local = declarator.Symbol;
        if (local.IsRef || local.IsConst || !(local.Type.SpecialType == SpecialType.System_Boolean || IsElement(local.Type)))
        {
            return false;
        }

        locals.Add(local);
        references[declarator.Syntax] = local;
        return declarator.GetVariableInitializer() is not { } initializer || Assigns(local, initializer.Value);
    }

    /// <summary>What an assignment gives a value: an element of a stream, or a local of the loop.</summary>
    private object? Target(IOperation target)
    {
        if (target is ILocalReferenceOperation { Local: var local } && locals.Contains(local, SymbolEqualityComparer.Default))
        {
            references[target.Syntax] = local;
            return local;
        }

        return StreamOf(target);
    }

    private bool Assigns(object target, IOperation value, object? also = null)
    {
        reads = [.. conditions];
        if (also is not null)
        {
            reads.Add(also);
        }

        bool isKnown = Value(value);
        roles.Assigned(target, reads, HasFactor(value));
        return isKnown;
    }

    /// <summary>Notes <c>p[i] = p[i] … − factor · …</c>.</summary>
    private bool Descent(object target, IOperation value)
    {
        while (value is IParenthesizedOperation { Operand: var inner })
        {
            value = inner;
        }

        if (target is LoopStream stream && value is IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } difference
            && difference.LeftOperand.DescendantsAndSelf().Any(one => references.TryGetValue(one.Syntax, out object? read) && read.Equals(stream)))
        {
            roles.Descends(stream, HasFactor(difference.RightOperand));
        }

        return true;
    }

    /// <summary>Whether a product or quotient in it has an operand that is the same for every element.</summary>
    private bool HasFactor(IOperation value) => value.DescendantsAndSelf().OfType<IBinaryOperation>().Any(one =>
        one.OperatorKind is BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide && (IsUniform(one.LeftOperand) || IsUniform(one.RightOperand)));

    private bool IsUniform(IOperation value) => !value.DescendantsAndSelf().Any(one => references.TryGetValue(one.Syntax, out object? read) && read is LoopStream or ILocalSymbol);

    /// <summary>Reads an expression.</summary>
    /// <returns>Whether it is one that a rule can have.</returns>
    private bool Value(IOperation operation)
    {
        switch (operation)
        {
            case ILiteralOperation:
                return operation.Type?.SpecialType == SpecialType.System_Boolean || IsElement(operation.Type) || IsWhole(operation);

            case IParenthesizedOperation parenthesized:
                return Value(parenthesized.Operand);

            case IConversionOperation { OperatorMethod: null } conversion when IsElement(conversion.Type):
                return SymbolEqualityComparer.Default.Equals(conversion.Operand.Type, conversion.Type) || IsWhole(conversion.Operand) ? Value(conversion.Operand) : Constant(operation);

            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus or UnaryOperatorKind.Plus or UnaryOperatorKind.Not } unary:
                return (IsWhole(operation) || IsElementOrTruth(operation)) && Value(unary.Operand);

            case IBinaryOperation { OperatorMethod: null } binary:
                return IsElementOrTruth(operation) && IsKnown(binary.OperatorKind) && Value(binary.LeftOperand) && Value(binary.RightOperand);

            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return (IsElementOrTruth(operation) || IsWhole(operation)) && Value(conditional.Condition) && Value(conditional.WhenTrue) && Value(whenFalse);

            case IInvocationOperation invocation:
                return Call(invocation);

            case ILocalReferenceOperation { Local: var local } when locals.Contains(local, SymbolEqualityComparer.Default):
                references[operation.Syntax] = local;
                return reads.Add(local) || true;

            default:
                return StreamOf(operation) is { } stream ? reads.Add(stream) || true : Scalar(operation);
        }
    }

    private bool Call(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        string type = method.ContainingType.ToDisplayString();
        bool isOfElement = IsElement(invocation.Type) || method.Name == "Sign";
        return isOfElement && KnownFunctions.IsKnown(type, method.Name)
            && method.Parameters.All(parameter => IsElement(parameter.Type)) && invocation.Arguments.All(argument => Value(argument.Value));
    }

    /// <summary>A constant that is computed in another type; the rule has its value.</summary>
    private bool Constant(IOperation operation)
    {
        if (operation.ConstantValue is not { HasValue: true, Value: float or double })
        {
            return false;
        }

        references[operation.Syntax] = Convert.ToDouble(operation.ConstantValue.Value, System.Globalization.CultureInfo.InvariantCulture);
        return true;
    }

    private bool Scalar(IOperation operation)
    {
        if (operation is IFieldReferenceOperation { Field: { IsConst: true, ContainingType.SpecialType: SpecialType.System_Single or SpecialType.System_Double } })
        {
            // float.MaxValue
            return IsElement(operation.Type);
        }

        if (!IsElement(operation.Type) || operation.Type?.SpecialType is null || KeyOf(operation) is not { } key || operation.Syntax is not ExpressionSyntax syntax
            || SymbolOf(operation) is not { } symbol)
        {
            return false;
        }

        if (!scalars.TryGetValue(key, out LoopScalar? scalar))
        {
            bool isConst = symbol is IFieldSymbol { IsConst: true };
            scalar = new LoopScalar(key, symbol.Name, syntax, DefaultOf(symbol, operation), isConst);
            scalars.Add(key, scalar);
            order.Add(scalar);
        }

        references[operation.Syntax] = scalar;
        return reads.Add(scalar) || true;
    }

    /// <summary>The constant that a local, field or property is declared with.</summary>
    private double? DefaultOf(ISymbol symbol, IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant })
        {
            return Convert.ToDouble(constant, System.Globalization.CultureInfo.InvariantCulture);
        }

        ExpressionSyntax? initial = symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
        {
            VariableDeclaratorSyntax { Initializer.Value: var value } => value,
            PropertyDeclarationSyntax { Initializer.Value: var value } => value,
            _ => null,
        };
        return initial is not null && initial.SyntaxTree == loop.SyntaxTree && operation.SemanticModel?.GetConstantValue(initial, cancellation) is { HasValue: true, Value: { } known }
            && known is float or double or int ? Convert.ToDouble(known, System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The stream that <c>x[i]</c> is an element of.</summary>
    private LoopStream? StreamOf(IOperation operation)
    {
        (IOperation? of, IOperation? at) = operation switch
        {
            IArrayElementReferenceOperation { Indices: [var one] } array => (array.ArrayReference, one),
            IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType: var type }, Instance: { } span, Arguments: [{ Value: var one }] }
                when IsSpan(type) => (span, one),
            _ => ((IOperation?)null, (IOperation?)null),
        };
        if (of is null || at is not ILocalReferenceOperation { Local: var local } || !SymbolEqualityComparer.Default.Equals(local, index) || !IsElement(operation.Type)
            || KeyOf(of) is not { } key)
        {
            return null;
        }

        if (!streams.TryGetValue(key, out LoopStream? stream))
        {
            // Memory is read by its span.
            IOperation path = of is IPropertyReferenceOperation { Property.Name: "Span", Instance: { } memory } ? memory : of;
            stream = new LoopStream(key, SymbolOf(path)?.Name ?? "values", RootOf(path));
            streams.Add(key, stream);
            order.Add(stream);
        }

        references[operation.Syntax] = stream;
        return stream;
    }

    private static bool IsSpan(INamedTypeSymbol type) =>
        type is { Name: "Span" or "ReadOnlySpan", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>A path that means the same at every element, as text; <see langword="null"/> for any other expression.</summary>
    private string? KeyOf(IOperation? operation) => operation switch
    {
        IParenthesizedOperation parenthesized => KeyOf(parenthesized.Operand),
        ILiteralOperation { ConstantValue.Value: int number } => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ILocalReferenceOperation { Local: var local } => SymbolEqualityComparer.Default.Equals(local, index) || locals.Contains(local, SymbolEqualityComparer.Default) ? null : local.Name,
        IParameterReferenceOperation { Parameter: var parameter } => parameter.Name,
        IInstanceReferenceOperation => "this",
        IFieldReferenceOperation { Field: { IsVolatile: false } field, Instance: var of } => field.IsStatic ? field.ToDisplayString() : Member(of, field),
        IPropertyReferenceOperation { Property: { IsIndexer: false } property, Instance: var of } when IsPlain(property) => property.IsStatic ? property.ToDisplayString() : Member(of, property),
        IArrayElementReferenceOperation { Indices: [var at], ArrayReference: var of } => KeyOf(of) is { } array && KeyOf(at) is { } position ? $"{array}[{position}]" : null,
        _ => null,
    };

    private string? Member(IOperation? of, ISymbol member) => KeyOf(of) is { } path ? $"{path}.{member.Name}" : null;

    /// <summary>Whether reading a property computes nothing: it has no body, or is one of the framework's that are known.</summary>
    private bool IsPlain(IPropertySymbol property) => property.DeclaringSyntaxReferences.Length > 0
        ? property.GetMethod?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is AccessorDeclarationSyntax { Body: null, ExpressionBody: null }
        : property.Name is "Length" or "Span" or "Values" or "Gradients";

    private static ISymbol? SymbolOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation member => member.Member,
        IArrayElementReferenceOperation element => SymbolOf(element.ArrayReference),
        IParenthesizedOperation parenthesized => SymbolOf(parenthesized.Operand),
        _ => null,
    };

    private static ISymbol? RootOf(IOperation path) => path switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation => SymbolOf(path),
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } => SymbolOf(path),
        _ => null,
    };

    /// <summary>Whether a type is the rule's element; the first number of the loop decides which that is.</summary>
    private bool IsElement(ITypeSymbol? type)
    {
        if (type?.SpecialType is not (SpecialType.System_Single or SpecialType.System_Double))
        {
            return false;
        }

        element = element == SpecialType.None ? type.SpecialType : element;
        return type.SpecialType == element;
    }

    private bool IsElementOrTruth(IOperation operation) => operation.Type?.SpecialType == SpecialType.System_Boolean || IsElement(operation.Type);

    /// <summary>A whole number that is exact as an element: a small constant, a choice between two, or a sign.</summary>
    private static bool IsWhole(IOperation operation) => operation switch
    {
        { Type.SpecialType: not SpecialType.System_Int32 } => false,
        ILiteralOperation { ConstantValue.Value: int value } => value is >= 0 and <= 1 << 24,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus, Operand: ILiteralOperation literal } => IsWhole(literal),
        IParenthesizedOperation parenthesized => IsWhole(parenthesized.Operand),
        IConditionalOperation { WhenFalse: { } whenFalse } conditional => IsWhole(conditional.WhenTrue) && IsWhole(whenFalse),
        IInvocationOperation { TargetMethod.Name: "Sign" } => true,
        _ => false,
    };

    private static bool IsArithmetic(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide;

    private static bool IsKnown(BinaryOperatorKind kind) => IsArithmetic(kind)
        || kind is BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual
            or BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals or BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr;
}
