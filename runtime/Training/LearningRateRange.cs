namespace OptimGen;

/// <summary>The result of <see cref="LearningRateFinder"/>: the cost at rising learning rates, and the rates that it suggests.</summary>
public sealed class LearningRateRange
{
    /// <summary>The factor between the rate at which the cost exploded and a rate that leaves some distance: one order of magnitude.</summary>
    private const double Distance = 10;

    /// <summary>
    /// A change of the smoothed cost by fewer of its standard errors may be noise: the extremes of a hundred averages are 5 of them apart.
    /// </summary>
    internal const double StandardErrors = 6;

    /// <param name="rates">The rates of the steps that were taken.</param>
    /// <param name="costs">The cost before each of the steps.</param>
    /// <param name="smoothedCosts">The averages of the costs.</param>
    /// <param name="divergenceRate">The rate after which the cost exploded.</param>
    /// <param name="beta">β of the average.</param>
    internal LearningRateRange(double[] rates, double[] costs, double[] smoothedCosts, double? divergenceRate, double beta)
    {
        (Rates, Costs, SmoothedCosts, DivergenceRate) = (rates.AsReadOnly(), costs.AsReadOnly(), smoothedCosts.AsReadOnly(), divergenceRate);
        Suggestion = SteepestDescent(rates, costs, smoothedCosts, beta);
    }

    /// <summary>The learning rates of the steps, in rising order. A step that ended the test because its cost or gradient was not finite is left out.</summary>
    public IReadOnlyList<double> Rates { get; }

    /// <summary>The cost of each step's mini-batch, before the step: that of step i shows the effect of the rates up to i − 1.</summary>
    public IReadOnlyList<double> Costs { get; }

    /// <summary>
    /// The costs, averaged with bias correction over about a twentieth of the steps of the test (<see cref="ExponentiallyWeightedAverage"/>).
    /// </summary>
    public IReadOnlyList<double> SmoothedCosts { get; }

    /// <summary>
    /// The rate after whose step the smoothed cost was more than four times its lowest value, and not by noise, or the cost or gradient not finite, which
    /// ended the test; <see langword="null"/> if that has not happened.
    /// </summary>
    public double? DivergenceRate { get; }

    /// <summary>
    /// The rate at which the smoothed cost falls fastest with the logarithm of the rate, before its lowest value; the slope is measured over a tenth of the
    /// steps of the test. The average is late by β/(1−β) steps, for which the position is corrected. <see langword="null"/> if the cost has not fallen by more
    /// than its noise.
    /// </summary>
    public double? Suggestion { get; }

    /// <summary>A tenth of <see cref="DivergenceRate"/>, which leaves some distance from divergence; <see langword="null"/> if there was none.</summary>
    public double? BelowDivergence => DivergenceRate / Distance;

    private static double? SteepestDescent(double[] rates, double[] costs, double[] smoothed, double beta)
    {
        // The first averages are over few costs, so they have more noise than the later ones.
        int window = (int)Math.Round(1 / (1 - beta)), first = 2 * window - 1;
        int lowest = Array.IndexOf(smoothed, smoothed.DefaultIfEmpty(double.NaN).Min());
        // The noise before an explosion at the end, but that of more than a few costs.
        double error = StandardErrorOf(costs[..Math.Max(lowest + 1, costs.Length / 2)], beta);
        if (lowest <= first || !(smoothed[first] - smoothed[lowest] > StandardErrors * error))
        {
            return null;
        }

        // The logarithms of the rates are evenly spaced, so a difference over a fixed number of steps is the slope but for a factor. Over two windows the
        // noise of the two averages is independent, and small beside the fall.
        int width = Math.Min(2 * window, lowest - first);
        // Only where the cost crosses the middle of its fall for the last time, since an outlier at the start can fall faster.
        double level = (smoothed[first] + smoothed[lowest]) / 2;
        int middle = Array.FindLastIndex(smoothed, lowest, cost => cost >= level);
        int from = Math.Clamp(middle - width, first, lowest - width), to = Math.Clamp(middle, from, lowest - width);
        int steepest = Enumerable.Range(from, to - from + 1).MinBy(i => smoothed[i + width] - smoothed[i]);
        int lag = (int)Math.Round(beta / (1 - beta));
        return rates[Math.Max(0, steepest + width / 2 - lag)];
    }

    /// <summary>The standard error of the smoothed cost, σ·√((1−β)/(1+β)), with σ from the differences of successive costs (see <see cref="MiniBatchWatch"/>).</summary>
    internal static double StandardErrorOf(IReadOnlyList<double> costs, double beta)
    {
        double halfSquares = 0;
        for (int i = 1; i < costs.Count; i++)
        {
            halfSquares += (costs[i] - costs[i - 1]) * (costs[i] - costs[i - 1]) / 2;
        }

        return Math.Sqrt(halfSquares / Math.Max(1, costs.Count - 1) * ((1 - beta) / (1 + beta)));
    }
}
