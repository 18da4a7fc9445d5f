namespace OptimGen.Tests.Catalogue;

internal static partial class CatalogueEntries
{
    public static IEnumerable<CatalogueEntry> Modern { get; } = [];
}
