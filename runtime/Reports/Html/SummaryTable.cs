using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>The table of the runs, one in each row: what it was made with, and its final and best values. With several runs it has their check boxes.</summary>
internal sealed class SummaryTable(TrainingRun[] runs)
{
    private readonly StringBuilder html = new();

    public string ToHtml()
    {
        string[] facts = [.. runs.SelectMany(run => run.Facts).Select(fact => fact.Key).Distinct(StringComparer.Ordinal)];
        string[] metrics = [.. runs.SelectMany(run => run.Metrics).Select(metric => metric.Name).Distinct(StringComparer.Ordinal)];
        double best = runs.Select(LowestCost).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

        Append($"""<section aria-labelledby="summary"><h2 id="summary">Summary</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="summary"><table><thead><tr>""");
        AppendHeadings(
        [
            "Run", "Cost, last epoch", "Cost, lowest of an epoch", .. metrics.Select(metric => $"{metric}, last"), .. facts, "Epochs", "Steps", "Batch size",
        ]);
        Append($"""<th scope="col" class="text">Optimizer</th><th scope="col" class="text">Hyperparameters</th></tr></thead><tbody>""");
        for (int i = 0; i < runs.Length; i++)
        {
            TrainingRun run = runs[i];
            string swatch = $"{LineChart.Swatch(i)}{Escape(run.Name)}";
            string head = runs.Length > 1
                ? $"""<label><input type="checkbox" id="{RunsPage.ToggleOf(i)}" checked="checked"/>{swatch}</label>"""
                : swatch;
            double lowest = LowestCost(run);
            Append($"""<tr><th scope="row" class="name">{head}</th><td>{ReportNumber.Of(FinalCost(run))}</td>""");
            Append($"<td{(runs.Length > 1 && lowest == best ? " class=\"best\"" : "")}>{ReportNumber.Of(lowest)}</td>");
            foreach (string metric in metrics)
            {
                Append($"<td>{MetricCell(run, metric)}</td>");
            }

            foreach (string fact in facts)
            {
                Append($"<td>{Escape(run.Facts.FirstOrDefault(one => one.Key == fact).Value ?? "–")}</td>");
            }

            Append($"<td>{ReportNumber.Of(run.EpochCount)}</td><td>{ReportNumber.Of(run.StepCount)}</td><td>{ReportNumber.Of(run.BatchSize)}</td>");
            string hyperparameters = string.Join(", ", run.Hyperparameters.Select(one => $"{one.Key} {ReportNumber.Of(one.Value)}"));
            Append($"""<td class="text">{Escape(run.Optimizer)}</td><td class="text wide"><small>{Escape(hyperparameters)}</small></td></tr>""");
        }

        Append($"</tbody></table></div>");
        if (runs.Length > 1)
        {
            Append($"""<p class="soft screen">The check boxes show and hide a run in every chart.</p>""");
        }

        return html.Append("</section>").ToString();
    }

    /// <summary>The mean cost of the last complete epoch; of a run without one, the mean of its costs.</summary>
    private static double FinalCost(TrainingRun run) =>
        run.EpochCount > 0 ? run.Curve.EpochMeans[^1] : run.Curve.Costs.DefaultIfEmpty(double.NaN).Average();

    private static double LowestCost(TrainingRun run) => run.Curve.EpochMeans.DefaultIfEmpty(double.NaN).Min();

    private static string MetricCell(TrainingRun run, string name)
    {
        if (run.Metrics.FirstOrDefault(metric => metric.Name == name) is not { Points.Count: > 0 } metric)
        {
            return "–";
        }

        double last = metric.Points[^1].Value;
        double[] finite = [.. metric.Points.Select(point => point.Value).Where(double.IsFinite)];
        string range = finite.Length < 2 ? "" : $"<br/><small>{ReportNumber.Of(finite.Min())} to {ReportNumber.Of(finite.Max())}</small>";
        return ReportNumber.Of(last) + range;
    }

    private void AppendHeadings(IReadOnlyList<string> headings)
    {
        foreach (string heading in headings)
        {
            Append($"""<th scope="col">{Escape(heading)}</th>""");
        }
    }

    private static string Escape(string text) => ReportPage.Escape(text);

    private void Append(FormattableString text) => html.Append(text.ToString(CultureInfo.InvariantCulture));
}
