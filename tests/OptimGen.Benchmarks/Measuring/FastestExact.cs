using OptimGen.Benchmarks.Contestants;

namespace OptimGen.Benchmarks.Measuring;

/// <summary>
/// The peer that counts: in each row the fastest of the plain C loops whose divisions and roots are exact, as OptimGen's are. A loop that estimates them
/// computes something else, in less time.
/// </summary>
internal static class FastestExact
{
    public const string Name = "fastest exact C";

    /// <summary>Runs a race, and adds that peer to what it has shown.</summary>
    /// <returns>The result, and the target against each contestant.</returns>
    public static (RaceResult Race, IReadOnlyList<Target?> Targets) Run(IReadOnlyList<Entrant> entrants, Target target, int rounds, long elements, int threads)
    {
        RaceResult race = Race.Run([.. entrants.Select(one => one.Contestant)], rounds, elements, threads);
        int[] exact = [.. Enumerable.Range(0, entrants.Count).Where(index => entrants[index].IsExactLoop)];
        Target?[] targets = [.. entrants.Select(one => one.Target)];
        return exact.Length == 0 ? (race, targets) : (race.WithFastestOf(Name, exact), [targets[0], target, .. targets[1..]]);
    }
}
