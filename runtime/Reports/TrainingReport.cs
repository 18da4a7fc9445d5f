using System.Text;

namespace OptimGen;

/// <summary>
/// Reports of training runs: a page with charts and tables, and the same numbers as CSV and JSON. A file is written beside its place, flushed to the disk and
/// renamed, so its path never has half a report.
/// </summary>
/// <example>
/// <code>
/// TrainingRun[] runs = [TrainingRun.Of("Adam", adamTrainer), TrainingRun.Load("Lion", "lion.safetensors")];
/// TrainingReport.Write("report.html", runs);
/// TrainingReport.WriteCsv("report.csv", runs);
/// </code>
/// </example>
public static class TrainingReport
{
    /// <summary>
    /// Writes the page: one self-contained HTML file. It has a summary of the runs; the cost of every step, with its moving average; the learning rate; every
    /// metric, the runs compared in one chart each; and the surfaces of the runs as filled contours. Values that are not finite are gaps. A chart of a million steps is thinned to what can be seen of it,
    /// spikes included. The page loads nothing, follows the light or dark mode of the browser, can be printed, and is complete without its script.
    /// </summary>
    /// <param name="path">The path of the file, which is replaced if it exists. Its folder must exist.</param>
    /// <param name="runs">The runs, at least one, each with its own name.</param>
    /// <param name="options">What the page has beside the runs; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no run, or two have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    public static void Write(string path, IEnumerable<TrainingRun> runs, TrainingReportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string page = ToHtml(runs, options);
        DurableFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            writer.Write(page);
        });
    }

    /// <summary>The page that <see cref="Write"/> writes, as text.</summary>
    /// <param name="runs">The runs, at least one, each with its own name.</param>
    /// <param name="options">What the page has beside the runs; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">There is no run, or two have the same name.</exception>
    public static string ToHtml(IEnumerable<TrainingRun> runs, TrainingReportOptions? options = null) =>
        new RunsPage(Require(runs), options ?? new TrainingReportOptions()).ToHtml();

    /// <summary>
    /// Writes every number as CSV (RFC 4180), a line each: <c>run,series,step,epoch,value</c>. The series are <c>cost</c> and <c>learningRate</c> of every step,
    /// <c>epochMeanCost</c> of every epoch, and <c>metric:</c> with the name of each metric. The epoch is the number of complete ones. Numbers are in the
    /// invariant culture, the shortest that give the same double again; NaN, Infinity and -Infinity are written as such. Surfaces are left out.
    /// </summary>
    /// <param name="path">The path of the file, which is replaced if it exists. Its folder must exist.</param>
    /// <param name="runs">The runs, at least one, each with its own name.</param>
    /// <exception cref="ArgumentException">There is no run, or two have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    public static void WriteCsv(string path, IEnumerable<TrainingRun> runs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        TrainingRun[] required = Require(runs);
        DurableFile.Write(path, stream => CsvRuns.Write(stream, required));
    }

    /// <summary>
    /// Writes every number as JSON: an object with the array <c>runs</c>, whose objects have the properties of a <see cref="TrainingRun"/> by their names in
    /// camel case. NaN and infinities, which JSON has no numbers for, are the strings <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.
    /// </summary>
    /// <param name="path">The path of the file, which is replaced if it exists. Its folder must exist.</param>
    /// <param name="runs">The runs, at least one, each with its own name.</param>
    /// <exception cref="ArgumentException">There is no run, or two have the same name.</exception>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    public static void WriteJson(string path, IEnumerable<TrainingRun> runs)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        TrainingRun[] required = Require(runs);
        DurableFile.Write(path, stream => JsonRuns.Write(stream, required));
    }

    private static TrainingRun[] Require(IEnumerable<TrainingRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        TrainingRun[] required = [.. runs];
        if (required.Length == 0)
        {
            throw new ArgumentException("runs is empty; a report is of at least one run.", nameof(runs));
        }

        for (int i = 0; i < required.Length; i++)
        {
            if (required[i] is null)
            {
                throw new ArgumentException($"runs[{i}] is null.", nameof(runs));
            }
        }

        return required.GroupBy(run => run.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new ArgumentException($"{twice.Count()} runs are called '{twice.Key}'; each needs its own name.", nameof(runs))
            : required;
    }
}
