using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OptimGen;

/// <summary>Which instruction sets this machine can run, and which one optimizers start with.</summary>
public static class InstructionSets
{
    /// <summary>
    /// The environment variable that forces an instruction set for the whole process: <c>scalar</c>, <c>neon</c>, <c>avx2</c> or
    /// <c>avx512</c>, in any case. Meant for tests and for bug reports. Any other value, and a set that this machine lacks, is ignored:
    /// <see cref="IgnoredRequest"/> says so, and so does one line on the error stream, once in a process.
    /// </summary>
    public const string EnvironmentVariable = "OPTIMGEN_INSTRUCTION_SET";

    // The default mode, ExecutionAndPublication, runs the factory once, so an ignored request is reported once in a process.
    private static readonly Lazy<(InstructionSet Set, string? Ignored)> Selection = new(() =>
    {
        (InstructionSet Set, string? Ignored) selection = Select(Environment.GetEnvironmentVariable(EnvironmentVariable));
        Report(selection.Ignored);
        return selection;
    });

    /// <summary>Every instruction set that this machine supports, in the order in which they are preferred.</summary>
    /// <remarks>
    /// Dispatch chooses by this order alone; the source code gives the reason for each position. A program compiled ahead of time supports only the
    /// instruction sets that it was compiled for: on x64 that is <see cref="InstructionSet.Scalar"/> alone, unless the project sets
    /// <c>IlcInstructionSet</c>.
    /// </remarks>
    public static IReadOnlyList<InstructionSet> Supported { get; } =
    [
        // Widest first: an update rule is bound by memory bandwidth, or by division and square root, whose throughput grows with the width.
        .. Where(Avx512F.IsSupported, InstructionSet.Avx512),
        // FMA is required too: without the instruction, a fused multiply-add would be emulated in software for each element.
        .. Where(Avx2.IsSupported && Fma.IsSupported, InstructionSet.Avx2),
        // The only vector set for Arm here. Its fused multiply-add is part of the base instruction set.
        .. Where(AdvSimd.IsSupported, InstructionSet.Neon),
        // The fallback: it runs on every processor, and is the slowest.
        InstructionSet.Scalar,
    ];

    /// <summary>
    /// The instruction set that a new optimizer uses: the one that <see cref="EnvironmentVariable"/> names, if this machine supports it; else the first of
    /// <see cref="Supported"/> that the runtime recommends for this processor.
    /// </summary>
    public static InstructionSet Selected => Selection.Value.Set;

    /// <summary>
    /// A sentence that says why the value of <see cref="EnvironmentVariable"/> has been ignored, and which set is used instead;
    /// <see langword="null"/> where the variable is not set, or names a supported set.
    /// </summary>
    public static string? IgnoredRequest => Selection.Value.Ignored;

    /// <summary>Whether this machine can run the kernels of <paramref name="instructionSet"/>.</summary>
    public static bool IsSupported(InstructionSet instructionSet) => Supported.Contains(instructionSet);

    /// <summary>The set that a value of the variable selects; if the value is ignored, also a sentence that says why.</summary>
    internal static (InstructionSet Set, string? Ignored) Select(string? requested)
    {
        // Some processors lower their clock frequency for 512-bit vectors. On those .NET reports that Vector512 is not hardware accelerated.
        InstructionSet preferred = Supported.First(set => set != InstructionSet.Avx512 || Vector512.IsHardwareAccelerated);
        if (string.IsNullOrWhiteSpace(requested))
        {
            return (preferred, null);
        }

        string[] names = Enum.GetNames<InstructionSet>();
        string? name = Array.Find(names, name => name.Equals(requested.Trim(), StringComparison.OrdinalIgnoreCase));
        string? refusal = name is null ? $"it must be one of {string.Join(", ", names).ToLowerInvariant()}"
            : !IsSupported(Enum.Parse<InstructionSet>(name)) ? $"this machine supports {string.Join(", ", Supported)}"
            : null;
        return refusal is null
            ? (Enum.Parse<InstructionSet>(name!), null)
            : (preferred, $"The environment variable {EnvironmentVariable} is '{requested}', which is ignored: {refusal}. {preferred} is used.");
    }

    internal static void Require(InstructionSet set, string why)
    {
        if (!IsSupported(set))
        {
            throw new PlatformNotSupportedException(
                $"This machine does not support {set} ({why}). Supported: {string.Join(", ", Supported)}.");
        }
    }

    private static void Report(string? ignored)
    {
        if (ignored is not null)
        {
            try
            {
                Console.Error.WriteLine($"OptimGen: {ignored}");
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or PlatformNotSupportedException)
            {
                // The program has no usable error stream. IgnoredRequest still has the message.
            }
        }
    }

    private static InstructionSet[] Where(bool supported, InstructionSet set) => supported ? [set] : [];
}
