namespace OptimGen;

/// <summary>How a <see cref="CostSurface"/> is computed.</summary>
public sealed record CostSurfaceOptions
{
    private const int MostPoints = 1001;

    private readonly int size = 31;
    private readonly double radius = 1;

    /// <summary>The number of points along each axis, odd, from 3 to 1001; the objective is called about that many times squared. Default: 31.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is even or outside of its range.</exception>
    public int Size
    {
        get => size;
        init => size = value is >= 3 and <= MostPoints && value % 2 == 1
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Size), value, FormattableString.Invariant($"Size is {value}; it must be odd, at least 3 and at most {MostPoints}."));
    }

    /// <summary>The largest coordinate of both axes, in units of the directions; finite and positive. Default: 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or not positive.</exception>
    public double Radius
    {
        get => radius;
        init => radius = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(Radius), value, FormattableString.Invariant($"Radius is {value}; it must be finite and positive."));
    }

    /// <summary>The seed of random directions. Default: 0.</summary>
    public long Seed { get; init; }

    /// <summary>Checked before every call of the objective.</summary>
    public CancellationToken CancellationToken { get; init; }
}
