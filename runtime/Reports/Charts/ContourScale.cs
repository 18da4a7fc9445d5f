using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>The levels of filled contours, and the bands between them. Charts of one scale can be compared.</summary>
internal sealed class ContourScale
{
    // Beyond these bounds differences of values are not doubles.
    private const double Largest = 1e300;

    private ContourScale(bool isLogarithmic, IReadOnlyList<double> levels, double low, double high) =>
        (IsLogarithmic, Levels, Low, High) = (isLogarithmic, levels, low, high);

    /// <summary>Whether the levels rise by factors.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>The levels, ascending, between the lowest and the highest value; none if all values are the same.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>The lowest value.</summary>
    public double Low { get; }

    /// <summary>The highest value.</summary>
    public double High { get; }

    /// <summary>The number of bands, one more than there are levels.</summary>
    public int BandCount => Levels.Count + 1;

    /// <summary>
    /// A scale for some values. The levels are round numbers: multiples of one step, or of two digits and nearly equal ratios where all values are positive and
    /// have a wide range (<see cref="LineChart.IsLogarithmicSensible"/>).
    /// </summary>
    public static ContourScale Of(IReadOnlyCollection<double> values)
    {
        double low = Clamp(values.Min()), high = Clamp(values.Max());
        bool isLogarithmic = LineChart.IsLogarithmicSensible(values);
        int most = ContourLook.Light.Count - 1;
        IEnumerable<double> levels = isLogarithmic
            ? Enumerable.Range(1, most).Select(k => Rounded(Math.Pow(10, Math.Log10(low) + (Math.Log10(high) - Math.Log10(low)) * k / (most + 1))))
            : Multiples(low, high, most);
        return new ContourScale(isLogarithmic, [.. levels.Where(level => level > low && level < high).Distinct()], low, high);
    }

    /// <summary>The value as contours interpolate it: linearly, or by its logarithm.</summary>
    public double Place(double value) => IsLogarithmic ? Math.Log10(value) : Clamp(value);

    /// <summary>The bands side by side with the levels between them, as a div element.</summary>
    public string LegendHtml()
    {
        var html = new StringBuilder("""<div class="levels" aria-hidden="true">""");
        for (int band = 0; band < BandCount; band++)
        {
            string level = band == 0 ? "" : $"<span{(band % 2 == 0 ? " class=\"minor\"" : "")}>{Axis.Label(Levels[band - 1])}</span>";
            html.Append(CultureInfo.InvariantCulture, $"""<i class="{ContourLook.ClassOf(band, BandCount)}">{level}</i>""");
        }

        return html.Append("</div>").ToString();
    }

    private static IEnumerable<double> Multiples(double low, double high, int most)
    {
        if (high <= low)
        {
            return [];
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / most)));
        double[] choices = [1, 2, 5, 10, 20];
        double step = power * choices.First(choice => (high - low) / (choice * power) <= most);
        double first = Math.Floor(low / step);
        return Enumerable.Range(0, most + 2).Select(k => (first + k) * step);
    }

    /// <summary>A positive value rounded to two digits.</summary>
    private static double Rounded(double value) => double.Parse(value.ToString("E1", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Clamp(double value) => Math.Clamp(value, -Largest, Largest);
}
