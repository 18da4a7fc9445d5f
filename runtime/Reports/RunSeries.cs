using System.Collections;

namespace OptimGen;

/// <summary>The values of one series of a run, such as its costs or a metric, at their steps.</summary>
/// <param name="Run">The position of the run in the report.</param>
/// <param name="Values">The values; they may be NaN or infinite.</param>
/// <param name="StepOf">The number of steps after which the value of an index was measured.</param>
internal sealed record RunSeries(int Run, IReadOnlyList<double> Values, Func<int, long> StepOf)
{
    /// <summary>A series with a value for each step.</summary>
    public static RunSeries OfSteps(int run, IReadOnlyList<double> values) => new(run, values, static index => index + 1L);

    public static RunSeries OfMetric(int run, TrainingMetric metric) =>
        new(run, [.. metric.Points.Select(point => point.Value)], index => metric.Points[index].Step);

    /// <summary>The points of its line. They are computed when they are read, since there can be millions.</summary>
    public IReadOnlyList<ChartPoint> Points(Func<double, double> xOf) => new PointList(this, xOf);

    /// <summary>The index of the lowest finite value, or of the highest; −1 if there is none.</summary>
    public int IndexOfExtreme(bool highest)
    {
        int best = -1;
        for (int i = 0; i < Values.Count; i++)
        {
            if (double.IsFinite(Values[i]) && (best < 0 || (highest ? Values[i] > Values[best] : Values[i] < Values[best])))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>The moving average vₜ = βvₜ₋₁ + (1−β)xₜ with bias correction, vₜ/(1−βᵗ), in double. A value that is not finite is left out of it.</summary>
    public RunSeries Smoothed(double beta)
    {
        var smooth = new double[Values.Count];
        double average = 0, weight = 0;
        for (int i = 0; i < smooth.Length; i++)
        {
            double value = Values[i];
            if (!double.IsFinite(value))
            {
                smooth[i] = double.NaN;
                continue;
            }

            // 1−βᵗ by the same recurrence. It divides before the sum, which then lies between its terms, but for rounding: costs near the largest double
            // do not overflow.
            double past = beta * weight;
            weight = past + (1 - beta);
            average = Math.Clamp(average * (past / weight) + value * ((1 - beta) / weight), -double.MaxValue, double.MaxValue);
            smooth[i] = average;
        }

        return this with { Values = smooth };
    }

    private sealed class PointList(RunSeries series, Func<double, double> xOf) : IReadOnlyList<ChartPoint>
    {
        public int Count => series.Values.Count;

        public ChartPoint this[int index] => new(xOf(series.StepOf(index)), series.Values[index]);

        public IEnumerator<ChartPoint> GetEnumerator()
        {
            for (int i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
