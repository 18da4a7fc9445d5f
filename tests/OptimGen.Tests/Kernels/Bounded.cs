namespace OptimGen.Tests.Kernels;

/// <summary>
/// A number in double, and a bound on the error of the same computation in single precision. Every operation propagates the errors of its
/// operands and adds its own rounding error: Higham, "Accuracy and Stability of Numerical Algorithms", section 3.3, running error analysis.
/// </summary>
/// <param name="Value">The number; its own rounding, 2⁻²⁹ of a float's, is covered by <see cref="Tolerance"/>.</param>
/// <param name="Error">The bound.</param>
internal readonly record struct Bounded(double Value, double Error)
{
    /// <summary>u = 2⁻²⁴: a correctly rounded operation in single precision is off by at most u·|result|.</summary>
    private const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>Half of the smallest float, 2⁻¹⁴⁹: the additional error of an operation that underflows.</summary>
    private const double Underflow = 7.006492321624085e-46;

    /// <summary>
    /// The allowed error of a kernel. The analysis counts one rounding for each operation of the equations. A kernel may arrange them otherwise (fold a
    /// correction into the step size, multiply by a reciprocal instead of dividing), which at most doubles the number of roundings: hence the factor 2.
    /// </summary>
    public double Tolerance => 2 * Error;

    /// <summary>A number that is exact in single precision.</summary>
    public static Bounded Exact(double value) => new(value, 0);

    /// <summary>A number that is computed in double and rounded to single precision once.</summary>
    public static Bounded Rounded(double value) => new(value, Rounding(value));

    public static Bounded operator +(Bounded a, Bounded b) => Of(a.Value + b.Value, a.Error + b.Error);

    public static Bounded operator -(Bounded a, Bounded b) => Of(a.Value - b.Value, a.Error + b.Error);

    public static Bounded operator *(Bounded a, Bounded b) =>
        Of(a.Value * b.Value, (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error) + (a.Error * b.Error));

    public static Bounded operator /(Bounded a, Bounded b)
    {
        double quotient = a.Value / b.Value;
        double smallestDivisor = Math.Abs(b.Value) - b.Error;
        return Of(quotient, smallestDivisor > 0 ? (a.Error + (Math.Abs(quotient) * b.Error)) / smallestDivisor : double.PositiveInfinity);
    }

    public static Bounded Sqrt(Bounded a)
    {
        double root = Math.Sqrt(a.Value);
        // The square root is steepest at the end nearer to 0.
        double error = a.Value > a.Error ? root - Math.Sqrt(a.Value - a.Error) : Math.Sqrt(a.Value + a.Error);
        return Of(root, error);
    }

    public static Bounded Abs(Bounded a) => new(Math.Abs(a.Value), a.Error);

    public static Bounded Max(Bounded a, Bounded b) => new(Math.Max(a.Value, b.Value), Math.Max(a.Error, b.Error));

    public static Bounded Min(Bounded a, Bounded b) => new(Math.Min(a.Value, b.Value), Math.Max(a.Error, b.Error));

    /// <summary>The sign. Throws if the error bound includes 0, so that the sign would be uncertain.</summary>
    public static Bounded Sign(Bounded a) => a.Error < Math.Abs(a.Value) || a == default
        ? Exact(Math.Sign(a.Value))
        : throw new InvalidOperationException($"The data puts a sign on the edge: {a.Value} ± {a.Error}.");

    private static Bounded Of(double value, double propagated) => new(value, propagated + Rounding(value));

    private static double Rounding(double value) => value == 0 ? 0 : (UnitRoundoff * Math.Abs(value)) + Underflow;
}
