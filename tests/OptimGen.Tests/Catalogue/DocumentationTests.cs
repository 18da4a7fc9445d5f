namespace OptimGen.Tests.Catalogue;

/// <summary>Every optimizer is documented by one template, and the catalogue page's table says what the code says.</summary>
public class DocumentationTests
{
    public static TheoryData<string> Names => new(CatalogueTable.Types.Select(type => type.Name));

    [Theory, MemberData(nameof(Names))]
    public void Remarks_HaveTheSectionsOfTheTemplate(string name)
    {
        Type type = CatalogueTable.Types.Single(type => type.Name == name);
        Assert.NotEqual("", CatalogueTable.Summary(type));
        Assert.All(CatalogueTable.Sections, section => Assert.True(
            CatalogueTable.Section(type, section) != "", $"The remarks of {name} need <para><b>{section}.</b> …</para>; the sections are {string.Join(", ", CatalogueTable.Sections)}."));
    }

    [Theory, MemberData(nameof(Names))]
    public void Class_StandsInAFileOfItsOwn(string name) =>
        Assert.True(File.Exists(Path.Combine(Root(), "runtime", "Catalogue", name + ".cs")));

    [Fact]
    public void CataloguePage_HasTheTableOfTheCatalogue()
    {
        string page = Path.Combine(Root(), "runtime", "docs", "catalogue.md");
        string text = File.Exists(page) ? File.ReadAllText(page).ReplaceLineEndings("\n") : "";
        string want = $"{CatalogueTable.Start}\n{CatalogueTable.Generate()}\n{CatalogueTable.End}";
        int start = text.IndexOf(CatalogueTable.Start, StringComparison.Ordinal), end = text.IndexOf(CatalogueTable.End, StringComparison.Ordinal);
        string got = start >= 0 && end > start ? text[start..(end + CatalogueTable.End.Length)] : "nothing between the markers";
        string received = Path.Combine(AppContext.BaseDirectory, "catalogue.received.md");
        File.WriteAllText(received, want + "\n");
        Assert.True(got == want, $"runtime/docs/catalogue.md does not have the table of the catalogue that the code gives. Put this there (it is also in {received}):\n\n{want}\n");
    }

    /// <summary>The repository's root: the folder above the tests' output that has the solution.</summary>
    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OptimGen.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} has OptimGen.sln.");
    }
}
