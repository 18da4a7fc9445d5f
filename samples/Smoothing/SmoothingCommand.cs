using System.CommandLine;
using Samples.Shared;
using Spectre.Console;

namespace Smoothing;

/// <summary>Reads or generates the series, averages it, prints the first values and writes the page.</summary>
internal static class SmoothingCommand
{
    private static readonly double[] Betas = [0.5, 0.9, 0.98];

    /// <returns>The exit code.</returns>
    public static int Invoke(string[] args, IAnsiConsole console, TextWriter output, TextWriter error)
    {
        Option<string?> csv = SampleCommand.PathOption(
            "--csv", "file", "A CSV file: a line of headings, then a date (yyyy-mm-dd) and a temperature a line [default: a synthetic series]");
        Option<string?> report = SampleCommand.PathOption("--report", "file", "The page to write", "smoothing.html");
        var command = new RootCommand("Smooths a daily temperature series by exponentially weighted averages, with and without bias correction.") { csv, report };
        command.SetAction(read => Run(read.GetValue(csv), read.GetRequiredValue(report)!, console, error));
        return SampleCommand.Invoke(command, args, output, error);
    }

    private static int Run(string? csv, string reportPath, IAnsiConsole console, TextWriter error)
    {
        if (csv is not null && Path.GetFullPath(csv) == Path.GetFullPath(reportPath))
        {
            error.WriteLine($"--report is {reportPath}, which is the file of --csv; the report would replace the temperatures.");
            return SampleCommand.BadUsage;
        }

        SampleFile.RequireWritable(reportPath);
        TemperatureSeries series = csv is null ? TemperatureSeries.Synthetic() : TemperatureSeries.Read(csv);
        SmoothedSeries[] averages = [.. Betas.Select(beta => SmoothedSeries.Of(series.Temperatures, beta))];
        File.WriteAllText(reportPath, SmoothingReport.Of(series, averages));
        console.MarkupLineInterpolated($"{series.Temperatures.Length} daily temperatures ({series.Source})");
        console.Write(TableOf(averages));
        // Written to the underlying writer, because the console would wrap a long path.
        console.Profile.Out.Writer.WriteLine($"Report: {Path.GetFullPath(reportPath)}");
        return SampleCommand.Success;
    }

    private static Table TableOf(IReadOnlyList<SmoothedSeries> averages)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string heading in FirstValues.Headings(averages))
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (IReadOnlyList<string> row in FirstValues.Rows(averages))
        {
            table.AddRow([.. row.Select(text => new Text(text))]);
        }

        return table;
    }
}
