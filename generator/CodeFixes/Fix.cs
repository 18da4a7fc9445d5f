using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Editing;

namespace OptimGen.CodeFixes;

/// <summary>One change that makes a diagnostic go away.</summary>
/// <param name="Title">What the user clicks on.</param>
/// <param name="Kind">What it has in common with the fixes of other diagnostics that are made together with it.</param>
/// <param name="Apply">Makes the change. It looks at the nodes as they are by then, since other fixes may have changed them.</param>
/// <param name="Change">What is changed, if other diagnostics may ask for the same: of several with an equal one the first alone is made.</param>
internal sealed record Fix(string Title, string Kind, Action<SyntaxEditor> Apply, object? Change = null);

/// <summary>A diagnostic and the file it is in.</summary>
/// <param name="Diagnostic">The diagnostic.</param>
/// <param name="Root">The file.</param>
/// <param name="Model">The meaning of what is in the file.</param>
/// <param name="Cancellation">Stops the work.</param>
internal sealed record FixContext(Diagnostic Diagnostic, SyntaxNode Root, SemanticModel Model, CancellationToken Cancellation)
{
    /// <summary>The innermost node at the diagnostic's place.</summary>
    public SyntaxNode Node { get; } = Root.FindNode(Diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);

    /// <summary>What the generator says beside the message: see <c>FixData</c>.</summary>
    public string? this[string key] => Diagnostic.Properties.TryGetValue(key, out string? value) ? value : null;
}
