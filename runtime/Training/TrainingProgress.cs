namespace OptimGen;

/// <summary>The progress of training, reported after every step.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The last epoch of this call of <see cref="Trainer{T}.Train"/>.</param>
/// <param name="Step">The step, from 1, counted over the whole run.</param>
/// <param name="StepInEpoch">The step, from 1, counted within the epoch.</param>
/// <param name="StepsPerEpoch">The number of steps of this epoch.</param>
/// <param name="Cost">The cost of the step's mini-batch, before the step; not finite if training has diverged.</param>
/// <param name="EpochMeanCost">The mean cost of the steps taken in this epoch so far, weighted by batch size; NaN if there is none.</param>
/// <param name="LearningRate">The learning rate of the step; NaN for a rule that has none.</param>
/// <param name="Observation">The observation at the step, or <see langword="null"/> if there is none.</param>
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    long Step,
    int StepInEpoch,
    int StepsPerEpoch,
    double Cost,
    double EpochMeanCost,
    double LearningRate,
    TrainingObservation? Observation)
{
    /// <summary>
    /// The number of examples that are trained on in a second, averaged over about the last 100 steps of this call of <see cref="Trainer{T}.Train"/>. The
    /// time of callbacks and progress between the steps, such as validation, is not included. <see langword="null"/> if no time has been measured yet.
    /// </summary>
    public double? ExamplesPerSecond { get; init; }

    /// <summary>
    /// An estimate of the time until the last epoch of this call is complete: the remaining examples at <see cref="ExamplesPerSecond"/>, and as much time
    /// between the steps as there was so far in this call, per example. <see langword="null"/> if no time has been measured yet.
    /// </summary>
    public TimeSpan? TimeLeft { get; init; }
}
