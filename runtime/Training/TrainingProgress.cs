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
    TrainingObservation? Observation);
