using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>
/// Filled contours of a page (<see cref="ReportPage"/>). The bands are inline SVG that is stretched to a square; labels are HTML beside it, so that text keeps
/// its size at any width. Colours are CSS classes, so they follow the light or dark mode of the page.
/// </summary>
internal sealed class ContourChart
{
    private const int Size = 1000;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A description of the chart in one sentence, for screen readers.</summary>
    public required string Description { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    /// <summary>The coordinates of the columns, ascending and equidistant.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>The coordinates of the rows, ascending and equidistant; they rise upwards.</summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>The values by columns and rows, all finite.</summary>
    public required double[,] Values { get; init; }

    public required ContourScale Scale { get; init; }

    /// <summary>The point that is marked by a ring.</summary>
    public (double X, double Y)? Ring { get; init; }

    /// <summary>The chart as a div element.</summary>
    public string ToHtml()
    {
        var x = Axis.Linear(X, 0, Size, toTicks: false);
        var y = Axis.Linear(Y, Size, 0, toTicks: false);
        var html = new StringBuilder("""<div class="chart">""");
        html.Append(Culture, $"""<p class="axis-label">{ReportPage.Escape(YLabel)}</p><div class="field">""");
        html.Append(Culture, $"""<svg viewBox="0 0 {Size} {Size}" preserveAspectRatio="none" role="img" aria-label="{ReportPage.Escape(Description)}">""");
        AppendBands(html);
        html.Append("</svg>");
        if (Ring is { } ring)
        {
            html.Append(Culture, $"""<span class="ring" style="left:{x.Place(ring.X) * 100 / Size:0.##}%;top:{y.Place(ring.Y) * 100 / Size:0.##}%"></span>""");
        }

        foreach (double tick in y.Ticks)
        {
            html.Append(Culture, $"""<span class="tick y" style="top:{100 * y.Place(tick) / Size:0.##}%">{Axis.Label(tick)}</span>""");
        }

        foreach (double tick in x.Ticks)
        {
            html.Append(Culture, $"""<span class="tick x" style="left:{100 * x.Place(tick) / Size:0.##}%">{Axis.Label(tick)}</span>""");
        }

        return html.Append(Culture, $"""</div><p class="axis-label x">{ReportPage.Escape(XLabel)}</p></div>""").ToString();
    }

    /// <summary>The lowest band everywhere, and over it the region above each level.</summary>
    private void AppendBands(StringBuilder html)
    {
        var places = new double[X.Count, Y.Count];
        for (int i = 0; i < X.Count; i++)
        {
            for (int j = 0; j < Y.Count; j++)
            {
                places[i, j] = Scale.Place(Values[i, j]);
            }
        }

        var contours = new Contours(places, Size, Size);
        html.Append(Culture, $"""<path class="band {ContourLook.ClassOf(0, Scale.BandCount)}" d="M0 0H{Size}V{Size}H0Z"/>""");
        for (int i = 0; i < Scale.Levels.Count; i++)
        {
            string outline = contours.Outline(Scale.Place(Scale.Levels[i]));
            if (outline.Length > 0)
            {
                html.Append(Culture, $"""<path class="band {ContourLook.ClassOf(i + 1, Scale.BandCount)}" d="{outline}"/>""");
            }
        }
    }
}
