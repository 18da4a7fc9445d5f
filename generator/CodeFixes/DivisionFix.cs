using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OptimGen.Generator.Diagnostics;

namespace OptimGen.CodeFixes;

/// <summary>OPTG037: the dividend of whole numbers becomes one of the type that the quotient is used in: 1 / 2 → 1f / 2.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DivisionFix)), Shared]
public sealed class DivisionFix : OptimizerFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["OPTG037"];

    private protected override IEnumerable<Fix> FixesFor(FixContext context)
    {
        if (context[FixData.Element] is { } type && context.Node.FirstAncestorOrSelf<BinaryExpressionSyntax>(one => one.IsKind(SyntaxKind.DivideExpression)) is { Left: var dividend })
        {
            yield return new Fix($"Divide as {type}", "divide", editor => editor.ReplaceNode(dividend, (current, _) =>
                SyntaxFactory.ParseExpression(TextOf((ExpressionSyntax)current.WithoutTrivia(), type)).WithTriviaFrom(current)));
        }
    }

    /// <summary>A constant in the other type, or a cast, which binds stronger than the division.</summary>
    private static string TextOf(ExpressionSyntax dividend, string type) => dividend switch
    {
        LiteralExpressionSyntax { Token.Value: int, Token.Text: var digits } when digits.All(char.IsDigit) => digits + (type == "float" ? "f" : ".0"),
        BinaryExpressionSyntax => $"({type})({dividend})",
        _ => $"({type}){dividend}",
    };
}
