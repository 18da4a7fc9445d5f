using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>
/// A line chart of a page (<see cref="ReportPage"/>). The lines are inline SVG that is stretched to the width of the page; labels are HTML beside it, so
/// that text keeps its size at any width. Colours are CSS classes, so they follow the light or dark mode of the page.
/// </summary>
internal sealed class LineChart
{
    /// <summary>The size of the drawing in its own units: a unit is about a pixel of a wide page.</summary>
    private const int Size = 1000;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A description of the chart in one sentence, for screen readers.</summary>
    public required string Description { get; init; }

    public required string XLabel { get; init; }

    /// <summary>What the vertical axis shows; empty where a heading above the chart says it.</summary>
    public required string YLabel { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; <see langword="null"/> to decide by the values (<see cref="IsLogarithmicSensible"/>).</summary>
    public bool? LogarithmicY { get; init; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; init; } = 320;

    /// <summary>A value that the horizontal axis includes: it begins there, or at the first point if that is lower.</summary>
    public double? XFrom { get; init; }

    /// <summary>Whether ticks are at whole x only.</summary>
    public bool WholeX { get; init; }

    /// <summary>The x ticks and their labels, such as dates; <see langword="null"/> for ticks labelled by numbers.</summary>
    public IReadOnlyList<(double X, string Label)>? XTicks { get; init; }

    /// <summary>The chart as a div element.</summary>
    public string ToHtml()
    {
        IEnumerable<double> xs = Series.SelectMany(line => line.Points).Select(point => point.X);
        var x = Axis.Linear(XFrom is { } start ? xs.Append(start) : xs, 0, Size, toTicks: false, WholeX ? 1 : 0);
        List<ChartPoint>[] lines = [.. Series.Select(line => Thinning.Thin(line.Points, x.Low, x.High, Size))];

        // The lowest and the highest point of a column are kept, so the thinned lines have the extent of the whole ones.
        double[] ys = [.. lines.SelectMany(line => line).Select(point => point.Y)];
        Axis y = LogarithmicY ?? IsLogarithmicSensible(ys) ? Axis.Logarithmic(ys, Size, 0) : Axis.Linear(ys, Size, 0, toTicks: true);

        var html = new StringBuilder();
        html.Append("""<div class="chart">""");
        AppendLegend(html);
        html.Append(Culture, $"""<p class="axis-label">{ReportPage.Escape($"{YLabel}{(y.IsLogarithmic ? " (log scale)" : "")}".TrimStart())}</p>""");
        html.Append(Culture, $"""<div class="plot" style="height:{Height}px" data-x="{x.Low:R} {x.High:R}" data-y="{y.Low:R} {y.High:R}" data-log="{(y.IsLogarithmic ? 1 : 0)}">""");
        html.Append(Culture, $"""<svg viewBox="0 0 {Size} {Size}" preserveAspectRatio="none" role="img" aria-label="{ReportPage.Escape(Description)}">""");
        AppendGrid(html, x, y);
        foreach ((ChartSeries series, List<ChartPoint> points) in Series.Zip(lines).OrderByDescending(line => line.First.Faint))
        {
            AppendLine(html, series, points, x, y);
        }

        html.Append("</svg>");
        AppendTicks(html, x, y);
        return html.Append(Culture, $"""</div><p class="axis-label x">{ReportPage.Escape(XLabel)}</p></div>""").ToString();
    }

    /// <summary>Whether all values are positive and the largest is at least 30 times the smallest.</summary>
    public static bool IsLogarithmicSensible(IEnumerable<double> values)
    {
        const double LeastRatio = 30;
        double low = double.PositiveInfinity, high = 0;
        foreach (double value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low > 0 && high / low >= LeastRatio;
    }

    private static void AppendGrid(StringBuilder html, Axis x, Axis y)
    {
        foreach (double tick in y.Ticks)
        {
            html.Append(Culture, $"""<path class="grid" d="M0 {y.Place(tick):0.#}H{Size}"/>""");
        }

        foreach (double tick in x.Ticks)
        {
            html.Append(Culture, $"""<path class="grid x" d="M{x.Place(tick):0.#} 0V{Size}"/>""");
        }

        html.Append(Culture, $"""<path class="axis" d="M0 {Size}H{Size}"/>""");
    }

    private void AppendTicks(StringBuilder html, Axis x, Axis y)
    {
        foreach (double tick in y.Ticks)
        {
            html.Append(Culture, $"""<span class="tick y" style="top:{100 * y.Place(tick) / Size:0.##}%">{Axis.Label(tick)}</span>""");
        }

        // The labels that a narrow page has no room for are marked.
        int index = 0;
        foreach ((double tick, string label) in XTicks ?? [.. x.Ticks.Select(tick => (tick, Axis.Label(tick)))])
        {
            string minor = index++ % 2 == 1 ? " minor" : "";
            html.Append(Culture, $"""<span class="tick x{minor}" style="left:{100 * x.Place(tick) / Size:0.##}%">{ReportPage.Escape(label)}</span>""");
        }
    }

    private static void AppendLine(StringBuilder html, ChartSeries series, List<ChartPoint> points, Axis x, Axis y)
    {
        string toggle = series.Toggle is { } id ? $" of-{id}" : "";
        string look = $"{SeriesLook.ClassesOf(series.Look)}{(series.Faint ? " faint" : "")}{(series.Dashed ? " dashed" : "")}";
        html.Append(Culture, $"""<g class="{look}{toggle}" data-name="{ReportPage.Escape(series.Name)}"><title>{ReportPage.Escape(series.Name)}</title>""");
        html.Append("""<path class="line" d=" """.TrimEnd());
        bool isDown = false;
        foreach (ChartPoint point in points)
        {
            bool isShown = double.IsFinite(point.Y) && !(y.IsLogarithmic && point.Y <= 0);
            if (isShown)
            {
                // A line of length 0 after each move, so that an isolated point is drawn as a dot.
                html.Append(Culture, $"{(isDown ? "L" : "M")}{x.Place(point.X):0.#} {y.Place(point.Y):0.#}{(isDown ? "" : "h0")}");
            }

            isDown = isShown;
        }

        html.Append("\"/>");
        if (series.Dots)
        {
            html.Append("""<path class="dots" d=" """.TrimEnd());
            foreach (ChartPoint point in points.Where(point => double.IsFinite(point.Y) && !(y.IsLogarithmic && point.Y <= 0)))
            {
                html.Append(Culture, $"M{x.Place(point.X):0.#} {y.Place(point.Y):0.#}h0");
            }

            html.Append("\"/>");
        }

        html.Append("</g>");
    }

    private void AppendLegend(StringBuilder html)
    {
        ChartSeries[] listed = [.. Series.Where(line => !line.Unlisted)];
        if (listed.Length < 2)
        {
            return;
        }

        html.Append("""<ul class="legend">""");
        foreach (ChartSeries series in listed)
        {
            string content = $"{Swatch(series.Look, series.Faint, series.Dashed)}{ReportPage.Escape(series.Name)}";
            html.Append(series.Toggle is { } id ? $"""<li class="of-{id}"><label for="{id}">{content}</label></li>""" : $"<li>{content}</li>");
        }

        html.Append("</ul>");
    }

    /// <summary>A short piece of a line, for legends and tables.</summary>
    public static string Swatch(int look, bool isFaint = false, bool isDashed = false) =>
        $"""<svg class="swatch {SeriesLook.ClassesOf(look)}{(isFaint ? " faint" : "")}{(isDashed ? " dashed" : "")}" viewBox="0 0 28 8" aria-hidden="true"><path class="line" d="M2 4H26"/></svg>""";
}
