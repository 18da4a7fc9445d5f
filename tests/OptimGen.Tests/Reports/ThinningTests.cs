namespace OptimGen.Tests.Reports;

public sealed class ThinningTests
{
    private const int Columns = 1000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(123_456)]
    [InlineData(500_000)]
    [InlineData(999_999)]
    public void OneSpikeOfAMillionPoints_Survives_BothWays(int at)
    {
        foreach (double spike in (double[])[1e6, -1e6])
        {
            ChartPoint[] points = [.. Enumerable.Range(0, 1_000_000).Select(i => new ChartPoint(i, i == at ? spike : Math.Sin(i)))];

            List<ChartPoint> thin = Thinning.Thin(points, 0, points.Length, Columns);

            Assert.Contains(points[at], thin);
            Assert.InRange(thin.Count, Columns, 4 * Columns);
        }
    }

    /// <summary>In every column the lowest and the highest value are those of all points, and the order is kept.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(999)]
    [InlineData(54_321)]
    public void EveryColumn_KeepsItsExtremes(int count)
    {
        var random = new Random(count);
        ChartPoint[] points = [.. Enumerable.Range(0, count).Select(i => new ChartPoint(i, random.NextDouble()))];

        List<ChartPoint> thin = Thinning.Thin(points, 0, count, 100);

        int ColumnOf(ChartPoint point) => (int)Math.Floor(point.X / count * 100);
        Assert.Equal(
            points.GroupBy(ColumnOf).Select(column => (column.Key, column.Min(point => point.Y), column.Max(point => point.Y))),
            thin.GroupBy(ColumnOf).Select(column => (column.Key, column.Min(point => point.Y), column.Max(point => point.Y))));
        Assert.Equal(thin.OrderBy(point => point.X), thin);
        Assert.Equal((points[0], points[^1]), (thin[0], thin[^1]));
    }

    [Fact]
    public void AGap_StaysAGap_AndAlternatingGapsDoNotGrowTheLine()
    {
        ChartPoint[] gap = [.. Enumerable.Range(0, 100_000).Select(i => new ChartPoint(i, i is >= 40_000 and < 60_000 ? double.NaN : 1))];
        ChartPoint[] alternating = [.. Enumerable.Range(0, 1_000_000).Select(i => new ChartPoint(i, i % 2 == 0 ? double.PositiveInfinity : i))];

        List<ChartPoint> thin = Thinning.Thin(gap, 0, gap.Length, Columns);

        Assert.Contains(thin, point => double.IsNaN(point.Y) && point.X is >= 40_000 and < 60_000);
        Assert.DoesNotContain(thin, point => double.IsFinite(point.Y) && point.X is >= 40_000 and < 60_000);
        Assert.Contains(new ChartPoint(39_999, 1), thin);
        Assert.Contains(new ChartPoint(60_000, 1), thin);
        Assert.InRange(Thinning.Thin(alternating, 0, alternating.Length, Columns).Count, Columns, 6 * Columns);
    }

    [Fact]
    public void PointsAtOneX_AndNoPoints_AreOneColumnAndNone()
    {
        Assert.Empty(Thinning.Thin([], 0, 0, Columns));
        Assert.Equal([new(5, 1), new(5, -2), new(5, 3)], Thinning.Thin([new(5, 1), new(5, -2), new(5, 0), new(5, 3)], 5, 5, Columns));
    }
}
