using System.Reflection;
using System.Runtime.Loader;

namespace OptimGen.Generator.Tests.Compilers;

/// <summary>A version of the compiler other than the one that these tests are built against, and the generator beside it.</summary>
internal sealed class OtherCompiler : AssemblyLoadContext
{
    private static readonly string[] Compiler = ["Microsoft.CodeAnalysis", "Microsoft.CodeAnalysis.CSharp"];
    private readonly Dictionary<string, string> paths;

    private OtherCompiler(IEnumerable<string> compilerPaths)
        // What could be unloaded would not use the machine code that the SDK's compiler brings.
        : base("Compiler", isCollectible: false)
    {
        paths = compilerPaths.Append(typeof(CompilerRun).Assembly.Location).Append(GeneratorPath).ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => path);
    }

    public static string GeneratorPath { get; } = typeof(OptimizerGenerator).Assembly.Location;

    /// <summary>The version that the generator refers to, which is the oldest that loads it.</summary>
    public static Version OldestVersion { get; } =
        typeof(OptimizerGenerator).Assembly.GetReferencedAssemblies().Single(one => one.Name == Compiler[0]).Version!;

    /// <summary>The compiler that the generator is built against, from the folder of packages.</summary>
    public static OtherCompiler Oldest() => new(Compiler.Select(name => Path.Combine(
        PackageFolder, name == Compiler[0] ? "microsoft.codeanalysis.common" : name.ToLowerInvariant(), OldestVersion.ToString(3), "lib", "net7.0", name + ".dll")));

    /// <summary>The compiler of the newest SDK that is installed beside the runtime of this process.</summary>
    public static OtherCompiler OfSdk()
    {
        string sdks = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "sdk"));
        string newest = Directory.GetDirectories(sdks)
            .Where(folder => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out _) && Directory.Exists(Path.Combine(folder, "Roslyn", "bincore")))
            .MaxBy(folder => Version.Parse(Path.GetFileName(folder).Split('-')[0])) ?? throw new DirectoryNotFoundException($"No SDK in {sdks}.");
        return new OtherCompiler(Compiler.Select(name => Path.Combine(newest, "Roslyn", "bincore", name + ".dll")));
    }

    /// <summary>The version of the compiler.</summary>
    public Version CompilerVersion => LoadFromAssemblyName(new AssemblyName(Compiler[0])).GetName().Version!;

    /// <summary><see cref="CompilerRun.Generate"/> by this compiler.</summary>
    public string[][] Generate(string[] sources, string[] references) => (string[][])Call(nameof(CompilerRun.Generate), GeneratorPath, sources, references)!;

    /// <summary><see cref="CompilerRun.Load"/> by this compiler.</summary>
    public string[] Load(string path) => (string[])Call(nameof(CompilerRun.Load), path)!;

    protected override Assembly? Load(AssemblyName assemblyName) => paths.TryGetValue(assemblyName.Name!, out string? path) ? LoadFromAssemblyPath(path) : null;

    private static string PackageFolder { get; } =
        typeof(OtherCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "PackageFolder").Value!;

    private object? Call(string method, params object[] arguments) =>
        LoadFromAssemblyName(typeof(CompilerRun).Assembly.GetName()).GetType(typeof(CompilerRun).FullName!, throwOnError: true)!
            .GetMethod(method, BindingFlags.Static | BindingFlags.Public)!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
