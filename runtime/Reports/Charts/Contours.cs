using System.Globalization;
using System.Text;

namespace Landscape;

/// <summary>
/// The regions of a surface above each of some levels, as closed outlines by marching squares. Regions drawn one over the other, each with the same
/// transparent colour, are filled contours.
/// </summary>
internal sealed class Contours
{
    private const int Columns = 120, Rows = 120, LevelCount = 14;

    private readonly double[,] values = new double[Columns + 1, Rows + 1];
    private readonly double width;
    private readonly double height;

    /// <param name="surface">The surface.</param>
    /// <param name="width">The width of the drawing, for the range of x.</param>
    /// <param name="height">The height of the drawing, for the range of y, which rises upwards.</param>
    public Contours(Surface surface, double width, double height)
    {
        (this.width, this.height) = (width, height);
        for (int i = 0; i <= Columns; i++)
        {
            for (int j = 0; j <= Rows; j++)
            {
                double x = surface.X.Low + (surface.X.High - surface.X.Low) * i / Columns;
                double y = surface.Y.Low + (surface.Y.High - surface.Y.Low) * j / Rows;
                double value = surface.Value(x, y);
                values[i, j] = surface.IsLogarithmic ? Math.Log10(value - surface.Lowest + 0.1) : value;
            }
        }

        (double low, double high) = (values.Cast<double>().Min(), values.Cast<double>().Max());
        Levels = [.. Enumerable.Range(1, LevelCount).Select(k => low + (high - low) * Spacing(k, surface.IsLogarithmic))];
    }

    /// <summary>The levels, ascending.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>The outline of the region above a level, as the data of an SVG path to be filled by the rule evenodd.</summary>
    public string Outline(double level)
    {
        Dictionary<Edge, Edge> next = Segments(level);
        var path = new StringBuilder();
        while (next.Count > 0)
        {
            Edge first = next.Keys.First(), edge = first;
            char command = 'M';
            do
            {
                (double x, double y) = Crossing(edge, level);
                path.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#} {y:0.#}");
                command = 'L';
                next.Remove(edge, out edge);
            }
            while (edge != first);
            path.Append('Z');
        }

        return path.ToString();
    }

    /// <summary>Where levels that are evenly spaced would leave the bottom empty, they are closer there.</summary>
    private static double Spacing(int k, bool isLogarithmic)
    {
        double share = k / (LevelCount + 1.0);
        return isLogarithmic ? share : share * share;
    }

    /// <summary>
    /// The segments of the outline, from the edge of a cell to another one, with the region on the same side of all. Around the grid there is a ring of
    /// cells that are below every level, so that all outlines are closed.
    /// </summary>
    private Dictionary<Edge, Edge> Segments(double level)
    {
        var next = new Dictionary<Edge, Edge>();
        for (int i = -1; i <= Columns; i++)
        {
            for (int j = -1; j <= Rows; j++)
            {
                // The corners in the order of a turn, and the edges that lead from each to the next.
                bool[] above = [IsAbove(i, j), IsAbove(i + 1, j), IsAbove(i + 1, j + 1), IsAbove(i, j + 1)];
                Edge[] edges = [new(i, j, false), new(i + 1, j, true), new(i, j + 1, false), new(i, j, true)];
                int[] entries = [.. Enumerable.Range(0, 4).Where(k => !above[k] && above[(k + 1) % 4])];
                int[] exits = [.. Enumerable.Range(0, 4).Where(k => above[k] && !above[(k + 1) % 4])];
                for (int k = 0; k < entries.Length; k++)
                {
                    // Where two opposite corners are above, the two regions stay apart: each entry is joined to the exit after it.
                    int exit = exits.MinBy(one => (one - entries[k] + 4) % 4);
                    next[edges[entries[k]]] = edges[exit];
                }
            }
        }

        return next;

        bool IsAbove(int i, int j) => i >= 0 && j >= 0 && i <= Columns && j <= Rows && values[i, j] > level;
    }

    /// <summary>Where the outline crosses an edge, in coordinates of the drawing. On an edge that leaves the grid it is the end on the grid.</summary>
    private (double X, double Y) Crossing(Edge edge, double level)
    {
        (int i, int j) = (edge.Column, edge.Row);
        (int i2, int j2) = edge.IsVertical ? (i, j + 1) : (i + 1, j);
        bool isFirstInside = IsInside(i, j), isSecondInside = IsInside(i2, j2);
        double share = isFirstInside && isSecondInside ? (level - values[i, j]) / (values[i2, j2] - values[i, j]) : isFirstInside ? 0 : 1;
        return ((i + share * (i2 - i)) * width / Columns, height - (j + share * (j2 - j)) * height / Rows);

        static bool IsInside(int i, int j) => i >= 0 && j >= 0 && i <= Columns && j <= Rows;
    }

    /// <summary>An edge of a cell: from the corner at a column and row to the one above it or to its right.</summary>
    private readonly record struct Edge(int Column, int Row, bool IsVertical);
}
