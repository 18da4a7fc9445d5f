using System.Globalization;
using System.Text;

namespace Samples.Shared;

/// <summary>
/// A line chart as inline SVG. Colours are CSS classes of the page (<see cref="ReportPage"/>), so they follow its light or dark mode.
/// </summary>
internal sealed class LineChart
{
    private const double Width = 820, Left = 68, Right = 18, Top = 44, Bottom = 48;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A description of the chart in one sentence, for screen readers.</summary>
    public required string Description { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogarithmicY { get; init; }

    public double Height { get; init; } = 360;

    /// <summary>A value that the horizontal axis includes: it begins there, or at the first point if that is lower.</summary>
    public double? XFrom { get; init; }

    /// <summary>Whether ticks are at whole x only.</summary>
    public bool WholeX { get; init; }

    /// <summary>The x ticks and their labels, such as dates; <see langword="null"/> for ticks labelled by numbers.</summary>
    public IReadOnlyList<(double X, string Label)>? XTicks { get; init; }

    /// <summary>The chart as an svg element.</summary>
    public string ToSvg()
    {
        IEnumerable<double> xs = Series.SelectMany(line => line.Points).Select(point => point.X);
        IEnumerable<double> ys = Series.SelectMany(line => line.Points).Select(point => point.Y);
        var x = Axis.Linear(XFrom is { } start ? xs.Append(start) : xs, Left, Width - Right, toTicks: false, WholeX ? 1 : 0);
        Axis y = LogarithmicY
            ? Axis.Logarithmic(ys, Height - Bottom, Top)
            : Axis.Linear(ys, Height - Bottom, Top, toTicks: true);

        var svg = new StringBuilder();
        svg.Append(Culture, $"""<svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-label="{ReportPage.Escape(Description)}">""");
        AppendGrid(svg, x, y);
        foreach (ChartSeries line in Series.OrderByDescending(line => line.Faint))
        {
            AppendLine(svg, line, x, y);
        }

        AppendLegend(svg);
        return svg.Append("</svg>").ToString();
    }

    private void AppendGrid(StringBuilder svg, Axis x, Axis y)
    {
        double bottom = Height - Bottom, right = Width - Right;
        foreach (double tick in y.Ticks)
        {
            double at = y.Place(tick);
            svg.Append(Culture, $"""<line class="grid" x1="{Left}" y1="{at:0.##}" x2="{right}" y2="{at:0.##}"/>""");
            svg.Append(Culture, $"""<text class="tick" x="{Left - 8}" y="{at + 4:0.##}" text-anchor="end">{Axis.Label(tick)}</text>""");
        }

        foreach ((double tick, string label) in XTicks ?? [.. x.Ticks.Select(tick => (tick, Axis.Label(tick)))])
        {
            double at = x.Place(tick);
            svg.Append(Culture, $"""<line class="axis" x1="{at:0.##}" y1="{bottom}" x2="{at:0.##}" y2="{bottom + 5}"/>""");
            svg.Append(Culture, $"""<text class="tick" x="{at:0.##}" y="{bottom + 19}" text-anchor="middle">{ReportPage.Escape(label)}</text>""");
        }

        svg.Append(Culture, $"""<line class="axis" x1="{Left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>""");
        svg.Append(Culture, $"""<text class="label" x="{(Left + right) / 2}" y="{Height - 8}" text-anchor="middle">{ReportPage.Escape(XLabel)}</text>""");
        double middle = (Top + bottom) / 2;
        svg.Append(Culture, $"""<text class="label" x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">{ReportPage.Escape(YLabel)}</text>""");
    }

    private static void AppendLine(StringBuilder svg, ChartSeries line, Axis x, Axis y)
    {
        string look = $"line series-{line.Colour}{(line.Faint ? " faint" : "")}{(line.Dashed ? " dashed" : "")}{(line.Points.Count > Width ? " dense" : "")}";
        List<(double X, double Y)> placed = [.. line.Points.Select(point => (x.Place(point.X), double.IsFinite(point.Y) ? y.Place(point.Y) : double.NaN))];
        var path = new StringBuilder();
        bool down = false;
        foreach ((double atX, double atY) in Thin(placed))
        {
            if (double.IsFinite(atY))
            {
                // A line of length 0 after each move, so that an isolated point is drawn as a dot.
                path.Append(Culture, $"{(down ? "L" : "M")}{atX:0.#} {atY:0.#}{(down ? "" : "h0")}");
            }

            down = double.IsFinite(atY);
        }

        svg.Append(Culture, $"""<path class="{look}" d="{path}"><title>{ReportPage.Escape(line.Name)}</title></path>""");
        if (line.Dots)
        {
            foreach ((double atX, double atY) in placed.Where(point => double.IsFinite(point.Y)))
            {
                svg.Append(Culture, $"""<circle class="dot series-{line.Colour}" cx="{atX:0.#}" cy="{atY:0.#}" r="3.5"/>""");
            }
        }
    }

    /// <summary>
    /// Reduces the number of points without a visible change: of the points within the same half unit of the horizontal coordinate, it keeps
    /// the first, the lowest, the highest and the last.
    /// </summary>
    private static IEnumerable<(double X, double Y)> Thin(List<(double X, double Y)> points)
    {
        for (int first = 0; first < points.Count;)
        {
            int lowest = first, highest = first, last = first;
            double column = Math.Floor(2 * points[first].X);
            for (int i = first + 1; i < points.Count && Math.Floor(2 * points[i].X) == column && double.IsFinite(points[i].Y); i++)
            {
                lowest = points[i].Y < points[lowest].Y ? i : lowest;
                highest = points[i].Y > points[highest].Y ? i : highest;
                last = i;
            }

            foreach (int kept in new SortedSet<int> { first, lowest, highest, last })
            {
                yield return points[kept];
            }

            first = last + 1;
        }
    }

    private void AppendLegend(StringBuilder svg)
    {
        double at = Left;
        foreach (ChartSeries line in Series.Where(line => !line.Unlisted))
        {
            string look = $"line series-{line.Colour}{(line.Faint ? " faint" : "")}{(line.Dashed ? " dashed" : "")}";
            svg.Append(Culture, $"""<path class="{look}" d="M{at:0.#} 16h26"/>""");
            svg.Append(Culture, $"""<text class="legend" x="{at + 33:0.#}" y="20">{ReportPage.Escape(line.Name)}</text>""");
            at += 33 + WidthOf(line.Name) + 24;
        }
    }

    /// <summary>The estimated width of a text in the chart's font. The exact width is known only to the browser.</summary>
    private static double WidthOf(string text) => text.Sum(character => character switch
    {
        'i' or 'j' or 'l' or 't' or 'f' or 'r' or ' ' or '.' or ',' => 4.8,
        'm' or 'w' or 'M' or 'W' => 11.5,
        _ => char.IsUpper(character) ? 9 : 7.8,
    });
}
