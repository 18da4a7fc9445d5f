using System.Diagnostics;
using System.Numerics;

namespace OptimGen;

/// <summary>
/// Publishes a training run as metrics (<c>System.Diagnostics.Metrics</c>) and activities, which OpenTelemetry and <c>dotnet-counters</c> collect. The
/// meter and the activity source have the names in <see cref="TrainingInstruments"/>. While nobody listens, a step costs a few comparisons and no allocation.
/// </summary>
/// <remarks>
/// <para>
/// The instruments are <c>optimgen.training.steps</c>, <c>.examples</c>, <c>.epochs</c> and <c>.observations</c> (counters), <c>.step.duration</c> (a histogram
/// in seconds), <c>.cost</c>, <c>.learning_rate</c>, <c>.gradient.norm</c> and <c>.metric</c> (gauges). The gradient norm is that of
/// <see cref="RecordNorms{T}"/>; all other metrics have their name in the tag <c>optimgen.metric.name</c>. The tags <c>optimgen.run.name</c> and <c>optimgen.optimizer.name</c> are on every
/// measurement. A step at which training diverged is not counted, since it was not taken.
/// </para>
/// <para>
/// The activity <c>optimgen.train</c> covers a call of <see cref="Trainer{T}.Train"/>, and <c>optimgen.epoch</c> within it each epoch. Observations are their
/// events. A run that diverges or is ended by an exception has the status <see cref="ActivityStatusCode.Error"/>. There is no state to be saved.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TrainingTelemetry<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KeyValuePair<string, object?> run;
    private KeyValuePair<string, object?> optimizer;
    private Activity? train, epoch;
    private bool isInEpoch;
    private int batchSize;
    private long stepStart;

    /// <summary>Publishes a run.</summary>
    /// <param name="run">The name of the run, not empty: the tag <c>optimgen.run.name</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="run"/> is empty.</exception>
    public TrainingTelemetry(string run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        this.run = new(TrainingInstruments.Run, run);
    }

    /// <inheritdoc/>
    public override void OnTrainingStarted(Trainer<T> trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        optimizer = new(TrainingInstruments.Optimizer, trainer.Optimizer.Definition.Name);
        batchSize = trainer.BatchSize;
        train = TrainingInstruments.Source.StartActivity("optimgen.train");
        train?.AddTag(run.Key, run.Value).AddTag(optimizer.Key, optimizer.Value)
            .AddTag("optimgen.example.count", trainer.ExampleCount).AddTag("optimgen.batch.size", batchSize);
    }

    /// <inheritdoc/>
    public override void OnEpochStarted(Trainer<T> trainer, int epoch)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        batchSize = trainer.BatchSize;
    }

    /// <inheritdoc/>
    public override void OnStepStarted(Trainer<T> trainer, long step)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (!isInEpoch)
        {
            // Here and not where an epoch starts: an interrupted epoch is continued by another call of Train.
            isInEpoch = true;
            epoch = TrainingInstruments.Source.StartActivity("optimgen.epoch");
            epoch?.AddTag("optimgen.epoch.number", trainer.EpochCount + 1);
        }

        stepStart = TrainingInstruments.StepDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
    }

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (progress.Observation is { Kind: TrainingObservationKind.Diverged })
        {
            return;
        }

        TrainingInstruments.Steps.Add(1, run, optimizer);
        bool isLast = progress.StepInEpoch == progress.StepsPerEpoch;
        TrainingInstruments.Examples.Add(isLast ? trainer.ExampleCount - (progress.StepsPerEpoch - 1) * batchSize : batchSize, run, optimizer);
        TrainingInstruments.Cost.Record(progress.Cost, run, optimizer);
        if (!double.IsNaN(progress.LearningRate))
        {
            TrainingInstruments.LearningRate.Record(progress.LearningRate, run, optimizer);
        }

        if (stepStart != 0)
        {
            TrainingInstruments.StepDuration.Record(Stopwatch.GetElapsedTime(stepStart).TotalSeconds, run, optimizer);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochCompleted(Trainer<T> trainer, int epoch, double meanCost)
    {
        TrainingInstruments.Epochs.Add(1, run, optimizer);
        this.epoch?.AddTag("optimgen.epoch.cost", meanCost);
        EndEpoch();
    }

    /// <inheritdoc/>
    public override void OnMetric(Trainer<T> trainer, string name, MetricPoint point)
    {
        if (name == RecordNorms<T>.GradientNorm)
        {
            TrainingInstruments.GradientNorm.Record(point.Value, run, optimizer);
        }
        else
        {
            TrainingInstruments.MetricValue.Record(point.Value, run, optimizer, new(TrainingInstruments.Metric, name));
        }
    }

    /// <inheritdoc/>
    public override void OnObservation(Trainer<T> trainer, TrainingObservation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        if (TrainingInstruments.Observations.Enabled)
        {
            TrainingInstruments.Observations.Add(1, run, optimizer, new(TrainingInstruments.Kind, observation.Kind.ToString()));
        }

        epoch?.AddEvent(new ActivityEvent("optimgen.observation", tags: new ActivityTagsCollection
        {
            [TrainingInstruments.Kind] = observation.Kind.ToString(),
            ["optimgen.observation.message"] = observation.Message,
            ["optimgen.step.number"] = observation.Step,
        }));
    }

    /// <inheritdoc/>
    public override void OnTrainingEnded(Trainer<T> trainer, TrainingResult? result)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        EndEpoch();
        if (train is null)
        {
            return;
        }

        train.AddTag("optimgen.step.count", trainer.StepCount).AddTag("optimgen.epoch.count", trainer.EpochCount);
        train.AddTag("optimgen.outcome", result?.Outcome.ToString() ?? "Interrupted");
        if (result is null or { Outcome: TrainingOutcome.Diverged })
        {
            train.SetStatus(ActivityStatusCode.Error, result?.Observations[^1].Message ?? "Training was ended by an exception or cancelled.");
        }

        train.Dispose();
        train = null;
    }

    private void EndEpoch()
    {
        epoch?.Dispose();
        (epoch, isInEpoch) = (null, false);
    }
}
