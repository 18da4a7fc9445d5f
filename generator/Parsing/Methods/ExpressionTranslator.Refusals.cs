using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing.Methods;

/// <summary>What is said of an expression or statement that is not of the rule language.</summary>
internal sealed partial class ExpressionTranslator
{
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

    private Expression? Refused(IOperation operation)
    {
        if (operation.Type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double && operation.Type.SpecialType != special)
        {
            sink.ReportFixable(
                Descriptors.MixedPrecision, operation.Syntax.GetLocation(), FixData.Of((FixData.Element, keyword)), Shorten(operation.Syntax), operation.Type.ToDisplayString(), keyword);
            return null;
        }

        Refuse(operation);
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
                sink.ReportFixable(
                    Descriptors.MixedPrecision, culprit.Syntax.GetLocation(), FixData.Of((FixData.Element, keyword)), Shorten(culprit.Syntax), culprit.Type.ToDisplayString(), keyword);
            }
        }
    }

    private IEnumerable<IOperation> Culprits(IOperation operation) => operation switch
    {
        IConversionOperation { IsImplicit: false, Operand.Type.SpecialType: var from } when from == special => [operation],
        IConversionOperation or IParenthesizedOperation or IUnaryOperation or IBinaryOperation or IConditionalOperation =>
            operation.ChildOperations.SelectMany(Culprits),
        _ when operation.Type?.SpecialType == special || operation.Type?.SpecialType == SpecialType.System_Boolean => [],
        ILiteralOperation { Type.SpecialType: SpecialType.System_Int32 } => [],
        _ => [operation],
    };

    private string AdviceFor(IOperation operation) => operation switch
    {
        ILoopOperation => "a rule has no loops; write each turn, or reduce over the elements with [Reduce]",
        ISwitchOperation or ISwitchExpressionOperation => "a rule has no switch; write if and else, or ?:",
        IThrowOperation => "a rule cannot throw; bound a hyperparameter with [Hyperparameter(Min = …, Max = …)]",
        IPropertyReferenceOperation { Property: { IsStatic: false } property } when KnownAttributes.Has(property, KnownAttributes.Hyperparameter) =>
            $"a rule is static; take the hyperparameter as a parameter named '{Identifier.Uncapitalize(property.Name)}'",
        IPropertyReferenceOperation => "a rule reads no properties; take a [Hyperparameter] as a parameter, or read a static readonly field",
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when field.Type.SpecialType == special && FieldScalars.IsObsoleteAsError(field) =>
            "it is [Obsolete] as an error, and the generated code reads it; let it be a warning",
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } field } when field.Type.SpecialType == special =>
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

    public static string Shorten(SyntaxNode syntax)
    {
        string text = string.Join(" ", syntax.ToString().Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 60 ? text.Substring(0, 57) + "…" : text;
    }
}
