namespace OptimGen.Benchmarks.Contestants;

/// <summary>What holds for every contestant of a table.</summary>
/// <param name="InstructionSet">The vectors, in C# and in C.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="ChecksGradients">Whether OptimGen refuses gradients that are not finite, which no other contestant does.</param>
internal sealed record Setting(InstructionSet InstructionSet, int Threads, bool ChecksGradients = false)
{
    public override string ToString() =>
        $"{Names.Of(InstructionSet)}, {(Threads == 1 ? "1 thread" : $"{Threads} threads")}{(ChecksGradients ? ", gradients checked" : "")}";
}

internal static class Names
{
    /// <summary>The name that the vendor writes.</summary>
    public static string Of(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => "AVX-512",
        InstructionSet.Avx2 => "AVX2",
        InstructionSet.Neon => "NEON",
        _ => "scalar",
    };
}
