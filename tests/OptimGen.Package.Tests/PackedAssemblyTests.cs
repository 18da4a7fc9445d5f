using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace OptimGen.Package.Tests;

/// <summary>What a debugger and an editor find in the packed assembly of each framework.</summary>
[Collection(SharedPackage.Name)]
public sealed class PackedAssemblyTests(PackedPackage package)
{
    /// <summary>The custom debug information of a document that holds its text. Source: the specification of portable PDB files, "Embedded Source".</summary>
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Theory]
    [InlineData("net9.0")]
    [InlineData("net10.0")]
    public void Symbols_hold_every_source_with_the_kernels_and_no_path_of_the_machine(string framework)
    {
        using PEReader assembly = Open(framework);
        DebugDirectoryEntry[] entries = [.. assembly.ReadDebugDirectory()];
        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        DebugDirectoryEntry embedded = Assert.Single(entries, entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using MetadataReaderProvider provider = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);

        Dictionary<string, string?> sources = SourcesOf(provider.GetMetadataReader());

        Assert.All(sources, source => Assert.StartsWith("/_/", source.Key, StringComparison.Ordinal));
        Assert.All(sources, source => Assert.False(string.IsNullOrEmpty(source.Value), $"{source.Key} has no source"));
        string[] files = Directory.GetFiles(package.FolderOf("repository/runtime"), "*.cs", SearchOption.AllDirectories);
        string[] written = [.. files.Select(file => Path.GetRelativePath(package.FolderOf("repository"), file).Replace('\\', '/')).Where(file => !file.Contains("/obj/", StringComparison.Ordinal))];
        Assert.True(written.Length > 100);
        Assert.All(written, file => Assert.Equal(File.ReadAllText(package.FolderOf("repository/" + file)), sources["/_/" + file]));
        Assert.Contains(sources, source => source.Key.EndsWith(".g.cs", StringComparison.Ordinal) && source.Value!.Contains("class AdamW", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("net9.0")]
    [InlineData("net10.0")]
    public void Documentation_describes_every_public_type(string framework)
    {
        using PEReader assembly = Open(framework);
        MetadataReader metadata = assembly.GetMetadataReader();
        string[] types =
        [
            .. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                .Select(type => $"T:{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"),
        ];
        using ZipArchive archive = package.Open();
        using Stream stream = archive.GetEntry($"lib/{framework}/OptimGen.xml")!.Open();
        HashSet<string?> described =
        [
            .. XDocument.Load(stream).Descendants("member").Where(member => !string.IsNullOrWhiteSpace(member.Value) || member.Elements("inheritdoc").Any())
                .Select(member => member.Attribute("name")?.Value),
        ];

        Assert.True(types.Length > 100);
        Assert.All(types, type => Assert.Contains(type, described));
    }

    private PEReader Open(string framework)
    {
        using ZipArchive archive = package.Open();
        using Stream stream = archive.GetEntry($"lib/{framework}/OptimGen.dll")!.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return new PEReader(copy);
    }

    /// <summary>The text of each document of the symbols, by its path; <see langword="null"/> where the symbols have none.</summary>
    private static Dictionary<string, string?> SourcesOf(MetadataReader symbols) => symbols.Documents.ToDictionary(
        document => symbols.GetString(symbols.GetDocument(document).Name),
        document => symbols.GetCustomDebugInformation(document).Select(symbols.GetCustomDebugInformation)
            .Where(information => symbols.GetGuid(information.Kind) == EmbeddedSource)
            .Select(information => TextOf(symbols.GetBlobBytes(information.Value))).SingleOrDefault());

    /// <summary>The text of a blob: the length when inflated, or 0 for bytes that are not deflated; and then the bytes.</summary>
    private static string TextOf(byte[] blob)
    {
        Stream bytes = new MemoryStream(blob, sizeof(int), blob.Length - sizeof(int));
        if (BitConverter.ToInt32(blob) > 0)
        {
            bytes = new DeflateStream(bytes, CompressionMode.Decompress);
        }

        using var reader = new StreamReader(bytes);
        return reader.ReadToEnd();
    }
}
