using System.Globalization;
using System.Text;
using OptimGen;

namespace Landscape;

/// <summary>The surfaces with the paths over them, as one self-contained HTML page.</summary>
internal static class LandscapePage
{
    private const double Width = 480, Height = 400;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Of(IReadOnlyList<SurfaceDescents> all, int steps)
    {
        var body = new StringBuilder();
        body.Append(Culture, $"""
            <h1>Update rules on hard surfaces</h1>
            <p class="lead">Five rules descend from the same start (○) over {steps} steps. Darker shades, or lighter ones on a dark page, are higher; crosses are minima. Drag the slider to see where each stands. The tables have the cost there, and the first step after which 1 % of the excess over the lowest minimum is left.</p>
            <section class="controls" id="controls" hidden="hidden"><button type="button" id="play">Play</button><input type="range" id="step" min="0" max="{steps}" value="{steps}" aria-label="step"/><output id="step-text" for="step">step {steps}</output></section>
            <div class="charts">
            """);
        for (int i = 0; i < all.Count; i++)
        {
            AppendSurface(body, all[i], i);
        }

        return ReportPage.Of("OptimGen: landscapes", $"{body}</div>\n<script>\n//<![CDATA[\n{Resource("landscape.js")}//]]>\n</script>", Resource("landscape.css"));
    }

    private static void AppendSurface(StringBuilder body, SurfaceDescents one, int index)
    {
        Surface surface = one.Surface;
        string description = $"Contours of {surface.Name}, and the paths of {string.Join(", ", one.Descents.Select(descent => descent.Rule.Name))}";
        body.Append(Culture, $"""
            <section class="landscape"><h2>{ReportPage.Escape(surface.Name)}</h2><p class="formula soft">{ReportPage.Escape(surface.Formula)}</p><p class="soft">{ReportPage.Escape(surface.About)}</p>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{ReportPage.Escape(description)}">
            """);
        var relief = new Relief(surface, Width, Height);
        foreach (double level in relief.Levels)
        {
            body.Append(Culture, $"""<path class="band" d="{relief.Outline(level)}"/>""");
        }

        foreach ((double x, double y) in surface.Minima)
        {
            (double column, double row) = Place(surface, x, y);
            body.Append(Culture, $"""<path class="minimum" d="M{column - 5:0.#} {row - 5:0.#}l10 10m0 -10l-10 10"/>""");
        }

        for (int i = 0; i < one.Descents.Count; i++)
        {
            AppendPath(body, surface, one.Descents[i], $"rule-{i}", $"place-{index}-{i}");
        }

        (double startX, double startY) = Place(surface, surface.Start.X, surface.Start.Y);
        body.Append(Culture, $"""<circle class="start" cx="{startX:0.#}" cy="{startY:0.#}" r="6"/>""");
        body.Append(Culture, $"""
            </svg><p class="range soft">x from {Signed(surface.X.Low)} to {Signed(surface.X.High)}, y from {Signed(surface.Y.Low)} to {Signed(surface.Y.High)}</p>
            <table><thead><tr><th>rule</th><th>cost</th><th>steps to 1&#160;%</th></tr></thead><tbody>
            """);
        for (int i = 0; i < one.Descents.Count; i++)
        {
            Descent descent = one.Descents[i];
            body.Append(Culture, $"""<tr id="place-{index}-{i}"><td><span class="key rule-{i}"></span>{ReportPage.Escape(descent.Rule.Name)}</td><td>{descent.Points[^1].Cost:G4}</td><td>{descent.StepsTo(surface, 0.01)?.ToString(Culture) ?? "–"}</td></tr>""");
        }

        body.Append("</tbody></table></section>\n");
    }

    private static void AppendPath(StringBuilder body, Surface surface, Descent descent, string style, string row)
    {
        string points = string.Join(' ', descent.Points.Select(point => Coordinates(surface, point)));
        string costs = string.Join(' ', descent.Points.Select(point => point.Cost.ToString("G4", Culture)));
        string[] last = Coordinates(surface, descent.Points[^1]).Split(',');
        body.Append(Culture, $"""
            <g class="{style}" data-row="{row}" data-path="{points}" data-costs="{costs}"><polyline class="halo" points="{points}"/><polyline class="path" points="{points}"/><circle class="place" cx="{last[0]}" cy="{last[1]}" r="5"/></g>
            """);
    }

    private static string Signed(double value) => value.ToString("0.#", Culture).Replace('-', '−');

    private static string Coordinates(Surface surface, DescentPoint point)
    {
        (double column, double row) = Place(surface, point.X, point.Y);
        return string.Create(Culture, $"{column:0.##},{row:0.##}");
    }

    /// <summary>Where a point is in the drawing. One that is far outside is at its edge times three, so that its numbers stay short.</summary>
    private static (double Column, double Row) Place(Surface surface, double x, double y) => (
        Math.Clamp((x - surface.X.Low) / (surface.X.High - surface.X.Low), -3, 4) * Width,
        Math.Clamp((surface.Y.High - y) / (surface.Y.High - surface.Y.Low), -3, 4) * Height);

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(LandscapePage).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
