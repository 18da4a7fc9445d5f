using System.Globalization;
using System.Text;
using Digits.Curvature;
using Digits.Data;
using Digits.Terminal;
using Digits.Training;
using OptimGen;

namespace Digits.Report;

/// <summary>What the report says beside the library's own sections: the digits, the declarations, and the configuration.</summary>
internal sealed class DigitsReport(DigitsOptions options, DigitData data, IReadOnlyList<DigitsRun> runs, IReadOnlyList<CurvatureTable> curvatures)
{
    private const int DigitsShown = 24;
    private const int MistakesShown = 12;

    /// <summary>β of the smoothed cost. The costs of single steps are noisy; their average over about the last 1/(1−β) steps shows the trend.</summary>
    private const double SmoothingBeta = 0.95;

    private DigitsRun? Best => runs.Where(run => double.IsFinite(run.Accuracy)).MaxBy(run => run.Accuracy);

    /// <summary>Writes the page.</summary>
    public void Write(string path) => TrainingReport.Write(path, runs.Select(ReportedRun), new TrainingReportOptions
    {
        Title = $"Reading digits: {(runs.Count == 1 ? runs[0].Choice.Name : "the optimizers compared")}",
        Lead = Lead,
        Axis = ReportAxis.Epochs,
        SmoothingBeta = SmoothingBeta,
        Sections =
        [
            new ReportSection("The digits", DigitsHtml()),
            .. curvatures.Count > 0 ? [new ReportSection(CurvatureTable.Title, CurvatureHtml())] : Array.Empty<ReportSection>(),
            new ReportSection("The declarations", DeclarationsHtml()),
            new ReportSection("Configuration", ConfigurationHtml()),
        ],
    });

    private string Lead =>
        $"{(runs.Count > 1 ? "The same network, from the same initial weights, trained on the same mini-batches" : "A small network, trained")}. "
        + $"The data: {data.Source}. {(runs.Count > 1 ? "Every" : "The")} optimizer is declared by attributes and compiled to fused {InstructionSets.Selected} kernels. "
        + "Times are medians over the epochs, without the held-out examples; the first epoch includes compiling.";

    private static TrainingRun ReportedRun(DigitsRun run) => run.Report with
    {
        Facts =
        [
            new("Steps per second", Figures.Count(run.StepsPerSecond)),
            new("Epoch time", Figures.Milliseconds(run.EpochSeconds)),
            new("Of it in the optimizer", Figures.Share(run.OptimizerSeconds, run.EpochSeconds)),
        ],
    };

    private string DigitsHtml()
    {
        var html = new StringBuilder();
        Append(html, $"""<p class="soft">The first of the held-out examples.</p>""");
        AppendImages(html, Enumerable.Range(0, Math.Min(DigitsShown, data.HeldOut.Count)), i => $"{data.HeldOut.Label(i)}");
        if (Best is { Answers.Count: > 0 } best)
        {
            int[] mistakes = [.. Enumerable.Range(0, best.Answers.Count).Where(i => best.Answers[i] != data.HeldOut.Label(i))];
            Append(html, $"""<p class="soft">{Escape(best.Choice.Name)} took {Figures.Count(mistakes.Length)} of all {Figures.Count(data.HeldOut.Count)} for something else""");
            Append(html, $"""{(mistakes.Length > MistakesShown ? $"; the first {MistakesShown}" : "")}: the digit, and what it was taken for.</p>""");
            AppendImages(html, mistakes.Take(MistakesShown), i => $"{data.HeldOut.Label(i)} → {best.Answers[i]}");
        }

        return html.ToString();
    }

    private void AppendImages(StringBuilder html, IEnumerable<int> examples, Func<int, string> caption)
    {
        Append(html, $"""<div class="digits">""");
        foreach (int example in examples)
        {
            string image = Png.DataUri(data.HeldOut.Image(example), DigitSet.Side);
            Append(html, $"""<figure><img src="{image}" alt="a {data.HeldOut.Label(example)}"/><figcaption>{caption(example)}</figcaption></figure>""");
        }

        Append(html, $"</div>");
    }

    private string CurvatureHtml() =>
        $"""<p class="soft">{Escape(CurvatureTable.Introduction(PooledPerceptron<float>.ParameterCount))}</p>{CurvatureTable.ToHtml(curvatures)}""";

    private string DeclarationsHtml()
    {
        var html = new StringBuilder();
        Append(html, $"""<p class="soft">The text in Optimizers.cs from which the kernels were generated.</p><div class="rules">""");
        foreach (DigitsRun run in runs)
        {
            Append(html, $"<div><h3>{Escape(run.Choice.Name)}</h3><pre>{Escape(Declarations.Of(run.Definition.Name))}</pre></div>");
        }

        return html.Append("</div>").ToString();
    }

    private string ConfigurationHtml()
    {
        var html = new StringBuilder("<dl>");
        foreach ((string name, string value) in Configuration.Of(options, data))
        {
            Append(html, $"<dt>{Escape(name)}</dt><dd>{Escape(value)}</dd>");
        }

        return html.Append("</dl>").ToString();
    }

    private static string Escape(string text) => ReportPage.Escape(text);

    private static void Append(StringBuilder html, FormattableString text) => html.Append(text.ToString(CultureInfo.InvariantCulture));
}
