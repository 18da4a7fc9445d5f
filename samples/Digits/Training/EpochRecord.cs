namespace Digits.Training;

/// <summary>What one epoch was like.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Steps">The steps in it.</param>
/// <param name="MeanCost">The mean cost over its steps.</param>
/// <param name="Accuracy">The part of the held-out examples that the model recognized at its end, in [0, 1].</param>
/// <param name="Duration">The time that it took, without the held-out examples and without display.</param>
/// <param name="OptimizerDuration">The part of that spent in the optimizer's steps.</param>
internal sealed record EpochRecord(int Epoch, int Steps, double MeanCost, double Accuracy, TimeSpan Duration, TimeSpan OptimizerDuration);
