namespace OptimGen.Benchmarks.Contestants;

/// <summary>What holds for every contestant of a table.</summary>
internal sealed record Setting(InstructionSet InstructionSet, int Threads)
{
    public override string ToString() => $"{Names.Of(InstructionSet)}, {(Threads == 1 ? "1 thread" : $"{Threads} threads")}";
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
