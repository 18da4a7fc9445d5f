using System.Numerics;
using Microsoft.Extensions.Logging;

namespace OptimGen;

/// <summary>
/// Logs a training run to an <see cref="ILogger"/>: its start, end, epochs and checkpoints as information, observations as warnings, metrics and, every n steps,
/// a step as debug messages.
/// </summary>
/// <remarks>
/// <para>
/// The event ids are 1 TrainingStarted, 2 TrainingEnded, 3 TrainingInterrupted, 4 EpochCompleted, 5 CheckpointSaved, 6 ObservationMade, 7 MetricRecorded and
/// 8 StepCompleted. A message whose level is not enabled costs a comparison.
/// </para>
/// <para>The mean cost of an epoch, which is a metric too, is logged with its epoch only. There is no state to be saved.</para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class TrainingLogger<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILogger logger;
    private readonly int every;
    private CheckpointPolicy? checkpoints;

    /// <summary>Logs to a logger.</summary>
    /// <param name="logger">The logger.</param>
    /// <param name="every">n: every n-th step of the run is logged; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public TrainingLogger(ILogger logger, int every = 100)
    {
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        (this.logger, this.every) = (logger, every);
    }

    /// <inheritdoc/>
    public override void OnTrainingStarted(Trainer<T> trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        checkpoints = trainer.Checkpoints;
        if (checkpoints is not null)
        {
            checkpoints.OnSaved += CheckpointSaved;
        }

        TrainingStarted(trainer.Optimizer.Definition.Name, trainer.ExampleCount, trainer.BatchSize, trainer.StepCount);
    }

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        if (progress.Step % every == 0)
        {
            StepCompleted(progress.Step, progress.Epoch, progress.Cost, progress.LearningRate);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochCompleted(Trainer<T> trainer, int epoch, double meanCost)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        EpochCompleted(epoch, trainer.StepCount, meanCost);
    }

    /// <inheritdoc/>
    public override void OnMetric(Trainer<T> trainer, string name, MetricPoint point)
    {
        if (name != MetricHistory.Cost)
        {
            MetricRecorded(name, point.Value, point.Step);
        }
    }

    /// <inheritdoc/>
    public override void OnObservation(Trainer<T> trainer, TrainingObservation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        ObservationMade(observation.Kind, observation);
    }

    /// <inheritdoc/>
    public override void OnTrainingEnded(Trainer<T> trainer, TrainingResult? result)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (checkpoints is not null)
        {
            checkpoints.OnSaved -= CheckpointSaved;
            checkpoints = null;
        }

        if (result is null)
        {
            TrainingInterrupted(trainer.StepCount, trainer.EpochCount);
        }
        else
        {
            TrainingEnded(result.Outcome, result.Steps, result.Epochs, result.FinalMeanCost, result.StopReason ?? "");
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Training {Optimizer} on {ExampleCount} examples in batches of {BatchSize}, after {Step} steps")]
    private partial void TrainingStarted(string optimizer, int exampleCount, int batchSize, long step);

    [LoggerMessage(2, LogLevel.Information, "Training {Outcome} after {Step} steps and {Epoch} epochs, with mean cost {Cost}. {StopReason}")]
    private partial void TrainingEnded(TrainingOutcome outcome, long step, int epoch, double cost, string stopReason);

    [LoggerMessage(3, LogLevel.Warning, "Training was ended by an exception or cancelled, after {Step} steps and {Epoch} epochs")]
    private partial void TrainingInterrupted(long step, int epoch);

    [LoggerMessage(4, LogLevel.Information, "Epoch {Epoch} completed after {Step} steps, with mean cost {Cost}")]
    private partial void EpochCompleted(int epoch, long step, double cost);

    [LoggerMessage(5, LogLevel.Information, "Checkpoint saved: {Path}")]
    private partial void CheckpointSaved(string path);

    [LoggerMessage(6, LogLevel.Warning, "{Kind}: {Observation}")]
    private partial void ObservationMade(TrainingObservationKind kind, TrainingObservation observation);

    [LoggerMessage(7, LogLevel.Debug, "{Metric} is {Value} after {Step} steps")]
    private partial void MetricRecorded(string metric, double value, long step);

    [LoggerMessage(8, LogLevel.Debug, "Step {Step} of epoch {Epoch}: cost {Cost}, learning rate {LearningRate}")]
    private partial void StepCompleted(long step, int epoch, double cost, double learningRate);
}
