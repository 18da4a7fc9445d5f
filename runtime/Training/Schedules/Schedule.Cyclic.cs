using OptimGen.CompilerServices;

namespace OptimGen;

public abstract partial class Schedule
{
    /// <summary>
    /// Triangular cycles: v(n) = a + (b − a)·h·fᶜ·gᵏ. k = n − 1; c is the number of complete cycles before n; h rises from 0 to 1 over the first part of a
    /// cycle and falls back to 0 over the second. Smith, "Cyclical learning rates for training neural networks", 2017, arXiv:1506.01186; torch's
    /// <c>CyclicLR</c>: its mode <c>triangular</c> has f = g = 1, <c>triangular2</c> f = ½, and <c>exp_range</c> has its gamma for g.
    /// </summary>
    /// <param name="minimum">a, the value at the ends of a cycle, n = 1 included; finite.</param>
    /// <param name="maximum">b, the value at the peak of the first cycle, n = rise + 1; finite.</param>
    /// <param name="rise">The counts from a to the peak, 1 or more.</param>
    /// <param name="fall">The counts from the peak back to a, 1 or more. Default: as many as <paramref name="rise"/>.</param>
    /// <param name="factorPerCycle">f, greater than 0 and at most 1.</param>
    /// <param name="factorPerCount">g, greater than 0 and at most 1.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Cyclic(
        double minimum, double maximum, int rise, int? fall = null, double factorPerCycle = 1, double factorPerCount = 1,
        ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(minimum, nameof(minimum));
        RequireFinite(maximum, nameof(maximum));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rise);
        long down = fall ?? rise;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(down, nameof(fall));
        RequireFactor(factorPerCycle, nameof(factorPerCycle));
        RequireFactor(factorPerCount, nameof(factorPerCount));
        long period = rise + down;
        return new FormulaSchedule(
            unit,
            Text($"{minimum} + ({maximum} − {minimum})·triangle(n − 1; {rise}, {down})·{factorPerCycle}^⌊(n − 1)/{period}⌋·{factorPerCount}^(n − 1)"),
            n =>
            {
                (long cycle, long elapsed) = Math.DivRem(n - 1, period);
                double height = elapsed <= rise ? (double)elapsed / rise : (double)(period - elapsed) / down;
                double amplitude = StepMath.Power(factorPerCycle, cycle) * StepMath.Power(factorPerCount, n - 1);
                return Anneal(Annealing.Linear, minimum, maximum, height * amplitude);
            });
    }
}
