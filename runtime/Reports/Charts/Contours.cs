using System.Globalization;
using System.Text;

namespace OptimGen;

/// <summary>
/// The regions of a grid of values above a level, as closed outlines by marching squares (Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in two
/// dimensions). Regions drawn one over the other are filled contours.
/// </summary>
internal sealed class Contours
{
    private readonly double[,] values;
    private readonly double width;
    private readonly double height;

    /// <param name="values">The values, all finite: by columns from left to right, and in each from bottom to top.</param>
    /// <param name="width">The width of the drawing.</param>
    /// <param name="height">The height of the drawing.</param>
    public Contours(double[,] values, double width, double height) => (this.values, this.width, this.height) = (values, width, height);

    /// <summary>The number of cells from left to right, one less than there are columns.</summary>
    private int Columns => values.GetLength(0) - 1;

    private int Rows => values.GetLength(1) - 1;

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

        bool IsInside(int i, int j) => i >= 0 && j >= 0 && i <= Columns && j <= Rows;
    }

    /// <summary>An edge of a cell: from the corner at a column and row to the one above it or to its right.</summary>
    private readonly record struct Edge(int Column, int Row, bool IsVertical);
}
