using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OptimGen.Package.Tests;

[Collection(SharedPackage.Name)]
public sealed partial class PackageTests(PackedPackage package)
{
    /// <summary>Symbols and dependencies of the generator would stand here if they were packed.</summary>
    [Fact]
    public void Holds_both_frameworks_with_documentation_the_generator_and_the_readme()
    {
        using ZipArchive archive = package.Open();
        string[] expected =
        [
            "OptimGen.nuspec",
            "README.md",
            "analyzers/dotnet/cs/OptimGen.CodeFixes.dll",
            "analyzers/dotnet/cs/OptimGen.Generator.dll",
            "buildTransitive/OptimGen.targets",
            "icon.png",
            "lib/net10.0/OptimGen.dll",
            "lib/net10.0/OptimGen.xml",
            "lib/net9.0/OptimGen.dll",
            "lib/net9.0/OptimGen.xml",
        ];
        string[] pages = ["CHANGELOG.md", "generator/", "runtime/docs/", "samples/", "tests/"];
        string[] container = ["[Content_Types].xml", "_rels/", "package/"];

        Assert.Equal(
            expected,
            archive.Entries.Select(entry => entry.FullName).Where(name => !container.Concat(pages).Any(name.StartsWith)).Order(StringComparer.Ordinal));
        Assert.All(archive.Entries, entry => Assert.NotEqual(0, entry.Length));
    }

    /// <summary>The README is shown where packages are, and unpacked beside them: its links lead to pages of the package, and theirs too.</summary>
    [Fact]
    public void Links_of_the_readme_and_its_pages_lead_to_files_of_the_package()
    {
        using ZipArchive archive = package.Open();
        HashSet<string> names = [.. archive.Entries.Select(entry => entry.FullName)];
        ZipArchiveEntry[] pages = [.. archive.Entries.Where(entry => entry.FullName.EndsWith(".md", StringComparison.Ordinal))];

        Assert.True(pages.Length > 5);
        foreach (ZipArchiveEntry page in pages)
        {
            using var reader = new StreamReader(page.Open());
            IEnumerable<string> links = Link().Matches(reader.ReadToEnd()).Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));
            Assert.All(links, link => Assert.Contains(new Uri(new Uri($"file:///{page.FullName}"), link).LocalPath.TrimStart('/'), names));
        }
    }

    [Fact]
    public void Says_what_it_is_and_depends_on_the_interfaces_of_logging_alone()
    {
        using ZipArchive archive = package.Open();
        using Stream stream = archive.GetEntry("OptimGen.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        XNamespace names = metadata.Name.Namespace;

        Assert.Equal("OptimGen", metadata.Element(names + "id")?.Value);
        Assert.Equal(package.Version, metadata.Element(names + "version")?.Value);
        Assert.Equal("README.md", metadata.Element(names + "readme")?.Value);
        Assert.Equal("icon.png", metadata.Element(names + "icon")?.Value);
        Assert.Equal("MIT", metadata.Element(names + "license")?.Value);
        Assert.Equal("expression", metadata.Element(names + "license")?.Attribute("type")?.Value);
        Assert.All(["authors", "description", "tags"], name => Assert.NotEmpty(metadata.Element(names + name)?.Value ?? ""));
        Assert.DoesNotContain("Package Description", metadata.Value, StringComparison.Ordinal);
        Assert.Equal(
            ["net10.0", "net9.0"],
            metadata.Descendants(names + "group").Select(group => group.Attribute("targetFramework")?.Value).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["Microsoft.Extensions.Logging.Abstractions"],
            metadata.Descendants(names + "dependency").Select(dependency => dependency.Attribute("id")?.Value).Distinct());
    }

    /// <summary>The icon is square, and not larger than the 128 pixels that galleries show.</summary>
    [Fact]
    public void The_icon_is_a_square_PNG()
    {
        using ZipArchive archive = package.Open();
        using Stream stream = archive.GetEntry("icon.png")!.Open();
        var header = new byte[24];
        stream.ReadExactly(header);

        Assert.Equal("89504E470D0A1A0A0000000D49484452", Convert.ToHexString(header[..16]));
        Assert.Equal("0000008000000080", Convert.ToHexString(header[16..]));
    }

    [GeneratedRegex(@"\]\(([^)\s#]+)")]
    private static partial Regex Link();
}
