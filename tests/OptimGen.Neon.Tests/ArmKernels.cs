using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using OptimGen.RandomRules;

namespace OptimGen.Neon.Tests;

/// <summary>
/// The kernels of the catalogue, of <c>Rules.cs</c> and of random rules, compiled once and used twice: as Arm machine code, and the scalar kernels
/// here.
/// </summary>
internal sealed partial class ArmKernels
{
    public const string Image = AssemblyName + "-arm64.dll";
    public const string Loader = "loader";

    private const int RandomRuleCount = 60;
    private const string AssemblyName = "OptimGen.Neon.Kernels";
    private const string VectorClass = "NeonKernels";
    private const string ScalarClass = "ScalarKernels";
    private const string RowStreams = "RowStreams";

    private static ArmKernels? built;
    private static bool isBuilt;
    private static object? building;

    private readonly Dictionary<string, ArmKernel[]> kernels;
    private readonly Assembly assembly;

    private ArmKernels(string folder, Assembly assembly, Dictionary<string, ArmKernel[]> kernels, Dictionary<string, ArmMethod> codec) =>
        (Folder, this.assembly, this.kernels, Codec) = (folder, assembly, kernels, codec);

    /// <summary>The functions of <c>Codec.cs</c>, by their names.</summary>
    public IReadOnlyDictionary<string, ArmMethod> Codec { get; }

    /// <summary>The random rules that are compiled with the others.</summary>
    public static IReadOnlyList<RandomRule> RandomRules { get; } = RandomRule.Draw(RandomRule.DefaultSeed, 0, RandomRuleCount);

    /// <summary>Where the image, the loader and the listing lie; they stay after the tests, to look at.</summary>
    public string Folder { get; }

    public Type Rule(string name) => assembly.GetType(name, throwOnError: true)!;

    /// <summary>The kernels of a rule.</summary>
    public IReadOnlyList<ArmKernel> Of(string rule) => kernels[rule];

    /// <summary>The compilers, and what they build once for all tests; skips the test where there are none.</summary>
    public static (Toolchain Tools, ArmKernels Kernels) Prepare()
    {
        Toolchain tools = Toolchain.Require();
        return (tools, LazyInitializer.EnsureInitialized(ref built, ref isBuilt, ref building, () => Build(tools, RandomRules))!);
    }

