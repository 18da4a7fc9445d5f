using System.Globalization;

namespace OptimGen.Generator.Model;

/// <summary>The values that a number may have; it is finite in any case.</summary>
internal sealed record NumberRange(double Minimum, double Maximum, bool MinimumIsExclusive = false, bool MaximumIsExclusive = false)
{
    /// <summary>Any finite number.</summary>
    public static readonly NumberRange Finite = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>A weight of the past: [0, 1).</summary>
    public static readonly NumberRange Decay = new(0, 1, MaximumIsExclusive: true);

    public static readonly NumberRange NotNegative = new(0, double.PositiveInfinity);

    public static readonly NumberRange Positive = new(0, double.PositiveInfinity, MinimumIsExclusive: true);

    public static readonly NumberRange Count = new(1, int.MaxValue);

    /// <summary>Whether the value is allowed, as it is and rounded to a float.</summary>
    public bool Contains(double value) => Allows(value) && (this == Count || Allows((float)value));

    /// <summary>Whether the value as it is is allowed.</summary>
    public bool Allows(double value) =>
        !double.IsNaN(value) && !double.IsInfinity(value)
        && (MinimumIsExclusive ? value > Minimum : value >= Minimum)
        && (MaximumIsExclusive ? value < Maximum : value <= Maximum);

    /// <summary>
    /// A number that is allowed, near one that is not: the bound, or a thousandth of the range away from a bound that is not allowed itself;
    /// <see langword="null"/> if there is none, or nothing is near.
    /// </summary>
    public double? Inside(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            return null;
        }

        double width = Maximum - Minimum;
        double margin = double.IsInfinity(width) || Maximum == int.MaxValue ? 1 : width / 1000;
        bool tooLow = MinimumIsExclusive ? value <= Minimum : value < Minimum;
        double nearest = tooLow ? Minimum + (MinimumIsExclusive ? margin : 0) : Maximum - (MaximumIsExclusive ? margin : 0);
        return Contains(nearest) ? nearest : null;
    }

    public override string ToString()
    {
        string minimum = Minimum.ToString("R", CultureInfo.InvariantCulture);
        string maximum = Maximum.ToString("R", CultureInfo.InvariantCulture);
        return double.IsInfinity(Minimum) ? double.IsInfinity(Maximum) ? "finite" : $"{(MaximumIsExclusive ? "less than" : "at most")} {maximum}, and finite"
            : double.IsInfinity(Maximum) ? (MinimumIsExclusive ? $"greater than {minimum}, and finite" : $"at least {minimum}, and finite")
            : Maximum == int.MaxValue ? $"a whole number, at least {minimum}"
            : $"in {(MinimumIsExclusive ? '(' : '[')}{minimum}, {maximum}{(MaximumIsExclusive ? ')' : ']')}";
    }
}
