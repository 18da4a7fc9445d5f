using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Contestants.Phase;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Measuring;

/// <summary>Whether all contestants compute the same: without that, their times cannot be compared.</summary>
internal static class Agreement
{
    private const int Steps = 5;
    private const double Tolerance = 1e-5;

    /// <summary>Takes a few steps with each contestant.</summary>
    /// <returns>A line for each that differs from the first by more than 1e-5, relatively, in any stream; none if all agree.</returns>
    public static IReadOnlyList<string> Check(Lineup lineup, Rule rule)
    {
        var complaints = new List<string>();
        float[][]? expected = null;
        int count = lineup.Everyone(new Arena(rule, LengthFor(lineup))).Count;
        for (int index = 0; index < count; index++)
        {
            // The generated optimizer counts its own steps, so each contestant starts with one of its own.
            var arena = new Arena(rule, LengthFor(lineup));
            IContestant contestant = lineup.Everyone(arena)[index];
            float[][] initial = arena.Copy();
            for (int step = 0; step < Steps; step++)
            {
                contestant.Step();
            }

            float[][] result = contestant.Results ?? arena.Copy();
            expected ??= result;
            string? difference = Difference(contestant is MemoryTwin ? initial : expected, result);
            if (difference is not null)
            {
                complaints.Add($"{rule.Name}, {lineup.Setting}: {contestant.Name} {difference}");
            }
        }

        return complaints;
    }

    /// <summary>As the other, for the whole optimizer phase.</summary>
    public static IReadOnlyList<string> Check(Lineup lineup)
    {
        var complaints = new List<string>();
        float[][]? expected = null;
        int count = lineup.On(new PhaseArena(LengthFor(lineup))).Count;
        for (int index = 0; index < count; index++)
        {
            var arena = new PhaseArena(LengthFor(lineup));
            var contestant = (PhaseContestant)lineup.On(arena)[index].Contestant;
            for (int step = 0; step < Steps; step++)
            {
                contestant.Prepare();
                contestant.Step();
            }

            float[][] result = [.. arena.Arena.Copy(), contestant.Averages, arena.Arena.Gradients.ToArray()];
            expected ??= result;
            if (Difference(expected, result) is { } difference)
            {
                complaints.Add($"The optimizer phase, {lineup.Setting}: {contestant.Name} {difference}");
            }
        }

        return complaints;
    }

    // Not a multiple of any vector; and so many that several threads do share them.
    private static int LengthFor(Lineup lineup) => lineup.Setting.Threads == 1 ? 1003 : 70_003;

    private static string? Difference(float[][] expected, float[][] actual)
    {
        for (int stream = 0; stream < expected.Length; stream++)
        {
            for (int i = 0; i < expected[stream].Length; i++)
            {
                float one = expected[stream][i], other = actual[stream][i];
                if (!(Math.Abs((double)one - other) <= Tolerance * Math.Max(Math.Abs(one), Math.Abs(other))))
                {
                    return $"has {other} where {one} is expected, in stream {stream} at {i}.";
                }
            }
        }

        return null;
    }
}
