using OptimGen;

namespace Landscape;

/// <summary>The relief of a surface: filled contours, each region in the same transparent colour over the last.</summary>
internal sealed class Relief
{
    private const int Cells = 120, LevelCount = 14;

    private readonly Contours contours;

    /// <param name="surface">The surface.</param>
    /// <param name="width">The width of the drawing, for the range of x.</param>
    /// <param name="height">The height of the drawing, for the range of y, which rises upwards.</param>
    public Relief(Surface surface, double width, double height)
    {
        var values = new double[Cells + 1, Cells + 1];
        for (int i = 0; i <= Cells; i++)
        {
            for (int j = 0; j <= Cells; j++)
            {
                double x = surface.X.Low + (surface.X.High - surface.X.Low) * i / Cells;
                double y = surface.Y.Low + (surface.Y.High - surface.Y.Low) * j / Cells;
                double value = surface.Value(x, y);
                values[i, j] = surface.IsLogarithmic ? Math.Log10(value - surface.Lowest + 0.1) : value;
            }
        }

        contours = new Contours(values, width, height);
        (double low, double high) = (values.Cast<double>().Min(), values.Cast<double>().Max());
        Levels = [.. Enumerable.Range(1, LevelCount).Select(k => low + (high - low) * Spacing(k, surface.IsLogarithmic))];
    }

    /// <summary>The levels, ascending.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>The outline of the region above a level, as the data of an SVG path to be filled by the rule evenodd.</summary>
    public string Outline(double level) => contours.Outline(level);

    /// <summary>Where levels that are evenly spaced would leave the bottom empty, they are closer there.</summary>
    private static double Spacing(int k, bool isLogarithmic)
    {
        double share = k / (LevelCount + 1.0);
        return isLogarithmic ? share : share * share;
    }
}
