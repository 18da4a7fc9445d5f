using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Editing;

namespace OptimGen.CodeFixes;

/// <summary>Offers fixes for diagnostics of the generator, one at a time or all in a file, project or solution.</summary>
public abstract class OptimizerFixProvider : CodeFixProvider
{
    private protected OptimizerFixProvider()
    {
    }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(
        async (context, document, diagnostics) => await FixAsync(document, diagnostics, context.CodeActionEquivalenceKey, context.CancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach (Fix fix in FixesFor(new FixContext(diagnostic, root, model, context.CancellationToken)))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(fix.Title, cancellation => FixAsync(context.Document, [diagnostic], fix.Kind, cancellation), equivalenceKey: fix.Kind), diagnostic);
            }
        }
    }

    /// <summary>What can be done about a diagnostic; nothing where it does not apply.</summary>
    private protected abstract IEnumerable<Fix> FixesFor(FixContext context);

    private async Task<Document> FixAsync(Document document, IEnumerable<Diagnostic> diagnostics, string? kind, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        var editor = new SyntaxEditor(root, document.Project.Solution.Services);
        var made = new HashSet<object>();
        foreach (Diagnostic diagnostic in diagnostics.OrderBy(one => one.Location.SourceSpan.Start))
        {
            Fix? fix = FixesFor(new FixContext(diagnostic, root, model, cancellation)).FirstOrDefault(one => one.Kind == kind);
            if (fix is not null && (fix.Change is null || made.Add(fix.Change)))
            {
                fix.Apply(editor);
            }
        }

        return document.WithSyntaxRoot(editor.GetChangedRoot());
    }
}
