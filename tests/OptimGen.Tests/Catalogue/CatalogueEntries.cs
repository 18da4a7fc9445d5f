using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>The optimizers of the catalogue. All tests of the catalogue run for each entry.</summary>
internal static partial class CatalogueEntries
{
    public static IEnumerable<CatalogueEntry> All => [.. Classic, .. Modern];

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => new(All.Select(entry => entry.Name));

    /// <summary>Their names, each with every instruction set of this machine.</summary>
    public static TheoryData<string, InstructionSet> OnEverySet => EverySet.Of(All.Select(entry => entry.Name));

    public static CatalogueEntry Of(string name) => All.Single(entry => entry.Name == name);
}
