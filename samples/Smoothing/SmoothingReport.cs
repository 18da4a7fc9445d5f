using System.Globalization;
using OptimGen;

namespace Smoothing;

/// <summary>The curves as one self-contained HTML page.</summary>
internal static class SmoothingReport
{
    private const int FirstDays = 60;
    private const int LastDays = 365;

    /// <summary>The smallest averaging window that is drawn in a chart of several years; a shorter one looks like the series itself.</summary>
    private const int LeastWindowOverYears = 5;

    /// <summary>The last year that <see cref="DateOnly"/> can represent.</summary>
    private const int LastYear = 9999;

    /// <summary>The colour of the series itself; the averages have the other colours.</summary>
    private const int SeriesColour = 0;

    public static string Of(TemperatureSeries series, IReadOnlyList<SmoothedSeries> averages) => ReportPage.Of(
        "OptimGen: smoothing",
        string.Create(CultureInfo.InvariantCulture, $"""
            <h1>Exponentially weighted averages</h1>
            <p class="lead">{series.Temperatures.Length:#,0} daily temperatures ({ReportPage.Escape(series.Source)}), averaged by the same generated kernel that keeps the moments of an optimizer.</p>
            <section><h2>The whole series</h2><p class="soft">With bias correction. The larger β, the smoother the curve and the later it follows.</p>{Corrected(series, averages, series.Temperatures.Length, LeastWindowOverYears).ToHtml()}</section>
            <section><h2>The last {LastDays} days</h2><p class="soft">With β = 0.5 the average follows each day; with β = 0.98 it is weeks behind the season.</p>{Corrected(series, averages, LastDays, 0).ToHtml()}</section>
            <section><h2>The first {FirstDays} days</h2><p class="soft">Without correction (dashed) an average begins at (1 − β) times the first value and takes about its window to recover; with it (solid) it begins at the first value.</p>{Beginning(series, averages).ToHtml()}</section>
            <section><h2>The rule</h2><pre>v ← β·v + (1 − β)·x
            v̂ = v / (1 − βᵗ)</pre>{Table(averages)}</section>
            """));

    /// <summary>The bias-corrected averages over the last days of the series.</summary>
    private static LineChart Corrected(TemperatureSeries series, IReadOnlyList<SmoothedSeries> averages, int days, int leastWindow)
    {
        DateOnly[] dates = [.. series.Dates.TakeLast(days)];
        ChartSeries Line(string name, int colour, float[] values) =>
            new(name, SeriesColour + colour, [.. dates.Zip(values.TakeLast(days), (date, value) => new ChartPoint(date.DayNumber, value))]);
        return new LineChart
        {
            Description = "The temperatures and their averages with bias correction",
            XLabel = "date",
            YLabel = "°C",
            LogarithmicY = false,
            XTicks = DateTicks(dates),
            Series =
            [
                Line("each day", 0, series.Temperatures) with { Faint = true },
                .. averages.Index().Where(one => one.Item.Window >= leastWindow).Select(one => Line(NameOf(one.Item), 1 + one.Index, one.Item.Corrected)),
            ],
        };
    }

    private static LineChart Beginning(TemperatureSeries series, IReadOnlyList<SmoothedSeries> averages)
    {
        DateOnly[] dates = [.. series.Dates.Take(FirstDays)];
        ChartPoint[] Days(float[] values) => [.. dates.Select((date, i) => new ChartPoint(date.DayNumber - dates[0].DayNumber + 1, values[i]))];
        return new LineChart
        {
            Description = "The first days, averaged without and with bias correction",
            XLabel = "day",
            WholeX = true,
            YLabel = "°C",
            LogarithmicY = false,
            Series =
            [
                new ChartSeries("each day", SeriesColour, Days(series.Temperatures)) { Faint = true },
                .. averages.Select((average, i) => new ChartSeries(NameOf(average), SeriesColour + 1 + i, Days(average.Corrected))),
                .. averages.Select((average, i) => new ChartSeries("not corrected", SeriesColour + 1 + i, Days(average.Uncorrected)) { Dashed = true, Unlisted = true }),
            ],
        };
    }

    private static string NameOf(SmoothedSeries average) =>
        string.Create(CultureInfo.InvariantCulture, $"β = {average.Beta} ({average.Window} days)");

    /// <summary>
    /// The ticks: the first days of years, of every few years, or of months, about a dozen at most. For a short series, its first and last day.
    /// </summary>
    private static (double X, string Label)[] DateTicks(DateOnly[] dates)
    {
        DateOnly first = dates[0], last = dates[^1];
        double years = (last.DayNumber - first.DayNumber) / 365.25;
        if (years < 0.2)
        {
            return [Tick(first, "yyyy-MM-dd"), .. last > first ? [Tick(last, "yyyy-MM-dd")] : Array.Empty<(double, string)>()];
        }

        int months = years < 1.1 ? 2 : years < 3 ? 3 : 12 * ((int)(years / 12) + 1);
        return
        [
            .. Enumerable.Range(0, 12 * Math.Min((int)years + 2, LastYear + 1 - first.Year))
                .Where(month => month % months == 0)
                .Select(month => new DateOnly(first.Year, 1, 1).AddMonths(month))
                .Where(date => date >= first && date <= last)
                .Select(date => Tick(date, months < 12 ? "MMM yyyy" : "yyyy")),
        ];
    }

    private static (double X, string Label) Tick(DateOnly date, string format) =>
        (date.DayNumber, date.ToString(format, CultureInfo.InvariantCulture));

    private static string Table(IReadOnlyList<SmoothedSeries> averages)
    {
        IReadOnlyList<IReadOnlyList<string>> rows = FirstValues.Rows(averages);
        return $"""<div class="scroll"><table><thead><tr>{Cells("th", FirstValues.Headings(averages))}</tr></thead><tbody>{string.Concat(rows.Select(row => $"<tr>{Cells("td", row)}</tr>"))}</tbody></table></div>""";
    }

    private static string Cells(string element, IReadOnlyList<string> texts) =>
        string.Concat(texts.Select(text => $"<{element}>{ReportPage.Escape(text)}</{element}>"));
}
