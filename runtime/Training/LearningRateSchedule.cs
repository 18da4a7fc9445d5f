using System.Globalization;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// The learning rate as a function of n, the epoch or the step, counted from 1. The schedules of this class compute in double with
/// correctly rounded operations only, so a rate has the same bits on every platform. Derive from this class to define another schedule.
/// </summary>
public abstract class LearningRateSchedule
{
    /// <summary>A schedule that counts epochs or steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    protected LearningRateSchedule(ScheduleUnit unit) =>
        Unit = Enum.IsDefined(unit)
            ? unit
            : throw new ArgumentOutOfRangeException(nameof(unit), unit, $"The unit is {(int)unit}; it must be Epoch or Step.");

    /// <summary>Whether n is the epoch or the step.</summary>
    public ScheduleUnit Unit { get; }

    /// <summary>The learning rate: finite and at least 0.</summary>
    /// <param name="count">n, the epoch or the step as <see cref="Unit"/> says, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The schedule gave a rate that is negative or not finite; the message names the epoch or the step, and the rate.
    /// </exception>
    public double RateAt(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        double rate = Compute(count);
        return double.IsFinite(rate) && rate >= 0
            ? rate
            : throw new InvalidOperationException(FormattableString.Invariant(
                $"The learning-rate schedule gives {rate} at {CountName} {count}; a rate must be finite and at least 0."));
    }

    /// <summary>A constant rate: α(n) = α₀.</summary>
    /// <param name="rate">α₀, finite and greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static LearningRateSchedule Constant(double rate)
    {
        RequirePositive(rate, nameof(rate));
        return new FormulaSchedule(ScheduleUnit.Epoch, Text($"{rate}"), _ => rate);
    }

    /// <summary>Inverse-time decay: α(n) = α₀ / (1 + d·n).</summary>
    /// <param name="initialRate">α₀, finite and greater than 0. The first rate is already lower: α₀/(1 + d).</param>
    /// <param name="decay">d, finite and at least 0.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static LearningRateSchedule InverseTime(double initialRate, double decay, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequirePositive(initialRate, nameof(initialRate));
        Require(double.IsFinite(decay) && decay >= 0, decay, nameof(decay), "finite and at least 0");
        return new FormulaSchedule(unit, Text($"{initialRate}/(1 + {decay}·n)"), n => initialRate / (1 + decay * n));
    }

    /// <summary>Exponential decay: α(n) = α₀·fⁿ.</summary>
    /// <param name="initialRate">α₀, finite and greater than 0. The first rate is already lower: α₀·f.</param>
    /// <param name="factor">f, greater than 0 and at most 1.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static LearningRateSchedule Exponential(double initialRate, double factor, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequirePositive(initialRate, nameof(initialRate));
        RequireFactor(factor);
        return new FormulaSchedule(unit, Text($"{initialRate}·{factor}^n"), n => initialRate * StepMath.Power(factor, n));
    }

    /// <summary>Inverse-square-root decay: α(n) = k/√n · α₀.</summary>
    /// <param name="initialRate">α₀, finite and greater than 0.</param>
    /// <param name="scale">k, finite and greater than 0. Default: 1, so that the first rate is α₀.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static LearningRateSchedule InverseSquareRoot(double initialRate, double scale = 1, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequirePositive(initialRate, nameof(initialRate));
        RequirePositive(scale, nameof(scale));
        return new FormulaSchedule(unit, Text($"{scale}/√n·{initialRate}"), n => scale / Math.Sqrt(n) * initialRate);
    }

    /// <summary>
    /// Discrete staircase: α(n) = α₀·f^⌊(n − 1)/s⌋, so that the first s epochs or steps have α₀, the next s have α₀·f, and so on.
    /// </summary>
    /// <param name="initialRate">α₀, finite and greater than 0.</param>
    /// <param name="every">s, the length of a stair, 1 or more.</param>
    /// <param name="factor">f, greater than 0 and at most 1. Default: 0.5, which halves the rate.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static LearningRateSchedule Staircase(
        double initialRate, int every, double factor = 0.5, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequirePositive(initialRate, nameof(initialRate));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        RequireFactor(factor);
        return new FormulaSchedule(
            unit, Text($"{initialRate}·{factor}^⌊(n − 1)/{every}⌋"), n => initialRate * StepMath.Power(factor, (n - 1) / every));
    }

    /// <summary>Manual decay by a list of the rates of the epochs or steps. After the end of the list the last rate is used.</summary>
    /// <param name="rates">The rates for n = 1, 2, …; at least one, each finite and at least 0.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentException">The list is empty, or a rate is negative or not finite; the message names it and its position.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    public static LearningRateSchedule Manual(IReadOnlyList<double> rates, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        ArgumentNullException.ThrowIfNull(rates);
        double[] list = [.. rates];
        if (list.Length == 0)
        {
            throw new ArgumentException("The list of rates is empty; give at least one.", nameof(rates));
        }

        int bad = Array.FindIndex(list, rate => !double.IsFinite(rate) || rate < 0);
        if (bad >= 0)
        {
            throw new ArgumentException(
                Text($"The rate at position {bad} of the list is {list[bad]}; each must be finite and at least 0."), nameof(rates));
        }

        return new FormulaSchedule(unit, $"a list of {list.Length}", n => list[Math.Min(n, list.Length) - 1]);
    }

    /// <summary>Manual decay by a callback, which is called for the rate before every step.</summary>
    /// <param name="rate">
    /// α(n). A result that is negative or not finite ends the training with an <see cref="InvalidOperationException"/> before the step.
    /// </param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    public static LearningRateSchedule Manual(Func<long, double> rate, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return new FormulaSchedule(unit, "a callback", rate);
    }

    /// <summary>The formula.</summary>
    /// <param name="count">n, from 1.</param>
    /// <returns>The rate. <see cref="RateAt"/> refuses one that is negative or not finite.</returns>
    protected abstract double Compute(long count);

    private string CountName => Unit == ScheduleUnit.Epoch ? "epoch" : "step";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void RequirePositive(double value, string argument) =>
        Require(double.IsFinite(value) && value > 0, value, argument, "finite and greater than 0");

    private static void RequireFactor(double factor) =>
        Require(factor is > 0 and <= 1, factor, nameof(factor), "greater than 0 and at most 1");

    private static void Require(bool allowed, double value, string argument, string range)
    {
        if (!allowed)
        {
            throw new ArgumentOutOfRangeException(argument, value, Text($"The argument {argument} is {value}; it must be {range}."));
        }
    }

    private sealed class FormulaSchedule(ScheduleUnit unit, string formula, Func<long, double> rate) : LearningRateSchedule(unit)
    {
        public override string ToString() => $"{formula} by {CountName}";

        protected override double Compute(long count) => rate(count);
    }
}
