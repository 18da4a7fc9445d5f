using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>Runs as CSV: RFC 4180, in UTF-8, with LF.</summary>
internal static class CsvRuns
{
    public static void Write(Stream stream, IReadOnlyList<TrainingRun> runs)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("run,series,step,epoch,value");
        foreach (TrainingRun run in runs)
        {
            string name = Field(run.Name);
            WriteSteps(writer, $"{name},cost", run, run.Curve.Costs);
            if (run.Curve.LearningRates.Any(rate => !double.IsNaN(rate)))
            {
                WriteSteps(writer, $"{name},learningRate", run, run.Curve.LearningRates);
            }

            for (int i = 0; i < run.EpochCount; i++)
            {
                WriteLine(writer, $"{name},epochMeanCost", run.Curve.EpochEnds[i], i + 1, run.Curve.EpochMeans[i]);
            }

            foreach (TrainingMetric metric in run.Metrics)
            {
                string prefix = $"{name},{Field("metric:" + metric.Name)}";
                foreach (MetricPoint point in metric.Points)
                {
                    WriteLine(writer, prefix, point.Step, point.Epoch, point.Value);
                }
            }
        }
    }

    private static void WriteSteps(StreamWriter writer, string prefix, TrainingRun run, IReadOnlyList<double> values)
    {
        int epoch = 0;
        for (int i = 0; i < values.Count; i++)
        {
            while (epoch < run.EpochCount && run.Curve.EpochEnds[epoch] <= i + 1)
            {
                epoch++;
            }

            WriteLine(writer, prefix, i + 1, epoch, values[i]);
        }
    }

    private static void WriteLine(StreamWriter writer, string prefix, long step, int epoch, double value) =>
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prefix},{step},{epoch},{value:R}"));

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") || text.AsSpan().Trim().Length < text.Length ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
