namespace OptimGen;

/// <summary>A value of a metric.</summary>
/// <param name="Step">The number of steps after which it was measured.</param>
/// <param name="Epoch">The number of complete epochs then.</param>
/// <param name="Value">The value; it may be NaN or infinite.</param>
public readonly record struct MetricPoint(long Step, int Epoch, double Value);

/// <summary>
/// The metrics of a training run: series of numbers by name, such as <c>validation.cost</c>, each with the steps after which they were measured. They are
/// kept in checkpoints and drawn in reports. The lists are live views, to which training adds.
/// </summary>
public sealed class MetricHistory
{
    /// <summary>
    /// <c>cost</c>: the mean cost of each epoch, which <see cref="TrainingCallback{T}.OnMetric"/> is told. The history itself does not keep it, since
    /// <see cref="CostCurve.EpochMeans"/> does.
    /// </summary>
    public const string Cost = "cost";

    private readonly Dictionary<string, List<MetricPoint>> series = new(StringComparer.Ordinal);
    private readonly List<string> names = [];
    private readonly Func<(long Step, int Epoch)> now;
    private readonly Action<string, MetricPoint> recorded;

    internal MetricHistory(Func<(long Step, int Epoch)> now, Action<string, MetricPoint> recorded)
    {
        (this.now, this.recorded) = (now, recorded);
        Names = names.AsReadOnly();
    }

    /// <summary>The names of the metrics, in the order in which they were first recorded.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The values of a metric in the order of time; empty if it has none.</summary>
    public IReadOnlyList<MetricPoint> this[string name] => series.TryGetValue(name, out List<MetricPoint>? points) ? points.AsReadOnly() : [];

    /// <summary>Adds a value of a metric, measured after the steps that have been taken, and tells the callbacks.</summary>
    /// <param name="name">The name, not empty and not <see cref="Cost"/>.</param>
    /// <param name="value">The value; NaN and infinities are kept as they are.</param>
    /// <exception cref="ArgumentException">The name is empty, or <see cref="Cost"/>.</exception>
    public void Record(string name, double value)
    {
        RequireName(name, nameof(name));
        (long step, int epoch) = now();
        var point = new MetricPoint(step, epoch, value);
        SeriesOf(name).Add(point);
        recorded(name, point);
    }

    /// <summary>Refuses a name that <see cref="Record"/> refuses.</summary>
    internal static void RequireName(string name, string argument)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name, argument);
        if (name == Cost)
        {
            throw new ArgumentException($"'{Cost}' is the mean cost of each epoch, which the trainer records; choose another name.", argument);
        }
    }

    internal void SaveTo(CheckpointWriter writer)
    {
        writer.Write("count", names.Count);
        for (int i = 0; i < names.Count; i++)
        {
            List<MetricPoint> points = series[names[i]];
            writer.Write($"{i}.name", names[i]);
            writer.Write<long>($"{i}.steps", points.Select(point => point.Step).ToArray());
            writer.Write<int>($"{i}.epochs", points.Select(point => point.Epoch).ToArray());
            writer.Write<double>($"{i}.values", points.Select(point => point.Value).ToArray());
        }
    }

    internal Action LoadFrom(CheckpointReader reader)
    {
        var saved = new Dictionary<string, MetricPoint[]>();
        int count = reader.ReadInt32("count", minimum: 0);
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadString($"{i}.name");
            long[] steps = reader.ReadArray<long>($"{i}.steps");
            int[] epochs = reader.ReadArray<int>($"{i}.epochs", steps.Length);
            double[] values = reader.ReadArray<double>($"{i}.values", steps.Length);
            if (!saved.TryAdd(name, [.. steps.Select((step, index) => new MetricPoint(step, epochs[index], values[index]))]))
            {
                throw reader.Failure($"It has two metrics called '{name}'.");
            }
        }

        return () =>
        {
            series.Clear();
            names.Clear();
            foreach ((string name, MetricPoint[] points) in saved)
            {
                SeriesOf(name).AddRange(points);
            }
        };
    }

    private List<MetricPoint> SeriesOf(string name)
    {
        if (!series.TryGetValue(name, out List<MetricPoint>? points))
        {
            series.Add(name, points = []);
            names.Add(name);
        }

        return points;
    }
}
