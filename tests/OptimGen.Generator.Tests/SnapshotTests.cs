using OptimGen.Generator.Tests.Harness;
using VerifyXunit;

namespace OptimGen.Generator.Tests;

/// <summary>
/// The generated text, as a user reads it: one file whole, and of others a part that is short enough to be read. What the programs compute,
/// <see cref="ProgramDumpTests"/> keeps.
/// </summary>
public class SnapshotTests
{
    private const int MostFiles = 8, MostLines = 1600;

    [Fact]
    public async Task Adam() => await Verifier.Verify(Run(nameof(Optimizers.Adam)).Driver).UseDirectory("Snapshots");

    /// <summary>The smallest kernel, unrolled four times.</summary>
    [Fact]
    public async Task GradientDescent_Avx512Kernels() => await Part(Run(nameof(Optimizers.GradientDescent)).Kernels("Avx512"));

    /// <summary>A sign, without the instruction that AVX-512 has for it.</summary>
    [Fact]
    public async Task Signum_NeonKernels() => await Part(Run(nameof(Optimizers.Signum)).Kernels("Neon"));

    /// <summary>The kernel over states in fewer bits.</summary>
    [Fact]
    public async Task StoredMomentum_Avx2Kernel()
    {
        string kernels = Run(nameof(Optimizers.StoredMomentum)).Kernels("Avx2"), start = "    private static void UpdateStored";
        await Part(kernels[kernels.IndexOf(start, StringComparison.Ordinal)..]);
    }

    /// <summary>Two reductions, on the lanes that every instruction set shares.</summary>
    [Fact]
    public async Task Reductions_Avx2Kernels() => await Part(Run(nameof(Optimizers.Reductions)).Kernels("Avx2"));

    /// <summary>Scalars of a step, of a group after the reductions, and of a tensor.</summary>
    [Fact]
    public async Task Everything_Rule() => await Part(Run(nameof(Optimizers.Everything)).Rule);

    /// <summary>A class in records and interfaces, with names that are keywords.</summary>
    [Fact]
    public async Task Nested_Surface() => await Part(Surface(nameof(Optimizers.Nested)));

    /// <summary>Hyperparameters that the user's class declares, with names of all kinds.</summary>
    [Fact]
    public async Task OddNames_Surface() => await Part(Surface(nameof(Optimizers.OddNames)));

    [Fact]
    public void Snapshots_AreFewEnoughToBeRead()
    {
        string[] files = Directory.GetFiles(Path.GetDirectoryName(SourcePath())!, "*.verified.cs", SearchOption.AllDirectories);
        Assert.InRange(files.Length, 1, MostFiles);
        Assert.InRange(files.Sum(file => File.ReadLines(file).Count()), 1, MostLines);
    }

    private static GeneratorRun Run(string name) => GeneratorTest.Run(Optimizers.Source(name));

    private static VerifyTests.SettingsTask Part(string text, [System.Runtime.CompilerServices.CallerMemberName] string method = "") =>
        Verifier.Verify(text, "cs", method: method).UseDirectory("Snapshots");

    /// <summary>What stands in the user's class.</summary>
    private static string Surface(string name)
    {
        string file = Run(name).Files.Values.Single();
        return file[..file.IndexOf("\nnamespace OptimGen.Generated", StringComparison.Ordinal)];
    }

    private static string SourcePath([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
