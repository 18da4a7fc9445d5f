using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>The page of a <see cref="TrainingReport"/>: its sections, from the summary to the rules.</summary>
internal sealed class RunsPage
{
    private const string RawToggle = "raw";

    /// <summary>With more runs, the costs of single steps are hidden at first, since they would cover each other.</summary>
    private const int MostRawRuns = 4;

    /// <summary>With more points, a line has no dots.</summary>
    private const int MostDots = 60;

    private readonly TrainingRun[] runs;
    private readonly TrainingReportOptions options;
    private readonly StringBuilder body = new();

    public RunsPage(TrainingRun[] runs, TrainingReportOptions options) => (this.runs, this.options) = (runs, options);

    private bool HasToggles => runs.Length > 1;

    public string ToHtml()
    {
        string title = options.Title ?? (runs.Length == 1 ? runs[0].Name : "Training runs compared");
        Append($"<h1>{Escape(title)}</h1>");
        if (options.Lead is { } lead)
        {
            Append($"""<p class="lead">{Escape(lead)}</p>""");
        }

        body.Append(new SummaryTable(runs).ToHtml());
        AppendObservations();
        AppendCosts();
        AppendSmallCharts();
        body.Append(new SurfaceSection(runs).ToHtml());
        AppendRules();
        foreach (ReportSection section in options.Sections)
        {
            Append($"<section><h2>{Escape(section.Title)}</h2>{section.Html}</section>");
        }

        return ReportPage.Of(title, body.ToString(), ToggleStyle());
    }

    /// <summary>The id of the check box that shows and hides a run.</summary>
    public static string ToggleOf(int run) => FormattableString.Invariant($"run-{run}");

    /// <summary>Check boxes work without a script: the style asks whether they are checked.</summary>
    private string ToggleStyle()
    {
        var style = new StringBuilder();
        style.Append(CultureInfo.InvariantCulture, $"main:has(#{RawToggle}:not(:checked)) .plot g.faint {{ display: none; }}\n");
        for (int i = 0; HasToggles && i < runs.Length; i++)
        {
            string hidden = $"main:has(#{ToggleOf(i)}:not(:checked))";
            style.Append(CultureInfo.InvariantCulture, $"{hidden} :is(g, div).of-{ToggleOf(i)} {{ display: none; }} {hidden} li.of-{ToggleOf(i)} {{ opacity: .4; }}\n");
        }

        return style.ToString();
    }

    private void AppendObservations()
    {
        if (runs.All(run => run.Observations.Count == 0 && run.StopReason is null))
        {
            return;
        }

        Append($"<section><h2>Observations</h2>");
        foreach (TrainingRun run in runs.Where(run => run.Observations.Count > 0 || run.StopReason is not null))
        {
            if (runs.Length > 1)
            {
                Append($"<h3>{Escape(run.Name)}</h3>");
            }

            Append($"""<ul class="observations">""");
            foreach (string line in ObservationLines(run))
            {
                Append($"<li>{Escape(line)}</li>");
            }

            Append($"</ul>");
        }

        Append($"</section>");
    }

    /// <summary>The first few observations of each kind; batch descent with a rate that is too high has one at every step.</summary>
    private static IEnumerable<string> ObservationLines(TrainingRun run)
    {
        const int Most = 5;
        foreach (IGrouping<TrainingObservationKind, TrainingObservation> kind in run.Observations.GroupBy(observation => observation.Kind))
        {
            TrainingObservation[] all = [.. kind];
            foreach (TrainingObservation observation in all.Take(Most))
            {
                yield return observation.Message;
            }

            if (all.Length > Most)
            {
                yield return $"And {ReportNumber.Of(all.Length - Most)} more like these, the last at step {ReportNumber.Of(all[^1].Step)}.";
            }
        }

        if (run.StopReason is { } reason)
        {
            yield return $"Stopped after step {ReportNumber.Of(run.StepCount)}: {reason}";
        }
    }

