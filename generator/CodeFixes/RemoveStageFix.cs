using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.CodeFixes;

/// <summary>OPTG010 to OPTG015, OPTG026 and OPTG027: of the stages or options that are in each other's way, one goes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveStageFix)), Shared]
public sealed class RemoveStageFix : OptimizerFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ["OPTG010", "OPTG011", "OPTG012", "OPTG013", "OPTG014", "OPTG015", "OPTG026", "OPTG027"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        if (context.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { Parent.Parent: { } owner } found)
        {
            yield break;
        }

        string[] stages = context[FixData.Stages]?.Split(',') ?? [];
        for (int i = 0; i < stages.Length; i++)
        {
            if ((i == 0 ? found : Named(owner, stages[i])) is { } attribute)
            {
                yield return new Fix($"Remove [{stages[i]}]", i == 0 ? "this" : "other", editor => Remove(editor, attribute), attribute);
            }
        }

        foreach (string name in context[FixData.Arguments]?.Split(',') ?? [])
        {
            if (found.ArgumentList?.Arguments.FirstOrDefault(one => one.NameEquals?.Name.Identifier.ValueText == name) is { } argument)
            {
                yield return new Fix($"Remove {name}", name, editor => editor.ReplaceNode(found, (current, _) => Without((AttributeSyntax)current, name)), argument);
            }
        }
    }

    private static AttributeSyntax? Named(SyntaxNode owner, string name) => owner.ChildNodes().OfType<AttributeListSyntax>()
        .SelectMany(list => list.Attributes)
        .FirstOrDefault(one => one.Name.ToString().Split('.').Last() is var written && (written == name || written == name + "Attribute"));

    private static AttributeSyntax Without(AttributeSyntax attribute, string argument)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> rest = attribute.ArgumentList!.Arguments;
        rest = rest.RemoveAt(rest.IndexOf(one => one.NameEquals?.Name.Identifier.ValueText == argument));
        return attribute.WithArgumentList(rest.Count > 0 ? attribute.ArgumentList.WithArguments(rest) : null);
    }

    /// <summary>The attribute, and its list with it if it is alone there; what stands in front of the declaration stays.</summary>
    private static void Remove(SyntaxEditor editor, AttributeSyntax attribute)
    {
        SyntaxNode owner = attribute.Parent!.Parent!;
        SyntaxTriviaList leading = owner.GetLeadingTrivia();
        editor.RemoveNode(attribute, SyntaxRemoveOptions.KeepUnbalancedDirectives);
        editor.ReplaceNode(owner, (current, _) => current.WithLeadingTrivia(leading));
    }
}
