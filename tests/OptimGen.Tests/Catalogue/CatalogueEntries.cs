namespace OptimGen.Tests.Catalogue;

/// <summary>The optimizers of the catalogue. One line here brings all the tests of the catalogue.</summary>
internal static partial class CatalogueEntries
{
    public static IEnumerable<CatalogueEntry> All => [.. Classic, .. Modern];

    /// <summary>Their names, for theories.</summary>
    public static TheoryData<string> Names => new(All.Select(entry => entry.Name));

    /// <summary>Their names, each with every instruction set of this machine.</summary>
    public static TheoryData<string, InstructionSet> OnEverySet
    {
        get
        {
            var data = new TheoryData<string, InstructionSet>();
            foreach (CatalogueEntry entry in All)
            {
                foreach (InstructionSet set in InstructionSets.Supported)
                {
                    data.Add(entry.Name, set);
                }
            }

            return data;
        }
    }

    public static CatalogueEntry Of(string name) => All.Single(entry => entry.Name == name);
}
