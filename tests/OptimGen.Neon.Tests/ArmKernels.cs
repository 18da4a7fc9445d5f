using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OptimGen.Generator;

namespace OptimGen.Neon.Tests;

/// <summary>The NEON kernels of <c>Rules.cs</c> as Arm machine code: where each stands in the image, and its listing.</summary>
internal sealed partial class ArmKernels
{
    private const string AssemblyName = "Kernels";
    private const string KernelClass = "NeonKernel";

    private readonly Dictionary<string, int> addresses;
    private readonly Dictionary<string, string> listings;

    private readonly Dictionary<string, string> sources;

    private ArmKernels(
        string folder, Dictionary<string, int> addresses, Dictionary<string, string> listings, Dictionary<string, string> sources)
    {
        Folder = folder;
        this.addresses = addresses;
        this.listings = listings;
        this.sources = sources;
    }

    /// <summary>Where the image, the loader and the listing lie; it stays after the tests, to look at.</summary>
    public string Folder { get; }

    public static string Image => AssemblyName + "-arm64.dll";

    public static string Loader => "loader";

    /// <summary>The names of the kernels of a rule.</summary>
    public IReadOnlyList<string> Of(Type rule) =>
        [.. addresses.Keys.Where(name => name.StartsWith(Mangled(rule), StringComparison.Ordinal)).Select(name => name[Mangled(rule).Length..])];

    /// <summary>The relative virtual address of a kernel in the image.</summary>
    public int AddressOf(Type rule, string kernel) => addresses[Mangled(rule) + kernel];

    /// <summary>The machine code of a kernel, as the just-in-time compiler prints it.</summary>
    public string ListingOf(Type rule, string kernel) => listings[$"{rule.FullName}+{KernelClass}:{kernel}"];

    /// <summary>The generated C# of a rule's NEON kernels.</summary>
    public string SourceOf(Type rule) => sources[rule.FullName + ".Neon.g.cs"];

    public static ArmKernels Build(Toolchain tools)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "arm64");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "loader.c"), Resource("loader.c"));
        Toolchain.Run(folder, tools.Gcc, "-O1", "-Wall", "-Wextra", "-Werror", "-static", "loader.c", "-o", Loader);

        Dictionary<string, string> sources = CompileToIntermediateLanguage(Path.Combine(folder, AssemblyName + ".dll"));
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Toolchain.Run(
            folder, tools.Crossgen2, AssemblyName + ".dll", "-o", Image, "--targetos:linux", "--targetarch:arm64", "-O", "--map",
            // Without the core library in the bubble, each vector load and store would be a call.
            "--inputbubble", "--inputbubbleref:" + Path.Combine(framework, "System.Private.CoreLib.dll"),
            // And without the runtime, each function of RuleMath.
            "--inputbubbleref:" + typeof(Optimizer).Assembly.Location,
            "-r", Path.Combine(framework, "*.dll"), "-r", typeof(Optimizer).Assembly.Location,
            // One thread, so that the listings of two methods do not mix.
            "--parallelism", "1", "--codegenopt", "JitStdOutFile=" + Path.Combine(folder, "kernels.asm"),
            "--codegenopt", $"JitDisasm=*{KernelClass}:*");

        var addresses = MapLine().Matches(File.ReadAllText(Path.Combine(folder, AssemblyName + "-arm64.map"))).ToDictionary(
            match => match.Groups["name"].Value, match => int.Parse(match.Groups["address"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var listings = Listing().Matches(File.ReadAllText(Path.Combine(folder, "kernels.asm"))).ToDictionary(
            match => match.Groups["name"].Value, match => match.Groups["code"].Value);
        return new ArmKernels(folder, addresses, listings, sources);
    }

    /// <returns>The generated files, by their names.</returns>
    private static Dictionary<string, string> CompileToIntermediateLanguage(string path)
    {
        string[] trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var declarations = CSharpCompilation.Create(
            AssemblyName,
            [CSharpSyntaxTree.ParseText(Resource("Rules.cs"), parsing)],
            trusted.Select(assembly => MetadataReference.CreateFromFile(assembly)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));

        GeneratorDriverRunResult generated = CSharpGeneratorDriver
            .Create([new OptimizerGenerator().AsSourceGenerator()], parseOptions: parsing)
            .RunGenerators(declarations)
            .GetRunResult();

        // crossgen2 leaves out what is marked AggressiveOptimization, for the runtime to compile; it optimizes the others as fully.
        CSharpCompilation compilation = declarations.AddSyntaxTrees(generated.GeneratedTrees.Select(tree => CSharpSyntaxTree.ParseText(
            tree.ToString().Replace("MethodImplOptions.AggressiveOptimization", "MethodImplOptions.NoInlining", StringComparison.Ordinal), parsing)));
        using FileStream file = File.Create(path);
        IEnumerable<Diagnostic> errors = compilation.Emit(file).Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error);
        Assert.Empty(generated.Diagnostics.Concat(errors));
        return generated.GeneratedTrees.ToDictionary(tree => Path.GetFileName(tree.FilePath), tree => tree.ToString());
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>What the map has before the name of each kernel of a rule.</summary>
    private static string Mangled(Type rule) => $"{AssemblyName}_{rule.FullName!.Replace('.', '_').Replace('+', '_')}_{KernelClass}__";

    [GeneratedRegex(@"^0x(?<address>[0-9A-F]+) .*\| (?<name>\w+_NeonKernel__\w+) +\(MethodWithGCInfo\)", RegexOptions.Multiline)]
    private static partial Regex MapLine();

    [GeneratedRegex(@"^; Assembly listing for method (?<name>[^(]+)\((?<code>.*?)^; Total bytes of code", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}
