namespace OptimGen;

public abstract partial class Schedule
{
    /// <summary>
    /// Warm-up, stable, decay: a line from <paramref name="initial"/> to m over w counts, then m for s counts, then down to <paramref name="final"/> over d
    /// counts, where it stays. Hu et al., "MiniCPM", 2024, arXiv:2404.06395; the tail 1 − √t after Hägele et al., 2024, arXiv:2405.18392.
    /// </summary>
    /// <remarks>n = 1 has the initial value, n = w + 1 the first m, n = w + s + 1 the last m, and n = w + s + d + 1 the final value.</remarks>
    /// <param name="maximum">m, finite.</param>
    /// <param name="warmup">w, 0 or more.</param>
    /// <param name="stable">s, 0 or more.</param>
    /// <param name="decay">d, 1 or more.</param>
    /// <param name="initial">The value at n = 1, finite. Default: 0. Without a warm-up it is not used.</param>
    /// <param name="final">The value after the decay, finite. Default: 0.</param>
    /// <param name="tail">The shape of the decay. Default: linear.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule WarmupStableDecay(
        double maximum, long warmup, long stable, long decay, double initial = 0, double final = 0, Annealing tail = Annealing.Linear,
        ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(maximum, nameof(maximum));
        ArgumentOutOfRangeException.ThrowIfNegative(warmup);
        ArgumentOutOfRangeException.ThrowIfNegative(stable);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        RequireFinite(initial, nameof(initial));
        RequireFinite(final, nameof(final));
        RequireDefined(tail, nameof(tail));
        return new FormulaSchedule(
            unit,
            Text($"warm-up from {initial} to {maximum} over {warmup}, stable for {stable}, {tail} decay to {final} over {decay}"),
            n => n <= warmup
                ? Anneal(Annealing.Linear, initial, maximum, Fraction(n - 1, warmup))
                : Anneal(tail, maximum, final, Fraction(Math.Max(n - 1 - warmup - stable, 0), decay)));
    }
}
