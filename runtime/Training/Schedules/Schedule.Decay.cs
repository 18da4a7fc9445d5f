using OptimGen.CompilerServices;

namespace OptimGen;

// A constant, and values that fall from the first count on.
public abstract partial class Schedule
{
    /// <summary>A constant: v(n) = v₀.</summary>
    /// <param name="value">v₀, finite.</param>
    /// <param name="unit">Whether n is the epoch or the step, which matters for compositions only.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Constant(double value, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(value, nameof(value));
        return new FormulaSchedule(unit, Text($"{value}"), _ => value);
    }

    /// <summary>Inverse-time decay: v(n) = v₀ / (1 + d·n).</summary>
    /// <param name="initial">v₀, finite. The first value is already lower: v₀/(1 + d).</param>
    /// <param name="decay">d, finite and at least 0.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule InverseTime(double initial, double decay, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        Require(double.IsFinite(decay) && decay >= 0, decay, nameof(decay), "finite and at least 0");
        return new FormulaSchedule(unit, Text($"{initial}/(1 + {decay}·n)"), n => initial / (1 + decay * n));
    }

    /// <summary>Exponential decay: v(n) = v₀·fⁿ. torch's <c>ExponentialLR</c> and optax's <c>exponential_decay</c> begin with v₀, one count later.</summary>
    /// <param name="initial">v₀, finite. The first value is already lower: v₀·f.</param>
    /// <param name="factor">f, greater than 0 and at most 1.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Exponential(double initial, double factor, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        RequireFactor(factor);
        return new FormulaSchedule(unit, Text($"{initial}·{factor}^n"), n => initial * StepMath.Power(factor, n));
    }

    /// <summary>Inverse-square-root decay: v(n) = k/√n · v₀.</summary>
    /// <param name="initial">v₀, finite.</param>
    /// <param name="scale">k, finite and greater than 0. Default: 1, so that the first value is v₀.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule InverseSquareRoot(double initial, double scale = 1, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        RequirePositive(scale, nameof(scale));
        return new FormulaSchedule(unit, Text($"{scale}/√n·{initial}"), n => scale / Math.Sqrt(n) * initial);
    }
}
