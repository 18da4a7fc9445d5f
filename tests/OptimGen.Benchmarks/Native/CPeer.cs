using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Native;

/// <summary>A peer in C: a compiler, and what it may do with floating-point arithmetic.</summary>
/// <param name="Name">The name that <c>--peers</c> takes.</param>
/// <param name="Family">Its compiler.</param>
/// <param name="Arithmetic">The flags that say how it computes.</param>
/// <param name="Sources">What is compiled, separated by spaces.</param>
/// <param name="Suffix">What follows the name of a rule in the names of its functions.</param>
internal sealed record CPeer(string Name, CFamily Family, string Arithmetic, string Sources = CPeer.Loops, string Suffix = "")
{
    private const string Loops = "rules.c phase.c";

    // With -ffast-math alone, x64 compilers replace a division or a root by an estimate of 11 to 14 bits and a Newton step. AArch64 compilers do not.
    private static readonly bool HasEstimates = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Those that divide and take roots exactly, then those that estimate both, then the hand-written kernels.</summary>
    public static IReadOnlyList<CPeer> All { get; } =
    [
        new("gcc", CFamily.Gcc, HasEstimates ? "-ffast-math -mno-recip" : "-ffast-math"),
        new("clang", CFamily.Clang, "-ffast-math -mrecip=none"),
        new("gcc-estimates", CFamily.Gcc, "-ffast-math"),
        new("clang-estimates", CFamily.Clang, "-ffast-math"),
        // Without -ffast-math: GCC's intrinsics for division and root are plain C, which that would replace by estimates.
        new("intrinsics", CFamily.Gcc, "", "intrinsics.c", "_intrinsics"),
    ];

    /// <summary>Whether this is a plain loop, which a compiler vectorizes.</summary>
    public bool IsLoop => Sources == Loops;

    /// <summary>Whether this is meant to estimate: it takes part only in rules in which it does, since elsewhere its code is that of the exact build.</summary>
    public bool MayEstimate => HasEstimates ? Arithmetic == "-ffast-math" : Name.EndsWith("-estimates", StringComparison.Ordinal);

    /// <summary>The heading of its column.</summary>
    public string Heading(int threads) =>
        $"{(Family == CFamily.Gcc ? "gcc" : "clang")}{(IsLoop ? $" {Arithmetic}" : " intrinsics")}{(threads > 1 ? " -fopenmp" : "")}";

    /// <summary>The builds among which the fastest in cache is chosen: one for each of the compiler's ways to use the vectors of an instruction set.</summary>
    /// <returns>None where there is no such compiler, or it refuses.</returns>
    public IReadOnlyList<CLibrary> Build(InstructionSet instructionSet, int threads)
    {
        if (CCompiler.Of(Family) is not { } compiler || (!IsLoop && instructionSet is not (InstructionSet.Avx512 or InstructionSet.Avx2)))
        {
            return [];
        }

        // Where the intrinsics name the vectors, there is nothing to choose.
        IEnumerable<string> machines = IsLoop ? CCompiler.MachineFlags(instructionSet) : CCompiler.MachineFlags(instructionSet).Take(1);
        return [.. machines.Select(machine => compiler.Build(Sources, $"-O3 {machine} {Arithmetic}".Trim(), threads)).OfType<CLibrary>()];
    }
}
