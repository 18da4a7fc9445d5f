using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OptimGen;

/// <summary>
/// The value of a hyperparameter as a function of n, the epoch or the step, counted from 1. The schedules of this class compute in double with correctly
/// rounded operations only, so a value has the same bits on every platform. Derive from this class to define another schedule.
/// </summary>
/// <remarks>
/// torch and optax count from 0: their value for k is the value here for n = k + 1. A schedule "over c counts" is at its first value for n = 1 and at its
/// last one from n = c + 1 on.
/// </remarks>
public abstract partial class Schedule
{
    /// <summary>Longer lists are printed as their length and a hash.</summary>
    private const int LongestPrintedList = 16;

    /// <summary>A schedule that counts epochs or steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    protected Schedule(ScheduleUnit unit) =>
        Unit = Enum.IsDefined(unit)
            ? unit
            : throw new ArgumentOutOfRangeException(nameof(unit), unit, $"The unit is {(int)unit}; it must be Epoch or Step.");

    /// <summary>Whether n is the epoch or the step.</summary>
    public ScheduleUnit Unit { get; }

    /// <summary>The formula in n with the numbers of this schedule, culture-invariant. Equal formulas give equal values.</summary>
    protected abstract string Formula { get; }

    /// <summary>The value of the hyperparameter: finite.</summary>
    /// <param name="count">n, the epoch or the step as <see cref="Unit"/> says, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// The schedule gave a value that is not finite; the message names the epoch or the step, and the value.
    /// </exception>
    public double ValueAt(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        double value = Compute(count);
        return double.IsFinite(value)
            ? value
            : throw new InvalidOperationException(Text($"The schedule {this} gives {value} at {CountName} {count}; a value must be finite."));
    }

    /// <summary>
    /// The formula with every parameter, and the unit. Schedules with equal texts give equal values, unless they call a callback: a callback has the text
    /// that its author gave it. Lists of more than 16 numbers are printed as their length and a hash of their bits.
    /// </summary>
    public sealed override string ToString() => $"{Formula} by {CountName}";

    /// <summary>The formula.</summary>
    /// <param name="count">n, from 1.</param>
    /// <returns>The value. <see cref="ValueAt"/> refuses one that is not finite.</returns>
    protected abstract double Compute(long count);

    private string CountName => NameOf(Unit);

    private static string NameOf(ScheduleUnit unit) => unit == ScheduleUnit.Epoch ? "epoch" : "step";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string ListText(double[] list) => list.Length <= LongestPrintedList
        ? $"[{string.Join(", ", list.Select(number => number.ToString(CultureInfo.InvariantCulture)))}]"
        : HashText(list);

    private static string HashText(double[] list) => Text(
        $"[{list.Length} numbers, SHA-256 {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<double>(list)))}]");

    private static void RequireFinite(double value, string argument) => Require(double.IsFinite(value), value, argument, "finite");

    private static void RequirePositive(double value, string argument) =>
        Require(double.IsFinite(value) && value > 0, value, argument, "finite and greater than 0");

    private static void RequireFactor(double factor, string argument = "factor") =>
        Require(factor is > 0 and <= 1, factor, argument, "greater than 0 and at most 1");

    private static void Require(bool allowed, double value, string argument, string range)
    {
        if (!allowed)
        {
            throw new ArgumentOutOfRangeException(argument, value, Text($"The argument {argument} is {value}; it must be {range}."));
        }
    }

    private sealed class FormulaSchedule(ScheduleUnit unit, string formula, Func<long, double> value) : Schedule(unit)
    {
        protected override string Formula => formula;

        protected override double Compute(long count) => value(count);
    }
}
