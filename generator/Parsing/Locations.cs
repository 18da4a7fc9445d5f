using Microsoft.CodeAnalysis;

namespace OptimGen.Generator.Parsing;

/// <summary>Where in the source a finding is shown.</summary>
internal static class Locations
{
    public static Location? Of(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource);

    public static Location? Of(AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation();
}
