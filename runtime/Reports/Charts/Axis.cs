using System.Globalization;

namespace OptimGen;

/// <summary>One axis of a chart: it maps values to coordinates and has the ticks.</summary>
internal sealed class Axis
{
    // Beyond these bounds the extent of an axis, or the power of ten below it, is not a double.
    private const double Largest = 1e300;
    private const double Smallest = 1e-300;

    private readonly double low;
    private readonly double high;
    private readonly bool logarithmic;
    private readonly double from;
    private readonly double to;

    private Axis(double low, double high, bool logarithmic, double from, double to, IReadOnlyList<double> ticks) =>
        (this.low, this.high, this.logarithmic, this.from, this.to, Ticks) = (low, high, logarithmic, from, to, ticks);

    /// <summary>The lowest value.</summary>
    public double Low => low;

    /// <summary>The highest value.</summary>
    public double High => high;

    /// <summary>Whether equal ratios are equally far apart.</summary>
    public bool IsLogarithmic => logarithmic;

    /// <summary>The values at which the axis is marked and labelled.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis whose ticks are multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="values">The values to be shown; those that are not finite are ignored.</param>
    /// <param name="from">The coordinate of the lowest value.</param>
    /// <param name="to">The coordinate of the highest value.</param>
    /// <param name="toTicks">Whether the axis is extended to the next tick at each end; otherwise it ends at the lowest and highest value.</param>
    /// <param name="leastStep">The least distance between two ticks, such as 1 where fractions make no sense.</param>
    public static Axis Linear(IEnumerable<double> values, double from, double to, bool toTicks, double leastStep = 0)
    {
        (double low, double high) = Extent(values.Where(double.IsFinite).Select(value => Math.Clamp(value, -Largest, Largest)), fallback: (0, 1));
        if (high - low < Smallest)
        {
            double margin = Math.Abs(low) < Smallest ? 1 : 0.1 * Math.Abs(low);
            (low, high) = (low - margin, high + margin);
        }

        double step = Math.Max(leastStep, TickStep((high - low) / 6));
        double first = toTicks ? Math.Floor(low / step) : Math.Ceiling(low / step);
        double last = toTicks ? Math.Ceiling(high / step) : Math.Floor((high / step) + 1e-9);
        double[] ticks = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
        return toTicks ? new Axis(ticks[0], ticks[^1], false, from, to, ticks) : new Axis(low, high, false, from, to, ticks);
    }

    /// <summary>A logarithmic axis. Values that are not positive are ignored.</summary>
    /// <inheritdoc cref="Linear"/>
    public static Axis Logarithmic(IEnumerable<double> values, double from, double to)
    {
        (double low, double high) = Extent(
            values.Where(value => double.IsFinite(value) && value > 0).Select(value => Math.Clamp(value, Smallest, Largest)), fallback: (0.1, 1));
        // One decade more at both ends than the values need, so that there is a mark beyond each end.
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

    /// <summary>The coordinate of a value. A value beyond an end of the axis has the coordinate of the end.</summary>
    public double Place(double value)
    {
        double inside = Math.Clamp(value, low, high);
        double fraction = logarithmic
            ? (Math.Log(inside) - Math.Log(low)) / (Math.Log(high) - Math.Log(low))
            : (inside - low) / (high - low);
        return from + (fraction * (to - from));
    }

    /// <summary>The label of a tick: in plain decimals, thousands and millions as 20k and 1.5M, or in exponent form where those would be long.</summary>
    public static string Label(double tick)
    {
        double size = Math.Abs(tick);
        (double scaled, string format) = size switch
        {
            0 => (tick, "0"),
            >= 1e10 or < 1e-4 => (tick, "0.##e0"),
            >= 1e6 => (tick / 1e6, "0.###M"),
            >= 1e4 => (tick / 1e3, "0.###k"),
            _ => (tick, "#,0.######"),
        };
        return scaled.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
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
