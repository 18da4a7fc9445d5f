using System.Globalization;
using System.Xml.Linq;

namespace OptimGen.Tests.Reports;

public sealed class LineChartTests
{
    public static TheoryData<string, double[]> Values => new()
    {
        { "none", [] },
        { "one", [3] },
        { "constant", [0.001, 0.001, 0.001] },
        { "zeros", [0, 0] },
        { "negative", [-3, 2, -7] },
        { "not finite", [double.NaN, 1, double.PositiveInfinity, 2, 3, double.NegativeInfinity] },
        { "nothing finite", [double.NaN, double.NaN] },
        { "huge", [1e-30, 1e30] },
        { "largest", [double.MinValue, double.MaxValue, double.Epsilon] },
        { "smallest", [double.Epsilon, double.Epsilon] },
        { "adjacent", [1, double.BitIncrement(1)] },
        { "many", [.. Enumerable.Range(1, 20_000).Select(i => 1.0 / i)] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void ItIsWellFormed_AndHasFiniteCoordinates(string name, double[] values)
    {
        foreach (bool? logarithmic in (bool?[])[false, true, null])
        {
            string svg = Chart($"<{name}> & \"others\"", logarithmic, values);

            XElement.Parse(svg);
            Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", svg, StringComparison.Ordinal);
            Assert.True(svg.Length < 200_000);
        }
    }

    [Fact]
    public void ItIsTheSame_InACultureWithADecimalComma()
    {
        double[] values = [0.125, 1234.5, -2.75];
        string expected = Chart("x", false, values);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.GetCultureInfo("de-DE").Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "∸";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(expected, Chart("x", false, values));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void LinearTicks_AreRoundNumbersAroundTheValues()
    {
        Axis axis = Axis.Linear([0.3, 9.6], 0, 100, toTicks: true);

        Assert.Equal([0, 2, 4, 6, 8, 10], axis.Ticks);
        Assert.Equal(50, axis.Place(5), 9);
    }

    [Fact]
    public void LogarithmicTicks_AreRoundNumbersAroundTheValues()
    {
        Axis axis = Axis.Logarithmic([0.03, 2.3], 0, 100);

        Assert.Equal([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5], axis.Ticks.Select(tick => Math.Round(tick, 9)));
    }

    private static string Chart(string name, bool? logarithmic, double[] values) => new LineChart
    {
        Description = name,
        XLabel = name,
        YLabel = name,
        LogarithmicY = logarithmic,
        Series = [new ChartSeries(name, 0, [.. values.Select((value, i) => new ChartPoint(i, value))]) { Dots = values.Length < 10 }],
    }.ToHtml();
}
