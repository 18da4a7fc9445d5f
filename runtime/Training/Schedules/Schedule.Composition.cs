namespace OptimGen;

// Schedules made of other schedules.
public abstract partial class Schedule
{
    /// <summary>This schedule for <paramref name="after"/> counts, then another, which counts anew: v(n) = next(n − after). optax's <c>join_schedules</c>.</summary>
    /// <param name="next">The schedule that follows, of the same unit.</param>
    /// <param name="after">The counts of this schedule, 1 or more.</param>
    /// <exception cref="ArgumentException">The schedules count different units (<see cref="ByStep"/> converts epochs to steps).</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is below 1.</exception>
    public Schedule Then(Schedule next, long after)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(after);
        if (next.Unit != Unit)
        {
            throw new ArgumentException(
                $"The schedule {next} cannot follow {this}: they must count the same unit. {nameof(ByStep)} converts a schedule by epoch to steps.", nameof(next));
        }

        return new FormulaSchedule(
            Unit, Text($"({Formula}) for {after}, then ({next.Formula})"), n => n <= after ? Compute(n) : next.Compute(n - after));
    }

    /// <summary>This schedule times a factor: v(n) = f·this(n).</summary>
    /// <param name="factor">f, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is not finite.</exception>
    public Schedule Scaled(double factor)
    {
        RequireFinite(factor, nameof(factor));
        return new FormulaSchedule(Unit, Text($"{factor}·({Formula})"), n => factor * Compute(n));
    }

    /// <summary>
    /// This schedule of epochs as a schedule of steps: v(n) = this(⌊(n − 1)/s⌋ + 1), so that it can be composed with schedules of steps.
    /// </summary>
    /// <param name="stepsPerEpoch">s, 1 or more: the trainer's <see cref="Trainer{T}.StepsPerEpoch"/>.</param>
    /// <exception cref="InvalidOperationException">This schedule counts steps already.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stepsPerEpoch"/> is below 1.</exception>
    public Schedule ByStep(int stepsPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepsPerEpoch);
        return Unit == ScheduleUnit.Epoch
            ? new FormulaSchedule(ScheduleUnit.Step, Text($"({Formula}) at epochs of {stepsPerEpoch}"), n => Compute((n - 1) / stepsPerEpoch + 1))
            : throw new InvalidOperationException($"The schedule {this} counts steps already.");
    }
}
