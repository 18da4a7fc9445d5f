namespace OptimGen;

// Points (n, value) and what stands between them.
public abstract partial class Schedule
{
    /// <summary>
    /// Lines between points (nᵢ, vᵢ): v₀ up to n₀, the last value from the last point on. optax's <c>piecewise_interpolate_schedule</c> of type linear has
    /// its boundaries at nᵢ − 1, and factors of the value before in place of values.
    /// </summary>
    /// <param name="points">At least one point, with counts from 1 on that increase, and finite values.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentException">
    /// The list is empty or its counts do not increase, or a value is not finite; the message names the number and its position.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    public static Schedule PiecewiseLinear(IReadOnlyList<(long Count, double Value)> points, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        (long[] counts, double[] values, string text) = Split(points);
        return new FormulaSchedule(unit, $"lines between {text}", n =>
        {
            int next = CountBelow(counts, n);
            return next == 0 ? values[0]
                : next == counts.Length ? values[^1]
                : Anneal(Annealing.Linear, values[next - 1], values[next], Fraction(n - counts[next - 1], counts[next] - counts[next - 1]));
        });
    }

    /// <summary>
    /// A step function: from nᵢ on the value is vᵢ, and before n₀ it is v₀. optax's <c>piecewise_constant_schedule</c> has its boundaries at nᵢ − 1, and
    /// factors of the value before in place of values.
    /// </summary>
    /// <inheritdoc cref="PiecewiseLinear"/>
    public static Schedule PiecewiseConstant(IReadOnlyList<(long Count, double Value)> points, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        (long[] counts, double[] values, string text) = Split(points);
        return new FormulaSchedule(unit, $"steps at {text}", n =>
        {
            int found = Array.BinarySearch(counts, n);
            return values[found >= 0 ? found : Math.Max(~found - 1, 0)];
        });
    }

    private static (long[] Counts, double[] Values, string Text) Split(IReadOnlyList<(long Count, double Value)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        long[] counts = [.. points.Select(point => point.Count)];
        double[] values = [.. points.Select(point => point.Value)];
        RequireIncreasing(counts, "point", nameof(points));
        RequireFinite(values, nameof(points));
        string text = counts.Length <= LongestPrintedList
            ? string.Join(", ", counts.Zip(values, (count, value) => Text($"({count}, {value})")))
            : $"{HashText([.. counts.Select(count => (double)count)])} with {HashText(values)}";
        return (counts, values, text);
    }
}
