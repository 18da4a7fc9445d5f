using System.Globalization;

namespace Samples.Shared;

/// <summary>One axis of a chart: which values it spans, where they lie on paper, and where its ticks are.</summary>
internal sealed class Axis
{
    private readonly double low;
    private readonly double high;
    private readonly bool logarithmic;
    private readonly double from;
    private readonly double to;

    private Axis(double low, double high, bool logarithmic, double from, double to, IReadOnlyList<double> ticks) =>
        (this.low, this.high, this.logarithmic, this.from, this.to, Ticks) = (low, high, logarithmic, from, to, ticks);

    /// <summary>The values at which the axis is marked and labelled.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis whose ticks are multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="values">The values to be shown; those that are not finite do not count.</param>
    /// <param name="from">Where the lowest value lies on paper.</param>
    /// <param name="to">Where the highest value lies on paper.</param>
    /// <param name="toTicks">Whether the axis is extended to the ticks around the values, or ends where they do.</param>
    /// <param name="leastStep">The least distance of two ticks, such as 1 where fractions make no sense.</param>
    public static Axis Linear(IEnumerable<double> values, double from, double to, bool toTicks, double leastStep = 0)
    {
        (double low, double high) = Extent(values.Where(double.IsFinite), fallback: (0, 1));
        if (low == high)
        {
            double margin = low == 0 ? 1 : 0.1 * Math.Abs(low);
            (low, high) = (low - margin, high + margin);
        }

        double step = Math.Max(leastStep, TickStep((high - low) / 6));
        double first = toTicks ? Math.Floor(low / step) : Math.Ceiling(low / step);
        double last = toTicks ? Math.Ceiling(high / step) : Math.Floor((high / step) + 1e-9);
        double[] ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
        return toTicks ? new Axis(ticks[0], ticks[^1], false, from, to, ticks) : new Axis(low, high, false, from, to, ticks);
    }

    /// <summary>A logarithmic axis. Values that are not positive cannot be on it and do not count.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Axis Logarithmic(IEnumerable<double> values, double from, double to)
    {
        (double low, double high) = Extent(values.Where(value => double.IsFinite(value) && value > 0), fallback: (0.1, 1));
        // One decade more on both sides than the values need, to have a mark beyond each end.
        int firstDecade = (int)Math.Floor(Math.Log10(low)) - 1, decades = (int)Math.Ceiling(Math.Log10(high)) + 2 - firstDecade;
        double[] steps = high / low < 500 ? [1, 2, 5] : [1];
        double[] marks =
        [
            .. from decade in Enumerable.Range(firstDecade, decades)
               from step in steps
               select step * Math.Pow(10, decade),
        ];

        // From the last mark below the values to the first one above them.
        int first = Array.FindLastIndex(marks, mark => mark <= low * 1.001);
        int last = Array.FindIndex(marks, mark => mark >= high * 0.999);
        if (first == last)
        {
            (first, last) = (first - 1, last + 1);
        }

        int every = ((last - first) / 10) + 1;
        double[] ticks = [.. marks[first..(last + 1)].Where((_, i) => i % every == 0)];
        return new Axis(marks[first], marks[last], true, from, to, ticks);
    }

    /// <summary>Where a value lies on paper; one beyond the ends of a logarithmic axis lies at the end.</summary>
    public double Place(double value)
    {
        double fraction = logarithmic
            ? Math.Log(Math.Clamp(value, low, high) / low) / Math.Log(high / low)
            : (value - low) / (high - low);
        return from + (fraction * (to - from));
    }

    /// <summary>A tick's label: in plain decimals unless they would be long.</summary>
    public static string Label(double tick)
    {
        double size = Math.Abs(tick);
        string format = size is 0 or (>= 1e-4 and < 1e6) ? "#,0.######" : "0.##e0";
        return tick.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private static double TickStep(double atLeast)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        double[] choices = [1, 2, 5, 10];
        return power * choices.First(choice => choice * power >= atLeast * 0.999);
    }

    private static (double Low, double High) Extent(IEnumerable<double> values, (double Low, double High) fallback)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low <= high ? (low, high) : fallback;
    }
}
