namespace OptimGen;

/// <summary>
/// The cost over a plane through a point of the parameters, θ + x·u + y·v, on a square grid of x and y. It shows two of many dimensions: what looks like a
/// minimum in it can be a saddle, which <see cref="CriticalPoint.Analyze"/> tells.
/// </summary>
/// <remarks>
/// Values and gradients of all parameters are put back to the bit, also when the objective throws or is cancelled. The objective must be deterministic: it is
/// computed twice at the point and once more at the end, and compared. Its gradients are not used, so it may leave them out. The points are computed one
/// after another in a fixed order: the same bits on every machine, if the objective has.
/// </remarks>
public sealed partial record CostSurface
{
    private readonly double[] costs;
    private readonly string title;

    private CostSurface(string title, CostSurfaceAxis x, CostSurfaceAxis y, double[] costs, int exampleCount) =>
        (this.title, X, Y, this.costs, ExampleCount) = (title, x, y, costs, exampleCount);

    /// <summary>What the directions are, and their unit; not empty. Surfaces of the same title are drawn on one scale in a report.</summary>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string Title
    {
        get => title;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(Title));
            title = value;
        }
    }

    /// <summary>The axis of the direction u.</summary>
    public CostSurfaceAxis X { get; }

    /// <summary>The axis of the direction v.</summary>
    public CostSurfaceAxis Y { get; }

    /// <summary>The costs: those of the first y and all x, then those of the second y, and so on.</summary>
    public IReadOnlyList<double> Costs => Array.AsReadOnly(costs);

    /// <summary>The number of examples over which the cost is the mean.</summary>
    public int ExampleCount { get; }

    /// <summary>The cost at the point itself, where x and y are 0.</summary>
    public double Cost => this[X.Coordinates.Count / 2, Y.Coordinates.Count / 2];

    /// <summary>The cost at a point of the grid.</summary>
    /// <param name="xIndex">The index of x in the coordinates of <see cref="X"/>.</param>
    /// <param name="yIndex">The index of y in those of <see cref="Y"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside of the grid.</exception>
    public double this[int xIndex, int yIndex]
    {
        get
        {
            RequireIndex(xIndex, X, nameof(xIndex));
            RequireIndex(yIndex, Y, nameof(yIndex));
            return costs[yIndex * X.Coordinates.Count + xIndex];
        }
    }

    /// <summary>The title, and the range of the costs.</summary>
    public override string ToString() => FormattableString.Invariant($"{Title}: costs from {costs.Min():G4} to {costs.Max():G4}, {Cost:G4} at the point.");

    private static void RequireIndex(int index, CostSurfaceAxis axis, string name)
    {
        if ((uint)index >= (uint)axis.Coordinates.Count)
        {
            throw new ArgumentOutOfRangeException(name, index, FormattableString.Invariant($"{name} is {index}; it must be at least 0 and below {axis.Coordinates.Count}."));
        }
    }
}

/// <summary>An axis of a <see cref="CostSurface"/>.</summary>
/// <param name="Description">The direction and its unit, for a label.</param>
/// <param name="Coordinates">The coordinates of the grid, ascending and symmetric around 0, in units of the direction.</param>
public sealed record CostSurfaceAxis(string Description, IReadOnlyList<double> Coordinates);
