using Samples.Shared;
using Spectre.Console;

namespace Smoothing;

/// <summary>The whole job: get the series, average it, print the first values, write the page.</summary>
internal static class SmoothingCommand
{
    private const int Success = 0;
    private const int Failure = 1;

    private static readonly double[] Betas = [0.5, 0.9, 0.98];

    /// <returns>The exit code.</returns>
    public static int Run(string? csv, string reportPath, IAnsiConsole console, TextWriter error)
    {
        try
        {
            TemperatureSeries series = csv is null ? TemperatureSeries.Synthetic() : TemperatureSeries.Read(csv);
            SmoothedSeries[] averages = [.. Betas.Select(beta => SmoothedSeries.Of(series.Temperatures, beta))];
            File.WriteAllText(reportPath, SmoothingReport.Of(series, averages));
            console.MarkupLineInterpolated($"{series.Temperatures.Length} daily temperatures ({series.Source})");
            console.Write(TableOf(averages));
            // Past the console, which would break a long path into lines.
            console.Profile.Out.Writer.WriteLine($"Report: {Path.GetFullPath(reportPath)}");
            return Success;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            error.WriteLine(failure.Message);
            return Failure;
        }
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
