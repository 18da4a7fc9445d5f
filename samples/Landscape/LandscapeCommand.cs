using System.CommandLine;
using System.Globalization;
using OptimGen;
using Samples.Shared;
using Spectre.Console;

namespace Landscape;

/// <summary>Descends on every surface with every rule, prints where each stands, and writes the page.</summary>
internal static class LandscapeCommand
{
    private const int UsualSteps = 200, MostSteps = 2000;

    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args, IAnsiConsole console, TextWriter output, TextWriter error)
    {
        var steps = new Option<int>("--steps") { Description = $"The number of steps, from 1 to {MostSteps}", HelpName = "n", DefaultValueFactory = _ => UsualSteps };
        steps.Validators.Add(result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (result.Tokens.Count > 0 && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= MostSteps))
            {
                result.AddError($"--steps is '{text}'; it must be a whole number from 1 to {MostSteps}.");
            }
        });
        Option<string?> report = SampleCommand.PathOption("--report", "file", "The page to write", "landscape.html");
        var command = new RootCommand("Compares update rules on surfaces that are hard to descend. Edit MyRule.cs to compare your own.") { steps, report };
        command.SetAction(read => Run(read.GetValue(steps), read.GetRequiredValue(report)!, console));
        return SampleCommand.Invoke(command, args, output, error);
    }

    private static int Run(int steps, string reportPath, IAnsiConsole console)
    {
        SampleFile.RequireWritable(reportPath);
        SurfaceDescents[] all = [.. Surfaces.All.Select(surface => SurfaceDescents.Of(surface, steps))];
        File.WriteAllText(reportPath, LandscapePage.Of(all, steps));
        Table table = new Table().Border(TableBorder.Simple).AddColumn("surface").AddColumn("rule");
        foreach (string heading in new[] { "x", "y", "cost", "steps to 1 %" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        table.AddColumn("it is at");
        foreach (SurfaceDescents one in all)
        {
            for (int i = 0; i < one.Descents.Count; i++)
            {
                Descent descent = one.Descents[i];
                DescentPoint last = descent.Points[^1];
                table.AddRow(
                    new Text(i == 0 ? one.Surface.Name : ""),
                    new Text(descent.Rule.Name),
                    Number(last.X, "0.000"),
                    Number(last.Y, "0.000"),
                    Number(last.Cost, "0.00e0"),
                    new Text(descent.StepsTo(one.Surface, 0.01)?.ToString(CultureInfo.InvariantCulture) ?? "–"),
                    new Text(Words(descent, steps)));
            }
        }

        console.MarkupLineInterpolated($"After {steps} steps:");
        console.Write(table);
        // Written to the underlying writer, because the console would wrap a long path.
        console.Profile.Out.Writer.WriteLine($"Report: {Path.GetFullPath(reportPath)}");
        return SampleCommand.Success;
    }

    private static Text Number(double value, string format) => new(value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−'));

    private static string Words(Descent descent, int steps) => descent.End switch
    {
        null => string.Create(CultureInfo.InvariantCulture, $"diverged after {descent.Points.Count - 1} of {steps} steps"),
        CriticalPointVerdict.NotCritical => "a slope",
        CriticalPointVerdict.Undecided => "undecided",
        CriticalPointVerdict.Degenerate => "a degenerate point",
        CriticalPointVerdict other => $"a {other.ToString().ToLowerInvariant()}",
    };
}
