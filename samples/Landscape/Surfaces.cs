namespace Landscape;

/// <summary>The functions on which the rules are compared.</summary>
internal static class Surfaces
{
    public static Surface Ravine { get; } = new(
        "Ravine", "f = ½(x² + 25y²)",
        "25 times as steep across as along. Gradient descent zigzags; averages of the gradient smooth that, and normalization levels the two directions.",
        (-4.5, 1.2), (-5.2, 2.2), (-2, 2), 0.074f, 0.2f,
        (x, y) => (x * x + 25 * y * y) / 2,
        (x, y) => (x, 25 * y)) { Minima = [(0, 0)] };

    public static Surface Saddle { get; } = new(
        "Saddle", "f = ½x² − ½y² + ¼y⁴",
        "From beside the ridge, where y = 0.0005. Steps along the gradient lead to the saddle first and linger there; normalized steps leave the ridge at once.",
        (-1.7, 0.0005), (-2, 1), (-1.5, 1.5), 0.1f, 0.04f,
        (x, y) => x * x / 2 - y * y / 2 + y * y * y * y / 4,
        (x, y) => (x, y * y * y - y)) { Minima = [(0, 1), (0, -1)] };

    public static Surface Plateau { get; } = new(
        "Plateau", "f = 1 − exp(−(x² + y²)/4)",
        "Far from the minimum the surface is almost flat. Steps along a small gradient are short; normalized steps are as long as anywhere.",
        (-3.7, 2.4), (-5, 2.5), (-2.5, 3.8), 0.35f, 0.12f,
        (x, y) => 1 - Math.Exp(-(x * x + y * y) / 4),
        (x, y) => (x / 2 * Math.Exp(-(x * x + y * y) / 4), y / 2 * Math.Exp(-(x * x + y * y) / 4))) { Minima = [(0, 0)] };

    /// <summary>Beale, On an iterative method for finding a local minimum of a function of more than one variable, 1958.</summary>
    public static Surface Beale { get; } = new(
        "Beale", "f = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
        "A flat valley between walls that rise with the sixth power.",
        (1.2, 1.5), (-0.8, 4.4), (-1.4, 2), 0.006f, 0.08f,
        (x, y) => Square(1.5 - x + x * y) + Square(2.25 - x + x * y * y) + Square(2.625 - x + x * y * y * y),
        (x, y) =>
        {
            double a = 1.5 - x + x * y, b = 2.25 - x + x * y * y, c = 2.625 - x + x * y * y * y;
            return (2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1)), 2 * x * (a + 2 * y * b + 3 * y * y * c));
        }) { IsLogarithmic = true, Minima = [(3, 0.5)] };

    /// <summary>Rosenbrock, An automatic method for finding the greatest or least value of a function, 1960.</summary>
    public static Surface Rosenbrock { get; } = new(
        "Rosenbrock", "f = (1 − x)² + 100(y − x²)²",
        "A curved valley, easy to find and slow to follow.",
        (-1.2, 1), (-1.8, 1.8), (-0.8, 2.4), 0.0015f, 0.06f,
        (x, y) => Square(1 - x) + 100 * Square(y - x * x),
        (x, y) => (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x))) { IsLogarithmic = true, Minima = [(1, 1)] };

    /// <summary>Himmelblau, Applied Nonlinear Programming, 1972.</summary>
    public static Surface Himmelblau { get; } = new(
        "Himmelblau", "f = (x² + y − 11)² + (x + y² − 7)²",
        "Four minima, all of cost 0, with four saddles and a maximum between them. From this start near a ridge, the rule decides which one is reached.",
        (-1.3, -0.5), (-5.2, 5.2), (-5.2, 5.2), 0.008f, 0.12f,
        (x, y) => Square(x * x + y - 11) + Square(x + y * y - 7),
        (x, y) =>
        {
            double a = x * x + y - 11, b = x + y * y - 7;
            return (4 * x * a + 2 * b, 2 * a + 4 * y * b);
        }) { IsLogarithmic = true, Minima = [(3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)] };

    public static IReadOnlyList<Surface> All { get; } = [Ravine, Saddle, Plateau, Beale, Rosenbrock, Himmelblau];

    private static double Square(double x) => x * x;
}
