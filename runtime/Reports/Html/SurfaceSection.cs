using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>
/// The section of the costs around each run. Surfaces of one title stand side by side on one scale, so that runs can be compared.
/// </summary>
internal sealed class SurfaceSection(TrainingRun[] runs)
{
    private readonly StringBuilder html = new();

    /// <summary>The section; empty if no run has a surface.</summary>
    public string ToHtml()
    {
        IGrouping<string, (int Run, CostSurface Surface)>[] titles =
            [.. runs.SelectMany((run, i) => run.Surfaces.Select(surface => (Run: i, Surface: surface))).GroupBy(one => one.Surface.Title, StringComparer.Ordinal)];
        if (titles.Length == 0)
        {
            return "";
        }

        Append($"""<section aria-labelledby="landscape"><h2 id="landscape">Landscape</h2>""");
        Append($"""<p class="soft">The cost over planes through the parameters of the run (<span class="ring"></span>). A plane shows two of many directions.</p>""");
        Append($"""<div class="titles">""");
        foreach (IGrouping<string, (int Run, CostSurface Surface)> title in titles)
        {
            var scale = ContourScale.Of([.. title.SelectMany(one => one.Surface.Costs)]);
            Append($"""<div class="{(title.Count() > 1 ? "several" : "one")}"><h3>{Escape(title.Key)}</h3><div class="surfaces">""");
            foreach ((int run, CostSurface surface) in title)
            {
                AppendSurface(run, surface, scale);
            }

            Append($"""</div><p class="axis-label">cost{(scale.IsLogarithmic ? " (log scale)" : "")}</p>{scale.LegendHtml()}</div>""");
        }

        return html.Append("</div></section>").ToString();
    }

    private void AppendSurface(int run, CostSurface surface, ContourScale scale)
    {
        string costs = $"{ReportNumber.Of(surface.Cost)} at the run, {ReportNumber.Of(surface.Costs.Min())} to {ReportNumber.Of(surface.Costs.Max())} around it";
        Append($"""<div class="surface of-{RunsPage.ToggleOf(run)}">""");
        if (runs.Length > 1)
        {
            Append($"""<h4>{LineChart.Swatch(run)}{Escape(runs[run].Name)}</h4>""");
        }

        var values = new double[surface.X.Coordinates.Count, surface.Y.Coordinates.Count];
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++)
            {
                values[i, j] = surface[i, j];
            }
        }

        html.Append(new ContourChart
        {
            Description = $"{surface.Title} of {runs[run].Name}, the cost over {surface.ExampleCount} examples: {costs}",
            XLabel = surface.X.Description,
            YLabel = surface.Y.Description,
            X = surface.X.Coordinates,
            Y = surface.Y.Coordinates,
            Values = values,
            Scale = scale,
            Ring = (0, 0),
        }.ToHtml());
        Append($"""<p class="soft costs">Cost over {ReportNumber.Of(surface.ExampleCount)} examples: {costs}.</p></div>""");
    }

    private static string Escape(string text) => ReportPage.Escape(text);

    private void Append(FormattableString text) => html.Append(text.ToString(CultureInfo.InvariantCulture));
}
