namespace OptimGen.Tests.Averages;

public class ExponentiallyWeightedAverageTests
{
    /// <summary>The notes' temperatures: V₁ = 0.02·40 = 0.8, which is far too small; divided by 1 − 0.98 it is 40.</summary>
    [Fact]
    public void WorkedFigures_FirstValue()
    {
        var plain = new ExponentiallyWeightedAverage(0.98, biasCorrection: false);
        var corrected = new ExponentiallyWeightedAverage(0.98);
        Assert.Equal(0.8f, plain.Add(40), 1e-6f);
        Assert.Equal(40f, corrected.Add(40), 1e-5f);
    }

    /// <summary>V₂ = 0.98·0.02·θ₁ + 0.02·θ₂ = 0.0196·θ₁ + 0.02·θ₂, corrected by 1/(1 − 0.98²) = 1/0.0396.</summary>
    [Theory]
    [InlineData(40, 49)]
    [InlineData(40, 45)]
    [InlineData(-3.5, 12.25)]
    public void WorkedFigures_SecondValue(float first, float second)
    {
        double v2 = (0.0196 * first) + (0.02 * second);
        Assert.Equal(v2, ExponentiallyWeightedAverage.Smooth([first, second], 0.98, biasCorrection: false)[1], 1e-6 * Math.Abs(v2));
        Assert.Equal(v2 / 0.0396, ExponentiallyWeightedAverage.Smooth([first, second], 0.98)[1], 1e-6 * Math.Abs(v2 / 0.0396));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.98)]
    [InlineData(0.999)]
    public void Smooth_FollowsTheDefinitionInDouble(double beta)
    {
        float[] series = Series(1000);
        float[] plain = ExponentiallyWeightedAverage.Smooth(series, beta, biasCorrection: false);
        float[] corrected = ExponentiallyWeightedAverage.Smooth(series, beta);
        double v = 0;
        for (int t = 1; t <= series.Length; t++)
        {
            v = (beta * v) + ((1 - beta) * series[t - 1]);
            double unbiased = v / (1 - Math.Pow(beta, t));

            // A step rounds 1 − β, its product and the sum, each by 2⁻²⁴ at most, and β shrinks what was before: 4·2⁻²⁴ over 1/(1 − β) steps,
            // but never over more than t. All values are positive.
            double bound = (4 * Math.Min(t, 1 / (1 - beta)) + 3) / (1 << 24);
            Assert.Equal(v, plain[t - 1], bound * v);
            Assert.Equal(unbiased, corrected[t - 1], bound * unbiased);
        }
    }

    [Fact]
    public void ConstantSeries_IsItsOwnCorrectedAverage()
    {
        foreach (float value in ExponentiallyWeightedAverage.Smooth([.. Enumerable.Repeat(7.25f, 200)], 0.9))
        {
            Assert.Equal(7.25f, value, 1e-5f);
        }
    }

    [Fact]
    public void NoPast_IsTheSeriesItself()
    {
        float[] series = Series(50);
        Assert.Equal(series, ExponentiallyWeightedAverage.Smooth(series, 0));
        Assert.Equal(series, ExponentiallyWeightedAverage.Smooth(series, 0, biasCorrection: false));
    }

    [Fact]
    public void Width_EachValueIsAveragedForItself()
    {
        const int width = 37;
        var together = new ExponentiallyWeightedAverage(0.9, width: width);
        ExponentiallyWeightedAverage[] alone = [.. Enumerable.Range(0, width).Select(_ => new ExponentiallyWeightedAverage(0.9))];
        Assert.All(together.Values.ToArray(), value => Assert.Equal(0, value));
        for (int t = 0; t < 20; t++)
        {
            float[] values = [.. Series(20 + width).Skip(t).Take(width)];
            together.Add(values);
            Assert.Equal(values.Zip(alone, (value, one) => one.Add(value)), together.Values.ToArray());
            Assert.Equal(t + 1, together.Count);
        }
    }

    [Fact]
    public void Smooth_OfNothing_IsNothing() => Assert.Empty(ExponentiallyWeightedAverage.Smooth([], 0.9));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0.99999999999)]
    public void Beta_OutOfItsRange_IsRefused(double beta)
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentiallyWeightedAverage(beta));
        Assert.Contains("it must be in [0, 1)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("beta", refusal.ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => ExponentiallyWeightedAverage.Smooth([1], beta));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExponentiallyWeightedAverage.Smooth([], beta));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Width_NotPositive_IsRefused(int width) =>
        Assert.Equal("width", Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentiallyWeightedAverage(0.9, width: width)).ParamName);

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Value_NotFinite_IsRefusedWithItsPosition(float value, string shown)
    {
        var average = new ExponentiallyWeightedAverage(0.9, width: 3);
        average.Add([1, 2, 3]);
        float[] before = average.Values.ToArray();
        Assert.StartsWith(
            $"values[2] is {shown}; it must be finite.",
            Assert.Throws<ArgumentException>(() => average.Add([4, 5, value])).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, average.Values.ToArray());
        Assert.Equal(1, average.Count);
        average.Add([1, 2, 3]);
        Assert.Equal(2, average.Count);

        Assert.StartsWith(
            $"series[1] is {shown}; it must be finite.",
            Assert.Throws<ArgumentException>(() => ExponentiallyWeightedAverage.Smooth([1, value], 0.9)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WrongNumberOfValues_IsRefused()
    {
        var average = new ExponentiallyWeightedAverage(0.9, width: 3);
        foreach (float[] values in new float[][] { [], [1], [1, 2, 3, 4] })
        {
            Assert.StartsWith(
                $"There are {values.Length} values; the average was made for 3 at a time.",
                Assert.Throws<ArgumentException>(() => average.Add(values)).Message,
                StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => average.Add(1));
        Assert.Equal(0, average.Count);
    }

    /// <summary>Positive, like temperatures in kelvin: the average then has no cancellation.</summary>
    private static float[] Series(int length)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, length).Select(t => (float)(20 + (10 * Math.Sin(t / 30.0)) + (5 * random.NextDouble())))];
    }
}