    /// <param name="tools">The compilers.</param>
    /// <param name="randomRules">The random rules to compile with the others.</param>
    private static ArmKernels Build(Toolchain tools, IEnumerable<RandomRule> randomRules)
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
            "--codegenopt", $"JitDisasm=*{VectorClass}:* *{ScalarClass}:*");

        var addresses = MapLine().Matches(File.ReadAllText(Path.Combine(folder, AssemblyName + "-arm64.map"))).ToDictionary(
            match => match.Groups["name"].Value, match => int.Parse(match.Groups["address"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var listings = Listing().Matches(File.ReadAllText(Path.Combine(folder, "kernels.asm"))).ToDictionary(
            match => match.Groups["name"].Value, match => match.Groups["code"].Value);
        Assembly assembly = new AssemblyLoadContext(AssemblyName).LoadFromStream(new MemoryStream(image));
        ArmMethod CompiledFor(MethodInfo method)
        {
            string name = NotOfWords().Replace($"{AssemblyName}_{method.DeclaringType!.FullName}__{method.Name}", "_");
            // The map numbers methods of one name: the first is the override that calls the kernel.
            return new ArmMethod(
                addresses.TryGetValue(name + "_0", out int second) ? second : addresses[name], listings[$"{method.DeclaringType.FullName}:{method.Name}"]);
        }

        ArmKernel[] KernelsOf(Type rule)
        {
            MethodInfo[] scalars = MethodsOf(assembly, rule, ScalarClass);
            return [.. MethodsOf(assembly, rule, VectorClass).Select(vector => KernelOf(rule, vector, scalars.Single(scalar => scalar.Name == vector.Name)))];
        }

        ArmKernel KernelOf(Type rule, MethodInfo vector, MethodInfo scalar) => new()
        {
            Name = $"{rule.Name}.{vector.Name}",
            VectorLength = VectorLengthOf(vector.DeclaringType!),
            Vector = CompiledFor(vector),
            Scalar = CompiledFor(scalar),
            ScalarHere = new ScalarKernel(scalar),
            Source = SourceOf(vector, project.Generated[rule.FullName + ".g.cs"]),
        };

        return new ArmKernels(
            folder,
            assembly,
            assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer))).ToDictionary(rule => rule.FullName!, KernelsOf),
            assembly.GetType("OptimGen.Neon.Tests.Codec+" + VectorClass, throwOnError: true)!
                .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .ToDictionary(method => method.Name, CompiledFor));
    }

    private static GeneratedProject Generate(IEnumerable<RandomRule> randomRules)
    {
        const string usings = "global using System; global using System.Collections.Generic; global using System.Linq;";
        IEnumerable<string> sources = Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".cs", StringComparison.Ordinal))
            .Select(Resource);
        return GeneratedProject.Create(AssemblyName, [usings, .. sources, .. randomRules.Select(rule => rule.Source)], ForArm);
    }

    private static string ForArm(string file)
    {
        string edited = GeneratedProject.Without(InstructionSet.Avx512, GeneratedProject.Without(InstructionSet.Avx2, file))
            // crossgen2 leaves out what is marked AggressiveOptimization, for the runtime to compile; it optimizes the others as fully.
            .Replace("MethodImplOptions.AggressiveOptimization | ", "", StringComparison.Ordinal)
            // What calls a kernel has the phase itself, which is converted where it is not asked to be passed as it is.
            .Replace(" in phase", " phase", StringComparison.Ordinal);
        return KernelSignature().Replace(
            edited, signature => signature.Value.Contains(RowStreams, StringComparison.Ordinal) ? signature.Value : signature.Value.Replace(" StepPhase<", " global::OptimGen.Neon.Tests.PhaseArguments<", StringComparison.Ordinal));
    }

    /// <summary>The types of a generated file have its name in theirs.</summary>
    private static MethodInfo[] MethodsOf(Assembly assembly, Type rule, string kernels) => assembly
        .GetTypes()
        .Single(type => type.Name.StartsWith($"<{NotOfWords().Replace(rule.FullName!, "_")}_g>", StringComparison.Ordinal)
            && type.Name.EndsWith("__" + kernels, StringComparison.Ordinal))
        .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        // Kernels over states in fewer bits, and over rows, read and write memory of an optimizer, which is not there.
        .Where(method => !method.IsGenericMethodDefinition && !method.ToString()!.Contains(RowStreams, StringComparison.Ordinal))
        .ToArray();

    /// <summary>What the engine is told.</summary>
    private static int VectorLengthOf(Type kernels)
    {
        ConstructorInfo constructor = kernels.GetConstructors().Single();
        object instance = constructor.Invoke(new object?[constructor.GetParameters().Length]);
        return (int)kernels.BaseType!.GetProperty("VectorLength", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(instance)!;
    }

    private static string SourceOf(MethodInfo method, string file)
    {
        int kernels = file.IndexOf($" class {VectorClass}(", StringComparison.Ordinal);
        int start = file.IndexOf($" static void {method.Name}(", kernels, StringComparison.Ordinal), end = file.IndexOf("\n        }", start, StringComparison.Ordinal);
        return file[start..end];
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^    +private static void [^{]*", RegexOptions.Multiline)]
    private static partial Regex KernelSignature();

    [GeneratedRegex(@"\W")]
    private static partial Regex NotOfWords();

    [GeneratedRegex(@"^0x(?<address>[0-9A-F]+) .*\| (?<name>\w+_(Neon|Scalar)Kernels__\w+) +\(MethodWithGCInfo\)", RegexOptions.Multiline)]
    private static partial Regex MapLine();

    [GeneratedRegex(@"^; Assembly listing for method (?<name>[^(\n]+)\([^\n]*\)(?!:this)[^\n)]*\([^\n]*\n(?<code>.*?)^; Total bytes of code", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Listing();
}

/// <summary>A kernel for NEON, and its scalar sibling, which is given what is left of whole vectors.</summary>
internal sealed record ArmKernel
{
    /// <summary>The lanes of a reduction, and so what it handles at a time.</summary>
    private const int LanesOfReduction = 16;

    /// <summary>The rule's name and the method's.</summary>
    public required string Name { get; init; }

    /// <summary>The elements in a vector.</summary>
    public required int VectorLength { get; init; }

    /// <summary>The kernel for NEON.</summary>
    public required ArmMethod Vector { get; init; }

    /// <summary>The scalar kernel, as it runs on Arm.</summary>
    public required ArmMethod Scalar { get; init; }

    /// <summary>The scalar kernel, as it runs here.</summary>
    public required ScalarKernel ScalarHere { get; init; }

    /// <summary>The generated C# of the kernel for NEON.</summary>
    public required string Source { get; init; }

    /// <summary>How many of so many elements the engine gives to the kernel for NEON.</summary>
    public int WholeOf(int count) => count - (count % (ScalarHere.Reduces ? LanesOfReduction : VectorLength));
}

/// <summary>A method compiled for Arm.</summary>
/// <param name="Address">The relative virtual address in the image.</param>
/// <param name="Listing">The machine code, as the just-in-time compiler prints it.</param>
internal sealed record ArmMethod(int Address, string Listing);
