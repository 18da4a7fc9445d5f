namespace OptimGen;

// A warm-up in front of a schedule, which counts anew after it.
public abstract partial class Schedule
{
    /// <summary>
    /// A line from a to this schedule's first value over w counts, then this schedule, counting anew: n = 1 has a, n = w + 1 has this schedule's value at 1.
    /// torch's <c>LinearLR</c> followed by this schedule in a <c>SequentialLR</c>; optax's <c>warmup_cosine_decay_schedule</c> and its kind.
    /// </summary>
    /// <param name="count">w, 1 or more.</param>
    /// <param name="initial">a, finite. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    /// <exception cref="InvalidOperationException">This schedule's first value is not finite.</exception>
    public Schedule WithLinearWarmup(long count, double initial = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        RequireFinite(initial, nameof(initial));
        return Linear(initial, ValueAt(1), count, Unit).Then(this, count);
    }

    /// <summary>
    /// Values in geometric progression from a to b, this schedule's first value, over w counts: v(n) = a·(b/a)^((n − 1)/w). Then this schedule, counting
    /// anew: n = w + 1 has its value at 1. optax's <c>exponential_decay</c> with the rate b/a.
    /// </summary>
    /// <param name="count">w, 1 or more.</param>
    /// <param name="initial">a, finite and greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    /// <exception cref="InvalidOperationException">This schedule's first value is not finite and greater than 0.</exception>
    public Schedule WithExponentialWarmup(long count, double initial)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        RequirePositive(initial, nameof(initial));
        double target = ValueAt(1);
        if (target <= 0)
        {
            throw new InvalidOperationException(
                Text($"The schedule {this} begins with {target}; an exponential warm-up needs a first value greater than 0."));
        }

        double ratio = target / initial;
        var warmup = new FormulaSchedule(
            Unit, Text($"{initial}·({target}/{initial})^((n − 1)/{count})"), n => initial * RuleMath.Pow(ratio, Fraction(n - 1, count)));
        return warmup.Then(this, count);
    }
}
