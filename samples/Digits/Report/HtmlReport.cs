using System.Globalization;
using System.Text;
using Digits.Data;
using Digits.Terminal;
using Digits.Training;
using OptimGen;
using Samples.Shared;

namespace Digits.Report;

/// <summary>The report of a run as one self-contained HTML page.</summary>
internal sealed class HtmlReport
{
    private const int DigitsShown = 24;
    private const int MistakesShown = 12;

    /// <summary>β of the smoothed cost. The costs of single steps are noisy; their average over about the last 1/(1−β) steps shows the trend.</summary>
    private const double SmoothingBeta = 0.95;

    private readonly DigitsOptions options;
    private readonly DigitData data;
    private readonly IReadOnlyList<TrainingRun> runs;
    private readonly StringBuilder body = new();

    private HtmlReport(DigitsOptions options, DigitData data, IReadOnlyList<TrainingRun> runs) =>
        (this.options, this.data, this.runs) = (options, data, runs);

    /// <summary>The page.</summary>
    public static string Of(DigitsOptions options, DigitData data, IReadOnlyList<TrainingRun> runs)
    {
        var report = new HtmlReport(options, data, runs);
        report.AppendHead();
        report.AppendResults();
        report.AppendCosts();
        report.AppendAccuracies();
        report.AppendRates();
        report.AppendDigits();
        report.AppendRules();
        report.AppendConfiguration();
        return ReportPage.Of("OptimGen: digits", report.body.ToString());
    }

    private TrainingRun? Best => runs.Where(run => double.IsFinite(run.Accuracy)).MaxBy(run => run.Accuracy);

    private void AppendHead()
    {
        Append($"<h1>Reading digits: {(runs.Count == 1 ? Escape(runs[0].Choice.Name) : "the optimizers compared")}</h1>");
        string same = runs.Count > 1 ? "The same network, from the same initial weights, trained on the same mini-batches" : "A small network, trained";
        Append($"""<p class="lead">{same}. The data: {Escape(data.Source)}.""");
        Append($" {(runs.Count > 1 ? "Every" : "The")} optimizer is declared by attributes and compiled to fused {InstructionSets.Selected} kernels.</p>");
    }

    private void AppendResults()
    {
        Append($"""<section><h2>Results</h2><div class="scroll"><table><tr><th>Optimizer</th><th>Learning rate</th><th>Cost, last epoch</th>""");
        Append($"<th>Held-out accuracy</th><th>Steps per second</th><th>Epoch time</th><th>Of it in the optimizer</th></tr>");
        foreach (TrainingRun run in runs)
        {
            string emphasis = run.Accuracy == Best?.Accuracy && runs.Count > 1 ? " class=\"best\"" : "";
            Append($"""<tr><td><span class="swatch series-{Colour(run)}"></span>{Escape(run.Choice.Name)}</td><td>{Figures.Rate(run.Rate)}</td>""");
            Append($"<td>{Figures.Cost(run.FinalCost)}</td><td{emphasis}>{Figures.Percent(run.Accuracy)}</td><td>{Figures.Count(run.StepsPerSecond)}</td>");
            Append($"<td>{Figures.Milliseconds(run.EpochSeconds)}</td><td>{Figures.Share(run.OptimizerSeconds, run.EpochSeconds)}</td></tr>");
        }

        Append($"</table></div>");
        foreach (TrainingRun run in runs.Where(run => run.Note is not null))
        {
            Append($"<p><strong>{Escape(run.Choice.Name)}:</strong> {Escape(run.Note!)}</p>");
        }

        Append($"""<p class="soft">Times are medians over the epochs, without the held-out examples; the first epoch includes compiling.</p></section>""");
    }

    private void AppendCosts()
    {
        var lines = new List<ChartSeries>();
        foreach (TrainingRun run in runs.Where(run => run.Curve.Costs.Count > 0))
        {
            float[] costs = [.. run.Curve.Costs.Select(cost => (float)cost)];
            float[] smooth = ExponentiallyWeightedAverage.Smooth(costs, SmoothingBeta, biasCorrection: true);
            lines.Add(new ChartSeries(run.Choice.Name, Colour(run), [.. smooth.Select((cost, i) => (Epochs(i + 1), (double)cost))]));
            lines.Add(lines[^1] with { Faint = true, Unlisted = true, Points = [.. costs.Select((cost, i) => (Epochs(i + 1), (double)cost))] });
        }

        AppendFigure(
            "Cost",
            "The mean cross-entropy of each mini-batch (pale), and its bias-corrected exponentially weighted average with β = 0.95 (strong).",
            new LineChart
            {
                Description = "The cost of every step, by epoch",
                XLabel = "epoch",
                XFrom = 0,
                YLabel = "cost (log scale)",
                LogarithmicY = true,
                Series = lines,
            });
    }

