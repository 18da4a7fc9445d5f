using System.Diagnostics;
using System.Globalization;
using Digits.Training;
using OptimGen;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Digits.Terminal;

/// <summary>Shows training in a terminal: a table with a row for each optimizer, which is redrawn several times a second.</summary>
internal sealed class TerminalDisplay(LiveDisplayContext context, DigitsOptions options) : ITrainingDisplay
{
    private const int BarWidth = 16;

    private static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(80);

    private readonly Dictionary<OptimizerChoice, DigitsRun> runs = [];
    private DigitsRun? current;
    private TrainingProgress latest;
    private long lastDrawn;

    public void Begin(DigitsRun run)
    {
        runs.Add(run.Choice, run);
        current = run;
        latest = default;
        Draw();
    }

    public void Step(DigitsRun run, TrainingProgress progress)
    {
        latest = progress;
        if (Stopwatch.GetElapsedTime(lastDrawn) >= BetweenDrawings)
        {
            Draw();
        }
    }

    public void EndEpoch(DigitsRun run)
    {
    }

    public void End(DigitsRun run)
    {
        current = null;
        Draw();
    }

    private void Draw()
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("Optimizer").AddColumn("Progress");
        foreach (string heading in (string[])["Epoch", "Cost", "Held-out", "Examples/s", "Time left"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (OptimizerChoice choice in options.Optimizers)
        {
            table.AddRow(Row(choice));
        }

        context.UpdateTarget(table);
        lastDrawn = Stopwatch.GetTimestamp();
    }

    private IEnumerable<IRenderable> Row(OptimizerChoice choice)
    {
        if (!runs.TryGetValue(choice, out DigitsRun? run))
        {
            return [new Text(choice.Name, Color.Grey), new Text(new string('·', BarWidth), Color.Grey)];
        }

        bool underWay = run == current;
        double done = run.EpochCount + (underWay && latest.StepInEpoch < latest.StepsPerEpoch ? latest.StepInEpoch / (double)latest.StepsPerEpoch : 0);
        int filled = (int)(BarWidth * Math.Min(1, done / options.Epochs));
        string epochs = string.Create(CultureInfo.InvariantCulture, $"{run.EpochCount}/{options.Epochs}");
        return
        [
            new Text(choice.Name, underWay ? new Style(decoration: Decoration.Bold) : null),
            new Markup($"[{(underWay ? "blue" : "green")}]{new string('━', filled)}[/][grey]{new string('·', BarWidth - filled)}[/]"),
            new Text(epochs),
            new Text(Figures.Cost(run.FinalCost)),
            new Text(Figures.Percent(run.Accuracy)),
            new Text(Figures.Count((underWay ? latest.ExamplesPerSecond : null) ?? run.ExamplesPerSecond)),
            new Text(underWay && latest.TimeLeft is { } left ? Figures.TimeLeft(left) : ""),
        ];
    }
}
