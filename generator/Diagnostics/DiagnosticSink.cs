using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OptimGen.Generator.Diagnostics;

/// <summary>
/// Where a parser leaves its findings. The analyzer passes them on, at their places in the source, so that a pragma can silence them;
/// the generator runs the same parser and only needs to know whether there was an error.
/// </summary>
internal sealed class DiagnosticSink(Action<Diagnostic>? report)
{
    private readonly HashSet<(Location?, string)> reported = [];

    public bool HasErrors { get; private set; }

    /// <summary>Whether findings are passed on. If not, only errors matter, and what is a warning need not be looked for.</summary>
    public bool Reports => report is not null;

    /// <summary>Notes an error that the compiler reports itself.</summary>
    public void FailSilently() => HasErrors = true;

    public void Report(DiagnosticDescriptor descriptor, Location? location, params object[] arguments) =>
        ReportFixable(descriptor, location, ImmutableDictionary<string, string?>.Empty, arguments);

    /// <param name="descriptor">What is found.</param>
    /// <param name="location">Where.</param>
    /// <param name="fix">What a code fix needs to know: see <see cref="FixData"/>.</param>
    /// <param name="arguments">What the message names.</param>
    public void ReportFixable(DiagnosticDescriptor descriptor, Location? location, ImmutableDictionary<string, string?> fix, params object[] arguments)
    {
        HasErrors |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        // A method that is called twice is read twice.
        if (report is null || !reported.Add((location, descriptor.Id + string.Join("\n", arguments))))
        {
            return;
        }

        report(Diagnostic.Create(descriptor, location ?? Location.None, fix, arguments));
    }
}