    private void AppendAccuracies()
    {
        ChartSeries[] lines =
        [
            .. runs.Where(run => run.Epochs.Count > 0).Select(run => new ChartSeries(
                run.Choice.Name, Colour(run), [.. run.Epochs.Select(epoch => ((double)epoch.Epoch, 100 * epoch.Accuracy))]) { Dots = true }),
        ];
        AppendFigure(
            "Accuracy on held-out examples",
            $"Of {Figures.Count(data.HeldOut.Count)} digits that were not trained on, how many were recognized after each epoch.",
            new LineChart
            {
                Description = "Held-out accuracy after each epoch",
                XLabel = "epoch",
                XFrom = 0,
                WholeX = true,
                YLabel = "accuracy in %",
                Series = lines,
                Height = 320,
            });
    }

    private void AppendRates()
    {
        // Optimizers with the same rate share one line, which would otherwise be drawn over the other.
        IEnumerable<IGrouping<double, TrainingRun>> groups = runs.Where(run => run.Curve.Costs.Count > 0).GroupBy(run => run.Rate);
        ChartSeries[] lines = [.. groups.Select(RateLine)];
        AppendFigure(
            "Learning rate",
            $"The rate of every step; decay: {options.Decay}.",
            new LineChart
            {
                Description = "The learning rate of every step, by epoch",
                XLabel = "epoch",
                XFrom = 0,
                YLabel = "rate (log scale)",
                LogarithmicY = true,
                Series = lines,
                Height = 260,
            });
    }

    private ChartSeries RateLine(IGrouping<double, TrainingRun> group)
    {
        TrainingRun longest = group.MaxBy(run => run.Curve.LearningRates.Count)!;
        IReadOnlyList<double> rates = longest.Curve.LearningRates;
        return new ChartSeries(
            string.Join(", ", group.Select(run => run.Choice.Name)),
            Colour(group.First()),
            [.. rates.Select((rate, i) => (Epochs(i), rate)), (Epochs(rates.Count), rates[^1])]);
    }

    private void AppendFigure(string title, string caption, LineChart chart)
    {
        if (chart.Series.Count > 0)
        {
            Append($"""<section><h2>{Escape(title)}</h2><p class="soft">{Escape(caption)}</p><div class="scroll">{chart.ToSvg()}</div></section>""");
        }
    }

    private void AppendDigits()
    {
        Append($"""<section><h2>The digits</h2><p class="soft">The first of the held-out examples.</p>""");
        AppendImages(Enumerable.Range(0, Math.Min(DigitsShown, data.HeldOut.Count)), i => $"{data.HeldOut.Label(i)}");
        if (Best is { Answers.Count: > 0 } best)
        {
            int[] mistakes = [.. Enumerable.Range(0, best.Answers.Count).Where(i => best.Answers[i] != data.HeldOut.Label(i))];
            Append($"""<p class="soft">{Escape(best.Choice.Name)} took {Figures.Count(mistakes.Length)} of all {Figures.Count(data.HeldOut.Count)} for something else""");
            Append($"""{(mistakes.Length > MistakesShown ? $"; the first {MistakesShown}" : "")}: the digit, and what it was taken for.</p>""");
            AppendImages(mistakes.Take(MistakesShown), i => $"{data.HeldOut.Label(i)} → {best.Answers[i]}");
        }

        Append($"</section>");
    }

    private void AppendImages(IEnumerable<int> examples, Func<int, string> caption)
    {
        Append($"""<div class="digits">""");
        foreach (int example in examples)
        {
            string image = Png.DataUri(data.HeldOut.Image(example), DigitSet.Side);
            Append($"""<figure><img src="{image}" alt="a {data.HeldOut.Label(example)}"/><figcaption>{caption(example)}</figcaption></figure>""");
        }

        Append($"</div>");
    }

    private void AppendRules()
    {
        Append($"""<section><h2>The rules</h2><p class="soft">As declared in Optimizers.cs, and the equations of the kernels generated from it.</p><div class="rules">""");
        foreach (TrainingRun run in runs)
        {
            Append($"""<div><h3><span class="swatch series-{Colour(run)}"></span>{Escape(run.Choice.Name)}</h3>""");
            Append($"<pre>{Escape(Declarations.Of(run.Definition.Name))}</pre><pre>{Escape(string.Join('\n', run.Definition.Equations))}</pre></div>");
        }

        Append($"</div></section>");
    }

    private void AppendConfiguration()
    {
        Append($"<section><h2>Configuration</h2><dl>");
        foreach ((string name, string value) in Configuration.Of(options, data))
        {
            Append($"<dt>{Escape(name)}</dt><dd>{Escape(value)}</dd>");
        }

        Append($"</dl></section>");
    }

    /// <summary>The colour of an optimizer. It is the same in every report, whichever other optimizers the report has.</summary>
    private static int Colour(TrainingRun run) => OptimizerChoice.All.TakeWhile(choice => choice != run.Choice).Count();

    private double Epochs(int steps) => steps / Math.Ceiling(data.Training.Count / (double)options.Batch);

    private static string Escape(string text) => ReportPage.Escape(text);

    private void Append(FormattableString html) => body.Append(html.ToString(CultureInfo.InvariantCulture));
}
