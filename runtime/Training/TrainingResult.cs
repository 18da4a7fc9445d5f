namespace OptimGen;

/// <summary>How a call of <see cref="Trainer{T}.Train"/> ended.</summary>
public enum TrainingOutcome
{
    /// <summary>Every epoch was trained.</summary>
    Completed,

    /// <summary>
    /// The cost or a gradient was not finite. Training stopped before the step, so the parameters are those that gave it; the last
    /// observation says what and where.
    /// </summary>
    Diverged,
}

/// <summary>What a call of <see cref="Trainer{T}.Train"/> leaves, counted over the whole run of the trainer.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Epochs">The complete epochs.</param>
/// <param name="Steps">The mini-batches that were stepped through, those included whose step the optimizer skipped.</param>
/// <param name="Curve">The trainer's cost curve, which goes on growing if the trainer is called again.</param>
/// <param name="Observations">What was noticed, in the order of the steps.</param>
/// <param name="FinalMeanCost">
/// The mean cost of the last epoch that a step was taken in, weighted by batch size; NaN if no step was taken at all.
/// </param>
public sealed record TrainingResult(
    TrainingOutcome Outcome,
    int Epochs,
    long Steps,
    CostCurve Curve,
    IReadOnlyList<TrainingObservation> Observations,
    double FinalMeanCost);
