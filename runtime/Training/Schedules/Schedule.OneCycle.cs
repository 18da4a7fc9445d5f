namespace OptimGen;

public abstract partial class Schedule
{
    /// <summary>
    /// The one-cycle policy: the learning rate rises from its maximum/d to its maximum over the first fraction p of c counts and then falls to
    /// maximum/(d·e); the momentum falls from its maximum to its minimum and rises again. Smith and Topin, "Super-convergence", 2018, arXiv:1708.07120;
    /// torch's <c>OneCycleLR</c>, two phases, with the same defaults. It usually counts steps.
    /// </summary>
    /// <remarks>
    /// With k = n − 1, the peak is at k = p·c − 1, which may be between two counts, and the end at k = c − 1, n = c. torch refuses to go on after n = c;
    /// this schedule stays at its last value.
    /// </remarks>
    /// <param name="maximumRate">The learning rate at the peak, finite.</param>
    /// <param name="count">c, 1 or more: torch's <c>total_steps</c>.</param>
    /// <param name="peak">p, in [0, 1]: torch's <c>pct_start</c>.</param>
    /// <param name="divisor">d, finite and greater than 0: torch's <c>div_factor</c>.</param>
    /// <param name="finalDivisor">e, finite and greater than 0: torch's <c>final_div_factor</c>.</param>
    /// <param name="minimumMomentum">The momentum at the peak, finite: torch's <c>base_momentum</c>.</param>
    /// <param name="maximumMomentum">The momentum at both ends, finite.</param>
    /// <param name="shape">The shape of both phases: torch's <c>anneal_strategy</c>.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <returns>The schedule of the learning rate, and that of the momentum or <c>Beta1</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static (Schedule LearningRate, Schedule Momentum) OneCycle(
        double maximumRate, long count, double peak = 0.3, double divisor = 25, double finalDivisor = 1e4, double minimumMomentum = 0.85,
        double maximumMomentum = 0.95, Annealing shape = Annealing.Cosine, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(maximumRate, nameof(maximumRate));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Require(peak is >= 0 and <= 1, peak, nameof(peak), "in [0, 1]");
        RequirePositive(divisor, nameof(divisor));
        RequirePositive(finalDivisor, nameof(finalDivisor));
        RequireFinite(minimumMomentum, nameof(minimumMomentum));
        RequireFinite(maximumMomentum, nameof(maximumMomentum));
        RequireDefined(shape, nameof(shape));
        double initialRate = maximumRate / divisor;
        return (Cycle(initialRate, maximumRate, initialRate / finalDivisor), Cycle(maximumMomentum, minimumMomentum, maximumMomentum));

        Schedule Cycle(double initial, double top, double final)
        {
            double peakAt = peak * count - 1, end = count - 1;
            return new FormulaSchedule(unit, Text($"one {shape} cycle {initial}, {top}, {final} of {count}, peak after {peak} of it"), n =>
            {
                double k = Math.Min(n, count) - 1;
                return k > peakAt ? Anneal(shape, top, final, (k - peakAt) / (end - peakAt))
                    // A peak at the very first count has no rise to it.
                    : Anneal(shape, initial, top, peakAt > 0 ? k / peakAt : 1);
            });
        }
    }
}
