using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OptimGen;

/// <summary>The names under which training is measured and traced, for <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry.</summary>
public static class TrainingInstruments
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "OptimGen";

    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/>.</summary>
    public const string ActivitySourceName = "OptimGen";

    internal const string Run = "optimgen.run.name";
    internal const string Optimizer = "optimgen.optimizer.name";
    internal const string Metric = "optimgen.metric.name";
    internal const string Kind = "optimgen.observation.kind";

    /// <summary>From 10 µs, a step of a small model, to 10 s.</summary>
    private static readonly double[] DurationBoundaries =
        [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

    private static readonly Meter Meter = new(MeterName);

    internal static ActivitySource Source { get; } = new(ActivitySourceName);

    internal static Counter<long> Steps { get; } = Meter.CreateCounter<long>("optimgen.training.steps", "{step}", "Mini-batches trained on.");

    internal static Counter<long> Examples { get; } = Meter.CreateCounter<long>("optimgen.training.examples", "{example}", "Examples trained on.");

    internal static Counter<long> Epochs { get; } = Meter.CreateCounter<long>("optimgen.training.epochs", "{epoch}", "Complete epochs.");

    internal static Counter<long> Observations { get; } =
        Meter.CreateCounter<long>("optimgen.training.observations", "{observation}", "Diagnoses of the trainer, by kind.");

    internal static Gauge<double> Cost { get; } = Meter.CreateGauge<double>("optimgen.training.cost", null, "The cost of the last mini-batch.");

    internal static Gauge<double> LearningRate { get; } =
        Meter.CreateGauge<double>("optimgen.training.learning_rate", null, "The learning rate of the last step.");

    internal static Gauge<double> GradientNorm { get; } =
        Meter.CreateGauge<double>("optimgen.training.gradient.norm", null, "The Euclidean norm of all gradients, where it is recorded as a metric.");

    internal static Gauge<double> MetricValue { get; } = Meter.CreateGauge<double>("optimgen.training.metric", null, "The last value of a metric, by name.");

    internal static Histogram<double> StepDuration { get; } = Meter.CreateHistogram(
        "optimgen.training.step.duration", "s", "The duration of a step: objective and optimizer.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBoundaries });
}
