using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace OptimGen.Package.Tests;

/// <summary>The tests that share one package, and what is built with it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPackage : ICollectionFixture<PackedPackage>
{
    public const string Name = "package";
}

/// <summary>The package, packed from a copy of the repository that nothing was built in, with a folder for projects that use it.</summary>
public sealed class PackedPackage : IDisposable
{
    /// <summary>What the copy is made of, beside the files of the repository's root.</summary>
    private static readonly string[] Sources = ["generator", "runtime", "samples/Digits", "samples/Templates", "samples/TorchStep", "tests/OptimGen.Benchmarks"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("optimgen-package-");
    private readonly Lazy<ConsumerRun> reference;
    private readonly Lazy<string> templates;

    public PackedPackage()
    {
        try
        {
            Version = $"0.1.0-test.{DateTime.UtcNow.Ticks}";
            CopyRepository(Metadata("Repository"), FolderOf("repository"));
            Feed = Path.Combine(folder.FullName, "feed");
            Pack("runtime");

            // Above all consumers: where packages are from, and where they go, so that the machine's own package folder stays as it is.
            new XElement("Project", new XElement("PropertyGroup",
                new XElement("OptimGenVersion", Version),
                new XElement("RestoreSources", Feed),
                new XElement("RestorePackagesPath", Path.Combine(folder.FullName, "packages")),
                // The SDK's own packs, for publishing; install.sh puts them there.
                new XElement("RestoreFallbackFolders", Metadata("PackageFolder"))))
                .Save(Path.Combine(folder.FullName, "Directory.Build.props"));
            Reference = new ConsumerProject(this, "reference", "net10.0");
            reference = new(() =>
            {
                Reference.Build();
                return Reference.Run();
            });
            templates = new(() =>
            {
                Pack("samples/Templates");
                return PathOf("OptimGen.Templates");
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A version that no package folder has seen.</summary>
    internal string Version { get; }

    /// <summary>The folder that the package is in.</summary>
    internal string Feed { get; }

    /// <summary>A console application that uses the package; built and run once, with the instruction set that it chooses itself.</summary>
    internal ConsumerProject Reference { get; }

    internal ConsumerRun ReferenceRun => reference.Value;

    internal string FolderOf(string name) => Path.Combine(folder.FullName, name);

    internal ZipArchive Open() => ZipFile.OpenRead(PathOf("OptimGen"));

    /// <summary>The path of the package of templates, which refer to this version.</summary>
    internal string Templates => templates.Value;

    public void Dispose() => folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(Feed, $"{name}.{Version}.nupkg");

    /// <summary>Packs a project of the copy into the feed.</summary>
    private void Pack(string project) => Toolchain.RunDotNet(
        FolderOf("repository"), "pack", "-c", "Release", project, "-o", Feed, "-p:Version=" + Version,
        // Otherwise this test would need the network where the build did not.
        "-p:NuGetAudit=false").Clean();

    private static string Metadata(string key) =>
        typeof(PackedPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;

    private static void CopyRepository(string repository, string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(repository).Where(file => Path.GetFileName(file) != ".git"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        foreach (string source in Sources)
        {
            CopyFolder(Path.Combine(repository, source), Path.Combine(copy, source));
        }
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string child in Directory.GetDirectories(from).Where(child => Path.GetFileName(child) is not ("bin" or "obj")))
        {
            CopyFolder(child, Path.Combine(to, Path.GetFileName(child)));
        }
    }
}
