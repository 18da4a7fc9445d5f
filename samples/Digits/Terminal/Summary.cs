using Digits.Data;
using Digits.Training;
using OptimGen;
using Spectre.Console;

namespace Digits.Terminal;

/// <summary>The text before and after training.</summary>
internal static class Summary
{
    /// <summary>The model, the data and the settings, and what the runs are resumed from.</summary>
    public static void Introduce(IAnsiConsole console, DigitsOptions options, DigitData data, IReadOnlyList<string> resumed)
    {
        foreach ((string name, string value) in Configuration.Of(options, data))
        {
            console.MarkupLineInterpolated($"[grey]{name,-16}[/] {value}");
        }

        foreach (string line in resumed)
        {
            // Written to the underlying writer, because the console would wrap a long path.
            console.Profile.Out.Writer.WriteLine(line);
        }

        console.WriteLine();
    }

    /// <summary>The table of results, with a row for each optimizer. The best accuracy is highlighted.</summary>
    public static void Conclude(IAnsiConsole console, IReadOnlyList<DigitsRun> runs)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("\nOptimizer");
        foreach (string heading in (string[])["\nRate", "\nCost", "Held-out\naccuracy", "Steps\nper s", "\nEpoch", "In the\noptimizer"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        }

        double best = runs.Select(run => run.Accuracy).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        foreach (DigitsRun run in runs)
        {
            table.AddRow(
                new Text(run.Choice.Name),
                new Text(Figures.Rate(run.Rate)),
                new Text(Figures.Cost(run.FinalCost)),
                new Text(Figures.Percent(run.Accuracy), run.Accuracy == best && runs.Count > 1 ? new Style(Color.Green, decoration: Decoration.Bold) : null),
                new Text(Figures.Count(run.StepsPerSecond)),
                new Text(Figures.Milliseconds(run.EpochSeconds)),
                new Text(Figures.Milliseconds(run.OptimizerSeconds)));
        }

        console.Write(table);
        foreach (DigitsRun run in runs.Where(run => run.Note is not null))
        {
            console.MarkupLineInterpolated($"[yellow]{run.Choice.Name}[/]: {run.Note}");
        }
    }
}
