namespace OptimGen.Tests.Catalogue;

/// <summary>A function to minimize, with its gradient in single precision.</summary>
internal sealed record Landscape(string Name, float[] Start, int Steps, double Goal, Func<float[], double> Value, Func<float[], float[]> Gradient)
{
    /// <summary>½Σaᵢ(xᵢ − cᵢ)², of slightly different curvatures; the minimum is 0.</summary>
    public static Landscape Parabola { get; } = new(
        "parabola", [1, -1.5f, 2], 2000, 1e-4,
        x => 0.5 * (Square(x[0] - 0.5) + (2 * Square(x[1] + 0.25)) + (0.5 * Square(x[2] - 3))),
        x => [x[0] - 0.5f, 2 * (x[1] + 0.25f), 0.5f * (x[2] - 3)]);

    /// <summary>½(x² + 100y²), which is a hundred times as steep across as along; the minimum is 0.</summary>
    public static Landscape Ravine { get; } = new(
        "ravine", [2, 1], 4000, 1e-3,
        x => 0.5 * (Square(x[0]) + (100 * Square(x[1]))),
        x => [x[0], 100 * x[1]]);

    /// <summary>(1 − x)² + 100(y − x²)², from the usual start; the minimum is 0 at (1, 1). Rosenbrock, 1960.</summary>
    public static Landscape Rosenbrock { get; } = new(
        "Rosenbrock", [-1.2f, 1], 20_000, 1e-2,
        x => Square(1 - x[0]) + (100 * Square(x[1] - ((double)x[0] * x[0]))),
        x => [(-2 * (1 - x[0])) - (400 * x[0] * (x[1] - (x[0] * x[0]))), 200 * (x[1] - (x[0] * x[0]))]);

    /// <summary>½x² − ½y² + ¼y⁴, from beside the ridge of its saddle at 0, where the slope is small; the minima are −¼ at (0, ±1).</summary>
    public static Landscape Saddle { get; } = new(
        "saddle", [1, 1e-3f], 2000, -0.249,
        x => (0.5 * Square(x[0])) - (0.5 * Square(x[1])) + (0.25 * Square(Square(x[1]))),
        x => [x[0], (x[1] * x[1] * x[1]) - x[1]]);

    public static IReadOnlyList<Landscape> All { get; } = [Parabola, Ravine, Rosenbrock, Saddle];

    public override string ToString() => Name;

    private static double Square(double x) => x * x;
}
