namespace OptimGen;

/// <content>The learning rate of a step.</content>
public partial class Trainer<T>
{
    private double scheduleFactor = 1;

    /// <summary>
    /// A factor of the rates of the <see cref="Schedule"/>, which <see cref="ReduceOnPlateau{T}"/> lowers; without a schedule it has no effect. Default: 1.
    /// It is saved in checkpoints. Read at every step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double ScheduleFactor
    {
        get => scheduleFactor;
        set => scheduleFactor = double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(ScheduleFactor), value, FormattableString.Invariant($"ScheduleFactor is {value}; it must be finite and at least 0."));
    }

    /// <summary>Sets the hyperparameters that have a schedule.</summary>
    /// <returns>The learning rate of the step, or NaN if the rule has none.</returns>
    private double SetLearningRate(int epoch, long step)
    {
        double scheduled = PrepareLearningRate(epoch, step);
        // A factor of 1 leaves what the schedule has set, and the schedule is not looked up, which allocates.
        double rate = trialRate ?? (scheduleFactor == 1 || Schedule is null ? scheduled : scheduled * scheduleFactor);
        // The rate of a rule that has none is NaN, which differs from itself.
        if (hasLearningRate && rate != scheduled)
        {
            Optimizer.SetHyperparameter(LearningRate, rate);
        }

        return rate;
    }
}
