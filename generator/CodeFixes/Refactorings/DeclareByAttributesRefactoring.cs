using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing;
using OptimGen.Generator.Stages;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>
/// From a method to the stack of attributes that gives the same bits, where there is one: the step of both is compared, operation by operation. A method that rounds
/// where the stages do not, without <c>Contract = true</c>, is none of them.
/// </summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(DeclareByAttributesRefactoring)), Shared]
public sealed class DeclareByAttributesRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await OptimizerDeclaration.FindAsync(context).ConfigureAwait(false) is not { Rule.IsMethod: true, Rule.ScalarStates.Count: 0 } declaration
            || PerStepScalars.Inline(declaration.Rule, declaration.Type, declaration.Model.Compilation, context.CancellationToken) is not { } rule
            || KnownStacks.Find(rule) is not { } match || !AreInRange(rule, match)
            || declaration.Attributes([KnownAttributes.Optimizer], context.CancellationToken) is not [var optimizer]
            || Parts(declaration, context.CancellationToken) is not { } parts)
        {
            return;
        }

        string[] renamed =
        [
            .. match.Rule.Hyperparameters.Select((one, i) => (From: rule.Hyperparameters[match.HyperparameterOf[i]].Name, To: one.Name))
                .Concat(match.Rule.States.Select((one, i) => (From: rule.States[match.StateOf[i]].Name, To: one.Name)))
                .Where(one => one.From != one.To).Select(one => $"{one.From} becomes {one.To}"),
        ];
        string attributes = AttributesOf(optimizer, match, rule);
        context.RegisterRefactoring(CodeAction.Create(
            "Declare the rule by attributes" + (renamed.Length > 0 ? $" ({string.Join(", ", renamed)})" : ""),
            cancellation => ApplyAsync(declaration, optimizer, attributes, parts, cancellation), nameof(DeclareByAttributesRefactoring)));
    }

    /// <summary>Whether the stages would take the initial values.</summary>
    private static bool AreInRange(RuleSpec rule, KnownStacks.Match match) => match.Rule.Hyperparameters
        .Select((one, i) => one.Range.Contains(rule.Hyperparameters[match.HyperparameterOf[i]].Default)).All(isInRange => isInRange);

    /// <summary>The members that the attributes stand for; <see langword="null"/> if one of them is in another part of the class.</summary>
    private static List<MemberDeclarationSyntax>? Parts(OptimizerDeclaration declaration, CancellationToken cancellation)
    {
        string[] marks = [KnownAttributes.UpdateRule, KnownAttributes.PerStep, KnownAttributes.Hyperparameter];
        var parts = new List<MemberDeclarationSyntax>();
        foreach (ISymbol member in declaration.Type.GetMembers().Where(member => marks.Any(mark => KnownAttributes.Has(member, mark))))
        {
            if (member.DeclaringSyntaxReferences is not [var reference] || reference.GetSyntax(cancellation) is not MemberDeclarationSyntax syntax || syntax.Parent != declaration.Syntax)
            {
                return null;
            }

            parts.Add(syntax);
        }

        return parts;
    }

    private static async Task<Document> ApplyAsync(
        OptimizerDeclaration declaration, AttributeSyntax optimizer, string attributes, List<MemberDeclarationSyntax> parts, CancellationToken cancellation)
    {
        ClassDeclarationSyntax type = declaration.Syntax;
        SourceText source = await declaration.Document.GetTextAsync(cancellation).ConfigureAwait(false);
        var changes = new List<TextChange>(AttributeChanges.Of(type, [], one => one == optimizer ? attributes : null));
        bool hasMore = parts.Count < type.Members.Count || type.CloseBraceToken.LeadingTrivia.Any(one => !one.IsKind(SyntaxKind.WhitespaceTrivia) && !one.IsKind(SyntaxKind.EndOfLineTrivia));
        if (!hasMore && ((CSharpParseOptions)type.SyntaxTree.Options).LanguageVersion >= LanguageVersion.CSharp12)
        {
            changes.Add(new TextChange(TextSpan.FromBounds(type.OpenBraceToken.GetPreviousToken().Span.End, type.CloseBraceToken.Span.End), ";"));
        }
        else
        {
            changes.AddRange(parts.Select(part => new TextChange(part.FullSpan, "")));
        }

        return declaration.Document.WithText(source.WithChanges(changes));
    }

    private static string AttributesOf(AttributeSyntax optimizer, KnownStacks.Match match, RuleSpec rule)
    {
        string Value(string name) => ShortestDecimal.Of(rule.Hyperparameters[match.HyperparameterOf[Position(name)]].Default);
        int Position(string name) => match.Rule.Hyperparameters.Select((one, i) => (one, i)).First(one => one.one.Name == name).i;

        StageSet stages = match.Stages;
        IEnumerable<string> ofOptimizer =
        [
            .. stages.TrackAverage ? Array.Empty<string>() : ["LearningRate = " + Value("LearningRate")],
            .. rule.ElementType == ElementType.Double ? ["ElementType = typeof(double)"] : Array.Empty<string>(),
            .. optimizer.ArgumentList?.Arguments.Where(one => one.NameEquals?.Name.Identifier.ValueText is not ("LearningRate" or "ElementType" or "Contract")).Select(one => one.ToString()) ?? [],
        ];
        string Epsilon(EpsilonSpec epsilon) => $", Epsilon = {Value("Epsilon")}{(epsilon.InsideRoot ? ", EpsilonPlacement = EpsilonPlacement.InsideRoot" : "")}";

        string? first = stages.Ewa is { } ewa ? $"Ewa({Value("Beta1")}{(ewa.Nesterov ? ", Nesterov = true" : "")})"
            : stages.HeavyBall is { } ball ? $"HeavyBall({Value("Momentum")}{(ball.Nesterov ? ", Nesterov = true" : "")})" : null;
        string? second = stages.RmsNormalize is { } rms
                ? $"RmsNormalize({Value("Beta2")}{Epsilon(rms.Epsilon)}{(rms.Centered ? ", Centered = true" : "")}{(rms.AmsGrad ? ", AmsGrad = true" : "")})"
            : stages.AdagradNormalize is { } adagrad ? $"AdagradNormalize(AdagradForm.{(adagrad.Mean ? "Mean" : "Sum")}{Epsilon(adagrad.Epsilon)})"
            : stages.InfinityNormalize is { } infinity ? $"InfinityNormalize({Value("Beta2")}{Epsilon(infinity.Epsilon)})" : null;
        IEnumerable<string?> all =
        [
            ofOptimizer.Any() ? $"{optimizer.Name}({string.Join(", ", ofOptimizer)})" : optimizer.Name.ToString(),
            stages.ClipValue is null ? null : $"ClipByValue({Value("ClipValue")})",
            stages.WeightDecay is null ? null : $"WeightDecay({Value("WeightDecay")})",
            first, second,
            stages.BiasCorrectedSteps is null ? null : "BiasCorrection",
            stages.DecoupledWeightDecay is null ? null : $"DecoupledWeightDecay({Value("WeightDecay")})",
            stages.SignUpdate ? "SignUpdate" : null,
            stages.TrackAverage ? "TrackAverage" : null,
        ];

        // As [Optimizer] is written: with the namespace or without it.
        string qualifier = optimizer.Name is QualifiedNameSyntax or AliasQualifiedNameSyntax ? optimizer.Name.ToString().Substring(0, optimizer.Name.ToString().LastIndexOf('.') + 1) : "";
        return string.Join(", ", all.OfType<string>().Select((one, i) => i == 0 ? one : qualifier + one
            .Replace("AdagradForm.", qualifier + "AdagradForm.").Replace("= EpsilonPlacement.", $"= {qualifier}EpsilonPlacement.")));
    }
}
