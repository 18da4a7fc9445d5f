using System.Globalization;
using Samples.Shared;

namespace Smoothing;

/// <summary>The curves as one page that needs nothing beside it.</summary>
internal static class SmoothingReport
{
    private const int FirstDays = 60;

    /// <summary>The colour of the series itself; the averages have the others.</summary>
    private const int SeriesColour = 0;

    public static string Of(TemperatureSeries series, IReadOnlyList<SmoothedSeries> averages) => ReportPage.Of(
        "OptimGen: smoothing",
        string.Create(CultureInfo.InvariantCulture, $"""
            <h1>Exponentially weighted averages</h1>
            <p class="lead">{series.Temperatures.Length:#,0} daily temperatures ({ReportPage.Escape(series.Source)}), averaged by the same generated kernel that keeps the moments of an optimizer.</p>
            <section><h2>The whole series</h2><p class="soft">With bias correction. The larger β, the smoother the curve and the later it follows.</p><div class="scroll">{WholeSeries(series, averages).ToSvg()}</div></section>
            <section><h2>The first {FirstDays} days</h2><p class="soft">Without correction (dashed) an average begins at (1 − β) times the first value and takes about its window to recover; with it (solid) it begins at the first value.</p><div class="scroll">{Beginning(series, averages).ToSvg()}</div></section>
            <section><h2>The rule</h2><pre>v ← β·v + (1 − β)·x
            v̂ = v / (1 − βᵗ)</pre>{Table(averages)}</section>
            """));

    private static LineChart WholeSeries(TemperatureSeries series, IReadOnlyList<SmoothedSeries> averages) => new()
    {
        Description = "The temperatures and their averages with bias correction",
        XLabel = "date",
        YLabel = "°C",
        XTicks = YearTicks(series.Dates),
        Series =
        [
            Line("each day", SeriesColour, series.Dates, series.Temperatures) with { Faint = true },
            .. averages.Select((average, i) => Line(NameOf(average), SeriesColour + 1 + i, series.Dates, average.Corrected)),
        ],
    };

    private static LineChart Beginning(TemperatureSeries series, IReadOnlyList<SmoothedSeries> averages)
    {
        DateOnly[] dates = [.. series.Dates.Take(FirstDays)];
        (double X, double Y)[] Days(float[] values) => [.. dates.Select((date, i) => ((double)(date.DayNumber - dates[0].DayNumber + 1), (double)values[i]))];
        return new LineChart
        {
            Description = "The first days, averaged without and with bias correction",
            XLabel = "day",
            WholeX = true,
            YLabel = "°C",
            Series =
            [
                new ChartSeries("each day", SeriesColour, Days(series.Temperatures)) { Faint = true },
                .. averages.Select((average, i) => new ChartSeries(NameOf(average), SeriesColour + 1 + i, Days(average.Corrected))),
                .. averages.Select((average, i) => new ChartSeries("not corrected", SeriesColour + 1 + i, Days(average.Uncorrected)) { Dashed = true }),
            ],
        };
    }

    private static ChartSeries Line(string name, int colour, IReadOnlyList<DateOnly> dates, float[] values) =>
        new(name, colour, [.. dates.Select((date, i) => ((double)date.DayNumber, (double)values[i]))]);

    private static string NameOf(SmoothedSeries average) =>
        string.Create(CultureInfo.InvariantCulture, $"β = {average.Beta} ({average.Window} days)");

    /// <summary>The first of January of each year, or of every few years of a long series.</summary>
    private static (double X, string Label)[] YearTicks(IReadOnlyList<DateOnly> dates)
    {
        int firstYear = dates[0].DayOfYear == 1 ? dates[0].Year : dates[0].Year + 1, years = Math.Max(0, dates[^1].Year - firstYear + 1);
        int every = (years / 12) + 1;
        return years == 0
            ? [(dates[0].DayNumber, dates[0].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), (dates[^1].DayNumber, dates[^1].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]
            : [.. Enumerable.Range(firstYear, years).Where(year => (year - firstYear) % every == 0).Select(year =>
                ((double)new DateOnly(year, 1, 1).DayNumber, year.ToString(CultureInfo.InvariantCulture)))];
    }

    private static string Table(IReadOnlyList<SmoothedSeries> averages)
    {
        IReadOnlyList<IReadOnlyList<string>> rows = FirstValues.Rows(averages);
        return $"""<div class="scroll"><table><tr>{Cells("th", FirstValues.Headings(averages))}</tr>{string.Concat(rows.Select(row => $"<tr>{Cells("td", row)}</tr>"))}</table></div>""";
    }

    private static string Cells(string element, IReadOnlyList<string> texts) =>
        string.Concat(texts.Select(text => $"<{element}>{ReportPage.Escape(text)}</{element}>"));
}
