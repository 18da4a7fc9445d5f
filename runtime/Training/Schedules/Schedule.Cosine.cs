namespace OptimGen;

// Cosine annealing, once or with restarts.
public abstract partial class Schedule
{
    /// <summary>
    /// Cosine annealing: v(n) = b + (a − b)·(1 + cos πt)/2 with t = min(n − 1, c)/c. Loshchilov and Hutter, "SGDR", 2017, arXiv:1608.03983. optax's
    /// <c>cosine_decay_schedule</c>; torch's <c>CosineAnnealingLR</c>, which rises again where this one stays at b.
    /// </summary>
    /// <param name="initial">a, the value at n = 1; finite.</param>
    /// <param name="final">b, the value from n = c + 1 on; finite.</param>
    /// <param name="count">c, 1 or more.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Cosine(double initial, double final, long count, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        RequireFinite(final, nameof(final));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new FormulaSchedule(
            unit,
            Text($"{final} + ({initial} − {final})·(1 + cos(π·min(n − 1, {count})/{count}))/2"),
            n => Anneal(Annealing.Cosine, initial, final, Fraction(n - 1, count)));
    }

    /// <summary>
    /// Cosine annealing with warm restarts: cycles of lengths c, c·m, c·m², …, each falling from a towards b as <see cref="Cosine"/> does, k/length of the
    /// way at its count k = 0, 1, …, and the next beginning with a again. Loshchilov and Hutter, "SGDR", 2017, arXiv:1608.03983; torch's
    /// <c>CosineAnnealingWarmRestarts</c>.
    /// </summary>
    /// <param name="initial">a, the value at the first count of each cycle; finite.</param>
    /// <param name="final">b, which a cycle approaches and does not reach; finite.</param>
    /// <param name="period">c, the length of the first cycle, 1 or more.</param>
    /// <param name="multiplier">m, by which each cycle is longer than the one before; 1 or more. Default: 1.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule CosineWithWarmRestarts(
        double initial, double final, long period, int multiplier = 1, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        RequireFinite(final, nameof(final));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(period);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(multiplier);
        return new FormulaSchedule(
            unit,
            Text($"{final} + ({initial} − {final})·(1 + cos(π·k/length))/2, k = n − 1 since the start of cycles of {period}·{multiplier}^i"),
            n =>
            {
                (long elapsed, long length) = InCycle(n - 1, period, multiplier);
                return Anneal(Annealing.Cosine, initial, final, Fraction(elapsed, length));
            });
    }

    /// <summary>The count since the start of a cycle, and the length of the cycle.</summary>
    private static (long Elapsed, long Length) InCycle(long elapsed, long period, int multiplier)
    {
        if (multiplier == 1)
        {
            return (elapsed % period, period);
        }

        long length = period;
        while (elapsed >= length)
        {
            elapsed -= length;
            // What is left is below 2⁶³, so a longer cycle contains it.
            length = length > long.MaxValue / multiplier ? long.MaxValue : length * multiplier;
        }

        return (elapsed, length);
    }
}
