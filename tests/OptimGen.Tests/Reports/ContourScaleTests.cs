namespace OptimGen.Tests.Reports;

public sealed class ContourScaleTests
{
    public static TheoryData<double, double, bool> Ranges => new()
    {
        { 0.02, 9.4, true }, { 1e-12, 3, true }, { 1e-300, 1e300, true }, { 1, 30, true }, { 1, 29, false }, { 0, 5, false }, { -3, 4, false }, { -1e300, 1e300, false },
        { 2.3, 2.3000001, false }, { -7e-9, 1e-9, false }, { 0.1, 0.7, false },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Levels_AreRoundNumbersBetweenTheEnds_AndFitTheColours(double low, double high, bool isLogarithmic)
    {
        var scale = ContourScale.Of([high, low, (low + high) / 2]);

        Assert.Equal(isLogarithmic, scale.IsLogarithmic);
        Assert.Equal((low, high), (scale.Low, scale.High));
        Assert.InRange(scale.BandCount, 5, ContourLook.Light.Count);
        Assert.All(scale.Levels, level => Assert.True(level > low && level < high));
        Assert.Equal(scale.Levels, scale.Levels.Distinct().Order());
        double[] places = [.. scale.Levels.Select(scale.Place)];
        double[] steps = [.. places.Zip(places.Skip(1), (one, next) => next - one)];
        // Two digits are exact to 5 % of a level: two of them to 0.04 in log₁₀ of their ratio.
        Assert.InRange(steps.Max(), steps.Min(), steps.Min() * (1 + 1e-6) + (isLogarithmic ? 0.05 : 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2.5)]
    [InlineData(1e300)]
    public void ASingleValue_HasOneBand(double value)
    {
        var scale = ContourScale.Of([value, value]);
        Assert.Empty(scale.Levels);
        Assert.Equal(1, scale.BandCount);
        Assert.Contains("level-0", scale.LegendHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheBands_AreSpreadOverTheColours_FromTheFirstToTheLast()
    {
        for (int count = 2; count <= ContourLook.Light.Count; count++)
        {
            string[] classes = [.. Enumerable.Range(0, count).Select(band => ContourLook.ClassOf(band, count))];
            Assert.Equal(classes, classes.Distinct());
            Assert.Equal("level-0", classes[0]);
            Assert.Equal($"level-{ContourLook.Light.Count - 1}", classes[^1]);
        }
    }
}
