using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OptimGen.Generator.Diagnostics;
using OptimGen.Generator.Model;
using OptimGen.Generator.Parsing;

namespace OptimGen.CodeFixes.Refactorings;

/// <summary>A class marked [Optimizer] at whose header a refactoring is asked for.</summary>
/// <param name="Document">The file.</param>
/// <param name="Model">Its meaning.</param>
/// <param name="Syntax">The class.</param>
/// <param name="Type">The same as a symbol.</param>
/// <param name="Rule">What it declares, without an error.</param>
internal sealed record OptimizerDeclaration(Document Document, SemanticModel Model, ClassDeclarationSyntax Syntax, INamedTypeSymbol Type, RuleSpec Rule)
{
    /// <summary>The class at the place of a request; <see langword="null"/> if there is none, or it has an error.</summary>
    public static async Task<OptimizerDeclaration?> FindAsync(CodeRefactoringContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || root.FindNode(context.Span).FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } syntax || !HeaderOf(syntax).IntersectsWith(context.Span)
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model
            || model.GetDeclaredSymbol(syntax, context.CancellationToken) is not INamedTypeSymbol type || !KnownAttributes.Has(type, KnownAttributes.Optimizer))
        {
            return null;
        }

        OptimizerSpec? spec = OptimizerParser.Parse(type, model.Compilation, new DiagnosticSink(report: null), context.CancellationToken);
        return spec is { HasErrors: false, Rule: var rule } ? new OptimizerDeclaration(context.Document, model, syntax, type, rule) : null;
    }

    /// <summary>The attributes that stand in this file's part of the class; <see langword="null"/> if another part has some of those that are asked for.</summary>
    public IReadOnlyList<AttributeSyntax>? Attributes(IEnumerable<string> shortNames, CancellationToken cancellation)
    {
        var found = new List<AttributeSyntax>();
        foreach (AttributeData attribute in Type.GetAttributes().Where(one => KnownAttributes.ShortName(one) is { } name && shortNames.Contains(name)))
        {
            if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax || !Syntax.Span.Contains(syntax.Span) || syntax.SyntaxTree != Syntax.SyntaxTree)
            {
                return null;
            }

            found.Add(syntax);
        }

        return found;
    }

    private static TextSpan HeaderOf(ClassDeclarationSyntax type) => TextSpan.FromBounds(
        type.SpanStart, (type.OpenBraceToken.Span is { Length: > 0 } open ? open : type.SemicolonToken.Span).Start);
}