    private void AppendCosts()
    {
        RunSeries[] costs = [.. SeriesOf(run => run.Curve.Costs)];
        if (costs.Length == 0)
        {
            return;
        }

        double beta = options.SmoothingBeta ?? UsualBeta(costs.Max(series => series.Values.Count));
        RunSeries[] smooth = beta > 0 ? [.. costs.Select(series => series.Smoothed(beta))] : [];
        ChartSeries[] lines = beta > 0
            ? [.. smooth.Select(series => LineOf(series)), .. costs.Select(series => LineOf(series) with { Faint = true, Unlisted = true, Dots = false })]
            : [.. costs.Select(series => LineOf(series))];
        string steps = ReportNumber.Of(Math.Round(1 / (1 - beta)));
        string caption = beta > 0
            ? FormattableString.Invariant($"The cost of every step (pale), and its bias-corrected moving average over about {steps} steps, β = {beta:0.######} (strong).")
            : "The cost of every step.";
        Append($"""<section aria-labelledby="cost"><h2 id="cost">Cost</h2><p class="soft">{caption}</p>""");
        if (beta > 0)
        {
            string isChecked = runs.Length <= MostRawRuns ? """ checked="checked" """ : " ";
            Append($"""<p class="screen"><label><input type="checkbox" id="{RawToggle}"{isChecked}/>Show every step</label></p>""");
        }

        body.Append(ChartOf("The cost by step", "", lines, height: 380).ToHtml());
        body.Append(new EpochTable(runs).ToHtml());
        Append($"</section>");
    }

    /// <summary>β of an average over about one fiftieth of the steps.</summary>
    private static double UsualBeta(int steps) => steps < 100 ? 0 : 1 - (1 / Math.Round(steps / 50.0));

    private void AppendSmallCharts()
    {
        (string Title, string Caption, RunSeries[] Series)[] charts =
        [
            ("Learning rate", "The learning rate of every step.", [.. SeriesOf(run => run.Curve.LearningRates).Where(series => series.IndexOfExtreme(highest: true) >= 0)]),
            .. runs.SelectMany(run => run.Metrics).Select(metric => metric.Name).Distinct(StringComparer.Ordinal)
                .Select(name => (name, "", MetricOf(name).ToArray())),
        ];
        charts = [.. charts.Where(chart => chart.Series.Length > 0)];
        if (charts.Length == 0)
        {
            return;
        }

        Append($"""<div class="charts">""");
        foreach ((string title, string caption, RunSeries[] series) in charts)
        {
            Append($"<section><h2>{Escape(title)}</h2>");
            if (caption.Length > 0)
            {
                Append($"""<p class="soft">{caption}</p>""");
            }

            body.Append(ChartOf($"{title} by step", "", [.. series.Select(LineOf)], height: 260).ToHtml());
            body.Append(new ExtremesTable(runs, series).ToHtml());
            Append($"</section>");
        }

        Append($"</div>");
    }

    private IEnumerable<RunSeries> SeriesOf(Func<TrainingRun, IReadOnlyList<double>> valuesOf) =>
        runs.Select((run, i) => RunSeries.OfSteps(i, valuesOf(run))).Where(series => series.Values.Count > 0);

    private IEnumerable<RunSeries> MetricOf(string name)
    {
        for (int i = 0; i < runs.Length; i++)
        {
            if (runs[i].Metrics.FirstOrDefault(metric => metric.Name == name) is { Points.Count: > 0 } metric)
            {
                yield return RunSeries.OfMetric(i, metric);
            }
        }
    }

    private ChartSeries LineOf(RunSeries series)
    {
        TrainingRun run = runs[series.Run];
        Func<double, double> xOf = options.Axis == ReportAxis.Epochs ? run.EpochsAfter : static step => step;
        return new ChartSeries(run.Name, series.Run, series.Points(xOf))
        {
            Toggle = HasToggles ? ToggleOf(series.Run) : null,
            Dots = series.Values.Count <= MostDots,
        };
    }

    private LineChart ChartOf(string description, string yLabel, IReadOnlyList<ChartSeries> lines, int height) => new()
    {
        Description = description,
        XLabel = options.Axis == ReportAxis.Epochs ? "epoch" : "step",
        XFrom = 0,
        WholeX = options.Axis == ReportAxis.Steps,
        YLabel = yLabel,
        Height = height,
        Series = lines,
    };

    /// <summary>The equations, once for runs that share them.</summary>
    private void AppendRules()
    {
        IGrouping<string, TrainingRun>[] rules =
            [.. runs.Where(run => run.Equations.Count > 0).GroupBy(run => $"{run.Optimizer}\n{string.Join('\n', run.Equations)}", StringComparer.Ordinal)];
        if (rules.Length == 0)
        {
            return;
        }

        Append($"""<section><h2>Rules</h2><p class="soft">The equations of the optimizers.</p><div class="rules">""");
        foreach (IGrouping<string, TrainingRun> rule in rules)
        {
            Append($"<div><h3>{Escape(rule.First().Optimizer)}</h3><pre>{Escape(string.Join('\n', rule.First().Equations))}</pre></div>");
        }

        Append($"</div></section>");
    }

    private static string Escape(string text) => ReportPage.Escape(text);

    private void Append(FormattableString html) => body.Append(html.ToString(CultureInfo.InvariantCulture));
}
