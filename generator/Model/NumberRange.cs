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
