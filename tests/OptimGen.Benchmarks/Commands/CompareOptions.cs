using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Commands;

/// <summary>What <c>compare</c> measures.</summary>
internal sealed record CompareOptions(
    IReadOnlyList<Rule> Rules, IReadOnlyList<int> Lengths, IReadOnlyList<int> Threads, IReadOnlyList<InstructionSet> InstructionSets, int? Rounds, bool Quick)
{
    /// <summary>Who takes part beside OptimGen, by name; null for all.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    /// <summary>Whether OptimGen refuses gradients that are not finite.</summary>
    public bool ChecksGradients { get; init; }

    public static IReadOnlyList<int> AllLengths { get; } = [1 << 10, 1 << 13, 1 << 16, 1 << 20, 1 << 24, 1 << 26];

    /// <summary>The rounds at a length: fewer where a step takes long.</summary>
    public int RoundsAt(int length) => Rounds ?? ((length, Quick) switch
    {
        ( >= 1 << 26, true) => 3,
        ( >= 1 << 24, true) => 5,
        (_, true) => 11,
        ( >= 1 << 26, false) => 7,
        ( >= 1 << 24, false) => 15,
        _ => 31,
    });
}
