using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using OptimGen.RandomRules;

namespace OptimGen.Neon.Tests;

/// <summary>
/// The kernels of the catalogue, of <c>Rules.cs</c> and of random rules, compiled once and used twice: the NEON kernels as Arm machine code, and
/// the scalar kernels here.
/// </summary>
internal sealed partial class ArmKernels
{
    public const string Image = AssemblyName + "-arm64.dll";
    public const string Loader = "loader";

    private const string AssemblyName = "OptimGen.Neon.Kernels";
    private const string KernelClass = "NeonKernel";

    private readonly Dictionary<string, ArmKernel[]> kernels;
    private readonly Assembly assembly;

    private ArmKernels(string folder, Assembly assembly, Dictionary<string, ArmKernel[]> kernels) =>
        (Folder, this.assembly, this.kernels) = (folder, assembly, kernels);

    /// <summary>Where the image, the loader and the listing lie; they stay after the tests, to look at.</summary>
    public string Folder { get; }

    public Type Rule(string name) => assembly.GetType(name, throwOnError: true)!;

    /// <summary>The kernels of a rule.</summary>
    public IReadOnlyList<ArmKernel> Of(string rule) => kernels[rule];

    /// <param name="tools">The compilers.</param>
    /// <param name="randomRules">The random rules to compile with the others.</param>
    public static ArmKernels Build(Toolchain tools, IEnumerable<RandomRule> randomRules)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "arm64");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "loader.c"), Resource("loader.c"));
        Toolchain.Run(folder, tools.Gcc, "-O1", "-Wall", "-Wextra", "-Werror", "-static", "loader.c", "-o", Loader);

        GeneratedProject project = Generate(randomRules);
        byte[] image = project.Emit();
        File.WriteAllBytes(Path.Combine(folder, AssemblyName + ".dll"), image);
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
        Assembly assembly = new AssemblyLoadContext(AssemblyName).LoadFromStream(new MemoryStream(image));
        return new ArmKernels(folder, assembly, assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer))).ToDictionary(
            rule => rule.FullName!,
            rule => MethodsOf(rule, KernelClass).Select(method => new ArmKernel
            {
                Name = $"{rule.Name}.{method.Name}",
                Address = addresses[$"{AssemblyName}_{rule.FullName}_{KernelClass}__{method.Name}".Replace('.', '_')],
                Listing = listings[$"{rule.FullName}+{KernelClass}:{method.Name}"],
                Source = project.Generated[rule.FullName + ".Neon.g.cs"],
                Scalar = new ScalarKernel(MethodsOf(rule, "ScalarKernel").Single(scalar => scalar.Name == method.Name)),
            }).ToArray()));
    }

    private static GeneratedProject Generate(IEnumerable<RandomRule> randomRules)
    {
        const string usings = "global using System; global using System.Collections.Generic; global using System.Linq;";
        IEnumerable<string> sources = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".cs", StringComparison.Ordinal))
            .Select(Resource)
            .Select(WithoutInlineArrays);
        return GeneratedProject.Create(
            AssemblyName, [usings, .. sources, .. randomRules.Select(rule => rule.Source)],
            ForArm);
    }

    private static string ForArm(string file)
    {
        string edited = GeneratedProject.Without(InstructionSet.Avx512, GeneratedProject.Without(InstructionSet.Avx2, file))
            // crossgen2 leaves out what is marked AggressiveOptimization, for the runtime to compile; it optimizes the others as fully.
            .Replace("MethodImplOptions.AggressiveOptimization | ", "", StringComparison.Ordinal);
        // A kernel takes the stand-in; what calls it has the phase itself, which is converted where it is not asked to be passed as it is.
        return edited.Contains("private static class ", StringComparison.Ordinal)
            ? edited.Replace("global::OptimGen.StepPhase<", "global::OptimGen.Neon.Tests.PhaseArguments<", StringComparison.Ordinal)
            : edited.Replace("in phase)", "phase)", StringComparison.Ordinal);
    }

    /// <summary>
    /// The lanes of a reduction are an inline array, whose elements the compiler finds through a class that crossgen2 has initialized by a call, and are
    /// summed by another call. Without either, kernels that reduce are leaves.
    /// </summary>
    private static string WithoutInlineArrays(string source) => source
        .Replace("[InlineArray(Count)]", "[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 8 * Count)]", StringComparison.Ordinal)
        .Replace(
            "private double first;",
            """
            private double first;

            [System.Diagnostics.CodeAnalysis.UnscopedRef]
            public ref double this[int index] => ref Unsafe.Add(ref first, index);
            """,
            StringComparison.Ordinal)
        .Replace("public double Sum()", "[MethodImpl(MethodImplOptions.AggressiveInlining)] public double Sum()", StringComparison.Ordinal)
        .Replace("public double Max()", "[MethodImpl(MethodImplOptions.AggressiveInlining)] public double Max()", StringComparison.Ordinal);

    private static MethodInfo[] MethodsOf(Type rule, string kernelClass) => rule
        .GetNestedType(kernelClass, BindingFlags.NonPublic)!
        .GetMethods(BindingFlags.Static | BindingFlags.Public);

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^0x(?<address>[0-9A-F]+) .*\| (?<name>\w+_NeonKernel__\w+) +\(MethodWithGCInfo\)", RegexOptions.Multiline)]
    private static partial Regex MapLine();

    [GeneratedRegex(@"^; Assembly listing for method (?<name>[^(]+)\((?<code>.*?)^; Total bytes of code", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}

/// <summary>A NEON kernel.</summary>
internal sealed partial record ArmKernel
{
    /// <summary>The rule's name and the method's.</summary>
    public required string Name { get; init; }

    /// <summary>The relative virtual address in the image.</summary>
    public required int Address { get; init; }

    /// <summary>The machine code, as the just-in-time compiler prints it.</summary>
    public required string Listing { get; init; }

    /// <summary>The generated C# of the rule's NEON kernels.</summary>
    public required string Source { get; init; }

    /// <summary>The scalar kernel of the same name.</summary>
    public required ScalarKernel Scalar { get; init; }

    /// <summary>Whether it calls nothing. What it calls would have to be found by a runtime, which the loader has none of.</summary>
    public bool IsLeaf => !Call().IsMatch(Listing);

    [GeneratedRegex(@"\bblr?\s")]
    private static partial Regex Call();
}
