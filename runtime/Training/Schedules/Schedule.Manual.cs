namespace OptimGen;

// Values given one by one.
public abstract partial class Schedule
{
    /// <summary>A list of the values of the epochs or steps. After the end of the list the last value is used.</summary>
    /// <param name="values">The values for n = 1, 2, …; at least one, each finite.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentException">The list is empty, or a value is not finite; the message names it and its position.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    public static Schedule Manual(IReadOnlyList<double> values, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] list = [.. values];
        if (list.Length == 0)
        {
            throw new ArgumentException("The list of values is empty; give at least one.", nameof(values));
        }

        RequireFinite(list, nameof(values));
        return new FormulaSchedule(unit, $"the nth of {ListText(list)}", n => list[Math.Min(n, list.Length) - 1]);
    }

    /// <summary>A callback, which is called for the value before every step. To be resumed from a checkpoint it must depend on n alone.</summary>
    /// <param name="value">v(n). A result that is not finite ends the training with an <see cref="InvalidOperationException"/> before the step.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <param name="formula">The text of <see cref="ToString"/>, by which a checkpoint tells this schedule from another.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="unit"/> is not one of the two.</exception>
    public static Schedule Manual(Func<long, double> value, ScheduleUnit unit = ScheduleUnit.Epoch, string formula = "a callback")
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentException.ThrowIfNullOrWhiteSpace(formula);
        return new FormulaSchedule(unit, formula, value);
    }

    private static void RequireFinite(double[] values, string argument)
    {
        int bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0)
        {
            throw new ArgumentException(Text($"The value at position {bad} of the list is {values[bad]}; each must be finite."), argument);
        }
    }
}
