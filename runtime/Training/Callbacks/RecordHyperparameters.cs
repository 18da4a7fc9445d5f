using System.Numerics;

namespace OptimGen;

/// <summary>
/// Records hyperparameters as metrics, every n steps, so that checkpoints keep them and reports draw them: the metric of <c>Beta1</c> is called
/// <c>hyperparameter.Beta1</c>. The learning rate needs no recording, since <see cref="CostCurve.LearningRates"/> has it.
/// </summary>
/// <remarks>The value is the optimizer's, after the schedules have set it for the step. There is no state to be saved.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RecordHyperparameters<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The prefix of the metrics' names.</summary>
    public const string Prefix = "hyperparameter.";

    private const string LearningRate = "LearningRate";

    private readonly string[]? chosen;
    private readonly int every;
    private (string Hyperparameter, string Metric)[] recorded = [];

    /// <summary>Records the hyperparameters of the optimizer that have a schedule when training starts, but for the learning rate.</summary>
    /// <param name="every">n: every n-th step of the run is recorded; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public RecordHyperparameters(int every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        this.every = every;
    }

    /// <summary>Records hyperparameters by name.</summary>
    /// <param name="names">The names of the hyperparameters; at least one, each once.</param>
    /// <param name="every">n: every n-th step of the run is recorded; at least 1.</param>
    /// <exception cref="ArgumentException"><paramref name="names"/> is empty, or has a name twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public RecordHyperparameters(IEnumerable<string> names, int every = 1)
        : this(every)
    {
        ArgumentNullException.ThrowIfNull(names);
        chosen = [.. names];
        if (chosen.Length == 0)
        {
            throw new ArgumentException("names is empty; there is nothing to be recorded.", nameof(names));
        }

        if (chosen.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"names has '{twice.Key}' {twice.Count()} times.", nameof(names));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The optimizer has no hyperparameter of one of the names.</exception>
    public override void OnTrainingStarted(Trainer<T> trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        IEnumerable<string> names = chosen ?? trainer.Schedules.All
            .Where(scheduled => scheduled is { Group: null, Hyperparameter: not LearningRate }).Select(scheduled => scheduled.Hyperparameter);
        recorded = [.. names.Select(name => (name, Prefix + name))];
        foreach ((string hyperparameter, _) in recorded)
        {
            trainer.Optimizer.GetHyperparameter(hyperparameter);
        }
    }

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (progress.Step % every != 0 || progress.Observation is { Kind: TrainingObservationKind.Diverged })
        {
            return;
        }

        foreach ((string hyperparameter, string metric) in recorded)
        {
            trainer.Metrics.Record(metric, trainer.Optimizer.GetHyperparameter(hyperparameter));
        }
    }
}
