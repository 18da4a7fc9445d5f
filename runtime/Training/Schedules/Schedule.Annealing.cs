namespace OptimGen;

// One way from an initial to a final value.
public abstract partial class Schedule
{
    /// <summary>
    /// A line from a to b: v(n) = a + (b − a)·t with t = min(n − 1, c)/c. optax's <c>linear_schedule</c>; torch's <c>LinearLR</c>, whose factors are a and b
    /// divided by the base rate.
    /// </summary>
    /// <param name="initial">a, the value at n = 1; finite.</param>
    /// <param name="final">b, the value from n = c + 1 on; finite.</param>
    /// <param name="count">c, 1 or more.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Linear(double initial, double final, long count, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        RequireFinite(final, nameof(final));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new FormulaSchedule(
            unit, Text($"{initial} + ({final} − {initial})·min(n − 1, {count})/{count}"), n => Anneal(Annealing.Linear, initial, final, Fraction(n - 1, count)));
    }

    /// <summary>
    /// Polynomial decay: v(n) = b + (a − b)·(1 − t)ᵖ with t = min(n − 1, c)/c. optax's <c>polynomial_schedule</c>; with b = 0 torch's <c>PolynomialLR</c>.
    /// </summary>
    /// <param name="initial">a, the value at n = 1; finite.</param>
    /// <param name="final">b, the value from n = c + 1 on; finite.</param>
    /// <param name="count">c, 1 or more.</param>
    /// <param name="power">p, finite and greater than 0. 1 gives a line, a larger power falls faster at first.</param>
    /// <param name="unit">Whether n is the epoch or the step.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range; the message names it and its value.</exception>
    public static Schedule Polynomial(double initial, double final, long count, double power, ScheduleUnit unit = ScheduleUnit.Epoch)
    {
        RequireFinite(initial, nameof(initial));
        RequireFinite(final, nameof(final));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        RequirePositive(power, nameof(power));
        return new FormulaSchedule(
            unit,
            Text($"{final} + ({initial} − {final})·(1 − min(n − 1, {count})/{count})^{power}"),
            n => n > count ? final : final + (initial - final) * RuleMath.Pow(1 - Fraction(n - 1, count), power));
    }

    /// <summary>min(k/c, 1).</summary>
    private static double Fraction(long elapsed, long count) => elapsed >= count ? 1 : (double)elapsed / count;

    /// <summary>The value after the fraction t of the way from a to b: exactly a at 0, exactly b at 1.</summary>
    private static double Anneal(Annealing shape, double a, double b, double t) => t switch
    {
        0 => a,
        1 => b,
        _ => shape switch
        {
            Annealing.Linear => a + (b - a) * t,
            Annealing.Cosine => b + (a - b) * (1 + RuleMath.Cos(Math.PI * t)) / 2,
            _ => b + (a - b) * (1 - Math.Sqrt(t)),
        },
    };

    private static void RequireDefined(Annealing shape, string argument)
    {
        if (!Enum.IsDefined(shape))
        {
            throw new ArgumentOutOfRangeException(
                argument, shape, $"The argument {argument} is {(int)shape}; it must be one of {string.Join(", ", Enum.GetNames<Annealing>())}.");
        }
    }
}
