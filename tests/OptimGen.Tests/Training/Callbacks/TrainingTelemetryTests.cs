using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OptimGen.Tests.Training.Callbacks;

/// <summary>What OpenTelemetry's own collectors see of a run. The package with its exporter to memory is not to be had; these few lines are one.</summary>
[Collection(nameof(TrainingTelemetryTests))]
public sealed class TrainingTelemetryTests
{
    [Fact]
    public void OpenTelemetry_CollectsTheMetrics_WithTheirTags()
    {
        const string Run = "metrics";
        using var exporter = new MetricsInMemory(Run);
        using (MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddMeter(TrainingInstruments.MeterName).AddReader(new BaseExportingMetricReader(exporter)).Build())
        {
            Trainer<double> trainer = Regression.Trainer();
            trainer.Callbacks.Add(new RecordNorms<double>());
            trainer.Callbacks.Add(new TrainingTelemetry<double>(Run));
            trainer.Train(2);
            trainer.Metrics.Record("validation.cost", 0.25);
            provider.ForceFlush();

            Assert.Equal(12, exporter.Value("optimgen.training.steps {step}"));
            // Twice 23 examples: the last batch of an epoch has three.
            Assert.Equal(46, exporter.Value("optimgen.training.examples {example}"));
            Assert.Equal(2, exporter.Value("optimgen.training.epochs {epoch}"));
            Assert.Equal(trainer.Curve.Costs[^1], exporter.Value("optimgen.training.cost "));
            Assert.Equal(0.1, exporter.Value("optimgen.training.learning_rate "));
            Assert.Equal(trainer.Metrics[RecordNorms<double>.GradientNorm][^1].Value, exporter.Value("optimgen.training.gradient.norm "));
            Assert.Equal(0.25, exporter.Value("optimgen.training.metric  validation.cost"));
            Assert.Equal(12, exporter.Value("optimgen.training.step.duration s"));
            Assert.All(exporter.Optimizers, optimizer => Assert.Equal("GradientDescent", optimizer));
        }
    }

    [Fact]
    public void OpenTelemetry_CollectsTheActivities_EpochsWithinTheirTraining()
    {
        const string Run = "activities";
        var exporter = new ActivitiesInMemory();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(TrainingInstruments.ActivitySourceName).AddProcessor(new SimpleActivityExportProcessor(exporter)).Build())
        {
            double cost = 1;
            var trainer = new Trainer<double>(new GradientDescent<double>(Regression.Parameters()), 4, (_, _) => cost += 1) { BatchSize = 4 };
            trainer.Callbacks.Add(new TrainingTelemetry<double>(Run));
            trainer.Train(2);
        }

