using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptimGen;

/// <summary>Which instruction sets this machine can run, and which one optimizers start with.</summary>
public static class InstructionSets
{
    /// <summary>
    /// The environment variable that forces an instruction set for the whole process: <c>scalar</c>, <c>neon</c>, <c>avx2</c> or
    /// <c>avx512</c>, in any case. Meant for tests and for bug reports.
    /// </summary>
    public const string EnvironmentVariable = "OPTIMGEN_INSTRUCTION_SET";

    // Not a nullable field: its two parts are not written at once, and a second thread could read the scalar set out of the first half.
    private static readonly Lazy<InstructionSet> Selection =
        new(() => Select(Environment.GetEnvironmentVariable(EnvironmentVariable)), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Every instruction set that this machine supports, in the order in which they are preferred.</summary>
    /// <remarks>
    /// The order is the whole policy; the reason for each position stands beside it. In a program compiled ahead of time, only what it was compiled
    /// for is supported: on x64 that is <see cref="InstructionSet.Scalar"/> alone, unless the project sets <c>IlcInstructionSet</c>.
    /// </remarks>
    public static IReadOnlyList<InstructionSet> Supported { get; } =
    [
        // Widest first: an update rule is bound by memory, or by division and square root, whose throughput grows with the width.
        .. Where(Avx512F.IsSupported, InstructionSet.Avx512),
        // FMA is required with it: a fused multiply-add must never be emulated in a loop.
        .. Where(Avx2.IsSupported && Fma.IsSupported, InstructionSet.Avx2),
        // The only vector set of an Arm machine; its multiply-add is part of the base set.
        .. Where(AdvSimd.IsSupported, InstructionSet.Neon),
        // Last, because everything else is faster, and always, because it runs everywhere.
        InstructionSet.Scalar,
    ];

    /// <summary>
    /// The instruction set that a new optimizer uses: the one that <see cref="EnvironmentVariable"/> names, else the first of
    /// <see cref="Supported"/> that the runtime recommends for this processor.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The variable names no instruction set, or one that this machine lacks.</exception>
    public static InstructionSet Selected => Selection.Value;

    /// <summary>Whether this machine can run the kernels of <paramref name="instructionSet"/>.</summary>
    public static bool IsSupported(InstructionSet instructionSet) => Supported.Contains(instructionSet);

    internal static InstructionSet Select(string? forced)
    {
        if (string.IsNullOrWhiteSpace(forced))
        {
            // Some processors lower their clock for 512-bit vectors; the runtime knows them.
            return Supported.First(set => set != InstructionSet.Avx512 || Vector512.IsHardwareAccelerated);
        }

        string[] names = Enum.GetNames<InstructionSet>();
        int index = Array.FindIndex(names, name => name.Equals(forced.Trim(), StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            throw new PlatformNotSupportedException(
                $"The environment variable {EnvironmentVariable} is '{forced}'; it must be one of {string.Join(", ", names).ToLowerInvariant()}.");
        }

        var set = Enum.Parse<InstructionSet>(names[index]);
        Require(set, $"the environment variable {EnvironmentVariable} asks for it");
        return set;
    }

    internal static void Require(InstructionSet set, string why)
    {
        if (!IsSupported(set))
        {
            throw new PlatformNotSupportedException(
                $"This machine does not support {set} ({why}). Supported: {string.Join(", ", Supported)}.");
        }
    }

    private static InstructionSet[] Where(bool supported, InstructionSet set) => supported ? [set] : [];
}
