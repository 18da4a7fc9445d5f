using System.Globalization;
using System.Text.Json;

namespace OptimGen;

/// <summary>Runs as JSON.</summary>
internal sealed class JsonRuns : IDisposable
{
    /// <summary>What has been written is passed on to the stream in parts of about this size.</summary>
    private const int PartLength = 1 << 16;

    private readonly Utf8JsonWriter json;

    private JsonRuns(Stream stream) => json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = false });

    public static void Write(Stream stream, IReadOnlyList<TrainingRun> runs)
    {
        using var writer = new JsonRuns(stream);
        writer.json.WriteStartObject();
        writer.json.WriteStartArray("runs");
        foreach (TrainingRun run in runs)
        {
            writer.Write(run);
        }

        writer.json.WriteEndArray();
        writer.json.WriteEndObject();
    }

    public void Dispose() => json.Dispose();

    private void Write(TrainingRun run)
    {
        json.WriteStartObject();
        json.WriteString("name", run.Name);
        json.WriteString("optimizer", run.Optimizer);
        Write("equations", run.Equations, json.WriteStringValue);
        json.WriteStartObject("hyperparameters");
        foreach ((string name, double value) in run.Hyperparameters)
        {
            json.WritePropertyName(name);
            Write(value);
        }

        json.WriteEndObject();
        json.WriteNumber("exampleCount", run.ExampleCount);
        json.WriteNumber("batchSize", run.BatchSize);
        json.WriteNumber("seed", run.Seed);
        json.WriteNumber("stepCount", run.StepCount);
        json.WriteNumber("epochCount", run.EpochCount);
        json.WriteStartObject("curve");
        Write("costs", run.Curve.Costs, Write);
        Write("learningRates", run.Curve.LearningRates, Write);
        Write("epochMeans", run.Curve.EpochMeans, Write);
        Write("epochEnds", run.Curve.EpochEnds, json.WriteNumberValue);
        json.WriteEndObject();
        Write("metrics", run.Metrics, Write);
        Write("observations", run.Observations, Write);
        json.WriteString("stopReason", run.StopReason);
        Write("facts", run.Facts, fact =>
        {
            json.WriteStartObject();
            json.WriteString("name", fact.Key);
            json.WriteString("value", fact.Value);
            json.WriteEndObject();
        });
        Write("surfaces", run.Surfaces, Write);
        json.WriteEndObject();
    }

    private void Write(CostSurface surface)
    {
        json.WriteStartObject();
        json.WriteString("title", surface.Title);
        json.WriteNumber("exampleCount", surface.ExampleCount);
        Write("x", surface.X);
        Write("y", surface.Y);
        Write("costs", surface.Costs, Write);
        json.WriteEndObject();
    }

    private void Write(string name, CostSurfaceAxis axis)
    {
        json.WriteStartObject(name);
        json.WriteString("description", axis.Description);
        Write("coordinates", axis.Coordinates, Write);
        json.WriteEndObject();
    }

    private void Write(TrainingMetric metric)
    {
        json.WriteStartObject();
        json.WriteString("name", metric.Name);
        Write("steps", metric.Points, point => json.WriteNumberValue(point.Step));
        Write("epochs", metric.Points, point => json.WriteNumberValue(point.Epoch));
        Write("values", metric.Points, point => Write(point.Value));
        json.WriteEndObject();
    }

    private void Write(TrainingObservation observation)
    {
        json.WriteStartObject();
        json.WriteString("kind", observation.Kind.ToString());
        json.WriteNumber("step", observation.Step);
        json.WriteNumber("epoch", observation.Epoch);
        json.WriteString("message", observation.Message);
        json.WriteEndObject();
    }

    private void Write<TItem>(string name, IReadOnlyList<TItem> items, Action<TItem> write)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < items.Count; i++)
        {
            write(items[i]);
            if (json.BytesPending >= PartLength)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    private void Write(double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
