using System.Numerics;

namespace OptimGen;

/// <summary>
/// A part that is added to a training loop (<see cref="Trainer{T}.Callbacks"/>) and called at the moments of a run: validation, early stopping, logging.
/// Derive from it and override the moments that matter. Callbacks are called in the order in which they were added, on the thread that trains.
/// </summary>
/// <remarks>
/// An exception that a callback throws ends <see cref="Trainer{T}.Train"/>. What the next steps depend on belongs into <see cref="SaveState"/> and
/// <see cref="LoadState"/>, so that a resumed run is the same as one that was never stopped.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The name under which a checkpoint keeps the state of the callback; unique among the callbacks of a trainer. By default the name of the class, without
    /// type parameters.
    /// </summary>
    public virtual string Name => GetType().Name.Split('`')[0];

    /// <summary>Called when <see cref="Trainer{T}.Train"/> begins, before the first step.</summary>
    public virtual void OnTrainingStarted(Trainer<T> trainer)
    {
    }

    /// <summary>Called before the first step of an epoch.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    public virtual void OnEpochStarted(Trainer<T> trainer, int epoch)
    {
    }

    /// <summary>
    /// Called before each step, when the schedules have set the hyperparameters and before the objective computes the gradients.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="step">The step, from 1.</param>
    public virtual void OnStepStarted(Trainer<T> trainer, long step)
    {
    }

    /// <summary>
    /// Whether <see cref="OnGradientsComputed"/> needs the gradients of all parameters, of which a rank (<see cref="OptimizerOptions.Communicator"/>) has its own part.
    /// </summary>
    internal virtual bool NeedsAllGradients => false;

    /// <summary>
    /// Called before the optimizer steps, when the gradients are complete, the penalty on the weights included; with ranks, those of the parameters that this rank owns.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="cost">The cost of the mini-batch.</param>
    public virtual void OnGradientsComputed(Trainer<T> trainer, long step, double cost)
    {
    }

    /// <summary>Called after each step, also one that was skipped or whose cost or gradient was not finite (see the observation).</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="progress">The step.</param>
    public virtual void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
    }

    /// <summary>Called after the last step of an epoch.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="meanCost">The mean cost of the epoch.</param>
    public virtual void OnEpochCompleted(Trainer<T> trainer, int epoch, double meanCost)
    {
    }

    /// <summary>
    /// Called when a metric has a new value: one that was recorded (<see cref="MetricHistory.Record"/>), or <see cref="MetricHistory.Cost"/> at the end of
    /// an epoch.
    /// </summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="name">The name of the metric.</param>
    /// <param name="point">The value and its step.</param>
    public virtual void OnMetric(Trainer<T> trainer, string name, MetricPoint point)
    {
    }

    /// <summary>Called after an observation was made (<see cref="Trainer{T}.Observations"/>).</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="observation">The observation.</param>
    public virtual void OnObservation(Trainer<T> trainer, TrainingObservation observation)
    {
    }

    /// <summary>Called when <see cref="Trainer{T}.Train"/> ends, also by an exception.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="result">The result; <see langword="null"/> if an exception ends the call.</param>
    public virtual void OnTrainingEnded(Trainer<T> trainer, TrainingResult? result)
    {
    }

    /// <summary>Writes what the next steps depend on to a checkpoint. The base class writes nothing.</summary>
    /// <param name="writer">Writes entries that belong to this callback.</param>
    public virtual void SaveState(CheckpointWriter writer)
    {
    }

    /// <summary>
    /// Reads what <see cref="SaveState"/> wrote. It must check everything and change nothing; the result makes the changes, when all other parts of the
    /// checkpoint have been checked too, and must not fail.
    /// </summary>
    /// <param name="reader">Reads the entries of this callback.</param>
    /// <returns>Makes the changes.</returns>
    /// <exception cref="CheckpointException">An entry is missing or has an unexpected value.</exception>
    public virtual Action LoadState(CheckpointReader reader) => static () => { };
}
