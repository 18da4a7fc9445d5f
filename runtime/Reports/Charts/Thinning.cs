namespace OptimGen;

/// <summary>
/// Reduces a line to what can be seen of it. The chart is cut into columns about as wide as a pixel. Of each column the first, lowest, highest and last
/// point are kept, in their order, so a spike of a single point stays as high as it is. A gap is kept where a column begins or ends with it.
/// </summary>
internal static class Thinning
{
    /// <summary>Thins a line.</summary>
    /// <param name="points">The points, x ascending.</param>
    /// <param name="from">The x where the first column begins.</param>
    /// <param name="to">The x where the last column ends.</param>
    /// <param name="columns">The number of columns.</param>
    /// <returns>At most six points for each column, of which NaN ones are gaps.</returns>
    public static List<ChartPoint> Thin(IReadOnlyList<ChartPoint> points, double from, double to, int columns)
    {
        var kept = new List<ChartPoint>();
        for (int first = 0; first < points.Count;)
        {
            double column = ColumnOf(points[first].X, from, to, columns);
            int end = first + 1;
            while (end < points.Count && ColumnOf(points[end].X, from, to, columns) == column)
            {
                end++;
            }

            KeepColumn(points, first, end, kept);
            first = end;
        }

        return kept;
    }

    private static double ColumnOf(double x, double from, double to, int columns) =>
        to > from ? Math.Clamp(Math.Floor((x - from) / (to - from) * columns), 0, columns - 1) : 0;

    private static void KeepColumn(IReadOnlyList<ChartPoint> points, int first, int end, List<ChartPoint> kept)
    {
        int opening = -1, lowest = -1, highest = -1, closing = -1;
        for (int i = first; i < end; i++)
        {
            double y = points[i].Y;
            if (!double.IsFinite(y))
            {
                continue;
            }

            opening = opening < 0 ? i : opening;
            lowest = lowest < 0 || y < points[lowest].Y ? i : lowest;
            highest = highest < 0 || y > points[highest].Y ? i : highest;
            closing = i;
        }

        if (opening != first)
        {
            kept.Add(points[first] with { Y = double.NaN });
        }

        if (opening < 0)
        {
            return;
        }

        (int earlier, int later) = lowest < highest ? (lowest, highest) : (highest, lowest);
        int last = -1;
        foreach (int index in (ReadOnlySpan<int>)[opening, earlier, later, closing])
        {
            if (index > last)
            {
                kept.Add(points[index]);
                last = index;
            }
        }

        if (closing != end - 1)
        {
            kept.Add(points[end - 1] with { Y = double.NaN });
        }
    }
}
