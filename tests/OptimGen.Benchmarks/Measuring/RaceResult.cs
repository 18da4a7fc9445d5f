namespace OptimGen.Benchmarks.Measuring;

/// <summary>What a race has shown.</summary>
/// <param name="Names">The contestants.</param>
/// <param name="Times">Nanoseconds for an element, by contestant and round.</param>
internal sealed record RaceResult(IReadOnlyList<string> Names, double[,] Times)
{
    private int Rounds => Times.GetLength(1);

    /// <summary>Nanoseconds for an element.</summary>
    public Spread TimeOf(int contestant) => Spread.Of(Enumerable.Range(0, Rounds).Select(round => Times[contestant, round]));

    /// <summary>The speed of the first contestant relative to another: the other's time over its own, in each round. Above 1, the first is faster.</summary>
    public Spread SpeedRelativeTo(int contestant) => Spread.Of(Enumerable.Range(0, Rounds).Select(round => Times[contestant, round] / Times[0, round]));

    /// <summary>The same with a second contestant more, whose times are those of the one that the first has the least advantage over, in the median.</summary>
    /// <param name="name">The name of the new contestant.</param>
    /// <param name="candidates">Among whom it is chosen, for all rounds alike.</param>
    public RaceResult WithFastestOf(string name, IReadOnlyList<int> candidates)
    {
        int fastest = candidates.MinBy(one => SpeedRelativeTo(one).Median);
        int[] sources = [0, fastest, .. Enumerable.Range(1, Names.Count - 1)];
        var times = new double[sources.Length, Rounds];
        for (int contestant = 0; contestant < sources.Length; contestant++)
        {
            for (int round = 0; round < Rounds; round++)
            {
                times[contestant, round] = Times[sources[contestant], round];
            }
        }

        return new RaceResult([Names[0], name, .. Names.Skip(1)], times);
    }
}

/// <summary>The middle of a series, and where its quarters end.</summary>
internal readonly record struct Spread(double LowerQuartile, double Median, double UpperQuartile)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double At(double part)
        {
            double place = part * (sorted.Length - 1);
            int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }

        return new Spread(At(0.25), At(0.5), At(0.75));
    }
}
