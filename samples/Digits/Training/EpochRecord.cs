namespace Digits.Training;

/// <summary>The results of one epoch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="MeanCost">The mean cost over its steps.</param>
/// <param name="Accuracy">The fraction of held-out examples that the model classified correctly at the end of the epoch, in [0, 1].</param>
/// <param name="Duration">The duration of the epoch, without the evaluation on held-out examples and without display.</param>
/// <param name="OptimizerDuration">The part of the duration spent in the optimizer's steps.</param>
/// <param name="IsWhole">Whether every step of the epoch was timed: not if the run was resumed within it.</param>
internal sealed record EpochRecord(
    int Epoch, double MeanCost, double Accuracy, TimeSpan Duration, TimeSpan OptimizerDuration, bool IsWhole);
