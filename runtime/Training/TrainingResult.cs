namespace OptimGen;

/// <summary>How a call of <see cref="Trainer{T}.Train"/> ended.</summary>
public enum TrainingOutcome
{
    /// <summary>Every epoch was trained.</summary>
    Completed,

    /// <summary>
    /// The cost or a gradient was not finite. Training stopped before the step, so the parameters are those that gave this cost or gradient.
    /// The last observation has the details.
    /// </summary>
    Diverged,

    /// <summary>The run was stopped (<see cref="Trainer{T}.Stop"/>) after a step; <see cref="TrainingResult.StopReason"/> says why.</summary>
    Stopped,
}

/// <summary>The result of a call of <see cref="Trainer{T}.Train"/>. The numbers are those of the whole run of the trainer.</summary>
/// <param name="Outcome">How the call ended.</param>
/// <param name="Epochs">The number of complete epochs.</param>
/// <param name="Steps">The number of mini-batches, those included whose step the optimizer skipped.</param>
/// <param name="Curve">The trainer's cost curve. Later calls of the trainer add to it.</param>
/// <param name="Observations">The observations, in the order of the steps.</param>
/// <param name="FinalMeanCost">
/// The mean cost of the last epoch in which a step was taken, complete or not, weighted by batch size; NaN if no step was taken.
/// </param>
public sealed record TrainingResult(
    TrainingOutcome Outcome,
    int Epochs,
    long Steps,
    CostCurve Curve,
    IReadOnlyList<TrainingObservation> Observations,
    double FinalMeanCost)
{
    /// <summary>Why the run was stopped; <see langword="null"/> if it was not.</summary>
    public string? StopReason { get; init; }
}