        Activity train = exporter.TrainingOf(Run);
        Activity[] epochs = exporter.EpochsOf(train);
        Assert.Equal([1, 2], epochs.Select(epoch => (int)epoch.GetTagItem("optimgen.epoch.number")!));
        Assert.Equal([2.0, 3.0], epochs.Select(epoch => (double)epoch.GetTagItem("optimgen.epoch.cost")!));
        Assert.Equal("GradientDescent", train.GetTagItem("optimgen.optimizer.name"));
        Assert.Equal("Completed", train.GetTagItem("optimgen.outcome"));
        Assert.Equal(2L, train.GetTagItem("optimgen.step.count"));
        Assert.Equal(ActivityStatusCode.Unset, train.Status);
        ActivityEvent observation = Assert.Single(epochs[1].Events);
        Assert.Contains(observation.Tags, tag => tag is { Key: "optimgen.observation.kind", Value: "RateTooHigh" });
        Assert.Null(Activity.Current);
    }

    /// <summary>An exception in the second epoch, and after it a call that continues the epoch.</summary>
    [Fact]
    public void AnInterruptedRun_IsAnError_AndTheEpochIsContinuedInTheNextActivity()
    {
        const string Run = "interrupted", Resumed = "resumed";
        var exporter = new ActivitiesInMemory();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(TrainingInstruments.ActivitySourceName).AddProcessor(new SimpleActivityExportProcessor(exporter)).Build())
        {
            bool fails = true;
            Trainer<double> trainer = Regression.Trainer((_, batch) => batch.Step == 9 && fails ? throw new InvalidOperationException("lost") : 1);
            trainer.Callbacks.Add(new TrainingTelemetry<double>(Run));
            Assert.Throws<InvalidOperationException>(() => trainer.Train(2));
            Assert.Null(Activity.Current);
            fails = false;
            trainer.Callbacks[0] = new TrainingTelemetry<double>(Resumed);
            trainer.TrainUntil(2);

            var diverging = Regression.Trainer((_, _) => double.NaN);
            diverging.Callbacks.Add(new TrainingTelemetry<double>("diverging"));
            diverging.Train(1);
        }

        Activity train = exporter.TrainingOf(Run), next = exporter.TrainingOf(Resumed), diverged = exporter.TrainingOf("diverging");
        Assert.Equal((ActivityStatusCode.Error, "Interrupted"), (train.Status, train.GetTagItem("optimgen.outcome")));
        Assert.Equal([1, 2], exporter.EpochsOf(train).Select(epoch => (int)epoch.GetTagItem("optimgen.epoch.number")!));
        Assert.Equal(2, Assert.Single(exporter.EpochsOf(next)).GetTagItem("optimgen.epoch.number"));
        Assert.Equal(ActivityStatusCode.Unset, next.Status);
        Assert.Equal(ActivityStatusCode.Error, diverged.Status);
        Assert.StartsWith("Diverged at step 1", diverged.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public void WhileNobodyListens_AStepAllocatesNothing()
    {
        const int Steps = 10_000;
        var parameters = new ParameterSet();
        parameters.Add("weight", 100);
        var trainer = new Trainer(new GradientDescent<float>(parameters), Steps, (_, _) => 1) { BatchSize = 1, WatchesCost = false };
        trainer.Callbacks.Add(new TrainingTelemetry<float>("quiet"));
        // Leaves the curve's lists with room for 2¹⁵ steps.
        trainer.Train(2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Train(1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Steps);
    }

    [Fact]
    public void ARunWithoutAName_IsRefused() => Refusal.Require<ArgumentException>("run", "", () => new TrainingTelemetry<double>(" "));

    /// <summary>The values of one run: other tests may train at the same time.</summary>
    private sealed class MetricsInMemory(string run) : BaseExporter<Metric>
    {
        private readonly Dictionary<string, double> values = [];

        public HashSet<string> Optimizers { get; } = [];

        /// <summary>The last value of a counter or gauge, or the count of a histogram, by its name, unit and metric.</summary>
        public double Value(string key) => values.TryGetValue(key, out double value)
            ? value
            : throw new KeyNotFoundException($"There is no '{key}', but: {string.Join(", ", values.Keys)}");

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
            {
                foreach (ref readonly OpenTelemetry.Metrics.MetricPoint point in metric.GetMetricPoints())
                {
                    Add(metric, in point);
                }
            }

            return ExportResult.Success;
        }

        private void Add(Metric metric, in OpenTelemetry.Metrics.MetricPoint point)
        {
            var tags = new Dictionary<string, object?>();
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                tags.Add(tag.Key, tag.Value);
            }

            if (!Equals(tags["optimgen.run.name"], run))
            {
                return;
            }

            Optimizers.Add((string)tags["optimgen.optimizer.name"]!);
            double value = metric.MetricType switch
            {
                MetricType.LongSum => point.GetSumLong(),
                MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                MetricType.Histogram => point.GetHistogramCount(),
                _ => throw new NotSupportedException(metric.MetricType.ToString()),
            };
            string name = tags.TryGetValue("optimgen.metric.name", out object? of) ? $" {of}" : "";
            values[string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Unit}{name}")] = value;
        }
    }

    private sealed class ActivitiesInMemory : BaseExporter<Activity>
    {
        private readonly List<Activity> all = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            lock (all)
            {
                foreach (Activity activity in batch)
                {
                    all.Add(activity);
                }
            }

            return ExportResult.Success;
        }

        public Activity TrainingOf(string run) => all.Single(activity => activity.OperationName == "optimgen.train" && Equals(activity.GetTagItem("optimgen.run.name"), run));

        public Activity[] EpochsOf(Activity training) =>
            [.. all.Where(activity => activity.OperationName == "optimgen.epoch" && activity.ParentSpanId == training.SpanId).OrderBy(activity => activity.StartTimeUtc)];
    }
}

/// <summary>The allocation of a step is measured while no other of these tests listens.</summary>
[CollectionDefinition(nameof(TrainingTelemetryTests), DisableParallelization = true)]
public sealed class TrainingTelemetryAlone;
