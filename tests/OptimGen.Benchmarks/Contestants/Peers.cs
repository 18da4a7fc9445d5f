using OptimGen.Benchmarks.Native;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The names that <c>--peers</c> takes.</summary>
internal static class Peers
{
    public const string Scalar = "scalar";
    public const string Tensors = "tensors";
    public const string OneThread = "one-thread";
    public const string OpenMp = "openmp";
    public const string Memory = "memory";

    /// <summary>All of them, in the order of their columns.</summary>
    public static IReadOnlyList<string> All { get; } = [Scalar, Tensors, OneThread, .. CPeer.All.Select(peer => peer.Name), OpenMp, Memory];

    /// <summary>What each is, a line for each.</summary>
    public static IReadOnlyList<string> Explanations { get; } =
    [
        $"{Scalar}: the rule's scalar method in a plain C# loop (1 thread)",
        $"{Tensors}: a pass of System.Numerics.Tensors for each operation (1 thread)",
        $"{OneThread}: OptimGen itself with one thread (2 threads or more)",
        .. CPeer.All.Select(peer => $"{peer.Name}: {Explain(peer)}"),
        $"{OpenMp}: OptimGen's kernels on the threads of GCC's OpenMP (2 threads or more)",
        $"{Memory}: loads and stores what the rule does, and computes nothing",
    ];

    private static string Explain(CPeer peer) => !peer.IsLoop
        ? "Adam and Lion by hand in C with intrinsics, exact (AVX-512 and AVX2)"
        : peer.MayEstimate
            ? $"a plain C loop, -O3 {peer.Arithmetic}, in the rules in which that estimates divisions or roots"
            : $"a plain C loop, -O3 {peer.Arithmetic}, with exact divisions and roots";
}
