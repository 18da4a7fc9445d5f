namespace OptimGen.Tests.CriticalPoints;

public class EscapeTests
{
    private static MiniBatch One => new([0]);

    /// <summary>½x² − ½y² + ¼y⁴, whose minima are −¼ at (0, ±1).</summary>
    private static (double, double[]) Saddle(double[] x) => (
        x[0] * x[0] / 2 - x[1] * x[1] / 2 + Math.Pow(x[1], 4) / 4, [x[0], x[1] * x[1] * x[1] - x[1]]);

    [Fact]
    public void ASaddle_IsLeft_WhereTheCostFalls()
    {
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>([0, 0], Saddle);
        parameters["x"].Gradients[0] = 5;
        SaddleEscape<double> escape = CriticalPoint.Escape(parameters, objective, One);
        Assert.True(escape.IsTaken);
        double y = parameters["x"].Values[1];
        Assert.Equal(escape.Cost, Saddle([parameters["x"].Values[0], y]).Item1, 1e-15);
        // Distances double, so the cost is within a factor of √2 of the best distance, 1.
        Assert.InRange(escape.Cost, -0.25, -0.18);
        Assert.Equal(Math.Abs(y), Math.Abs(escape.Distance), 1e-12);
        Assert.Equal(5, parameters["x"].Gradients[0]);
    }

    [Fact]
    public void InSinglePrecision_AndFromAMaximum()
    {
        (ParameterSet<float> parameters, Objective<float> objective) =
            KnownPoints.Of<float>([1, 2], x => (3 + Math.Cos(x[0] - 1) + Math.Cos(x[1] - 2), [-Math.Sin(x[0] - 1), -Math.Sin(x[1] - 2)]));
        SaddleEscape<float> escape = CriticalPoint.Escape(parameters, objective, One);
        Assert.Equal((CriticalPointVerdict.Maximum, true), (escape.Analysis.Verdict, escape.IsTaken));
        Assert.InRange(escape.Cost, 1, 3.5);
    }

    [Fact]
    public void AMinimum_IsNotLeft()
    {
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>([1, 1], KnownPoints.Rosenbrock);
        SaddleEscape<double> escape = CriticalPoint.Escape(parameters, objective, One);
        Assert.Equal((false, 0.0), (escape.IsTaken, escape.Distance));
        Assert.Equal([1.0, 1.0], parameters["x"].Values.ToArray());
        Assert.Contains("no saddle", escape.Reason, StringComparison.Ordinal);
    }

    /// <summary>The gradient promises a fall that the cost does not have.</summary>
    [Fact]
    public void IfTheCostDoesNotFall_NothingIsChanged()
    {
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>([0.5, 0], x => (7 + (x[0] - 0.5) * (x[0] - 0.5) + x[1] * x[1], [2 * (x[0] - 0.5), -2 * x[1]]));
        SaddleEscape<double> escape = CriticalPoint.Escape(parameters, objective, One);
        Assert.Equal((CriticalPointVerdict.Saddle, false, 7.0), (escape.Analysis.Verdict, escape.IsTaken, escape.Cost));
        Assert.Equal([0.5, 0], parameters["x"].Values.ToArray());
    }

    /// <summary>A cost that has no lower bound, and one that is not finite beyond a distance.</summary>
    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0.3)]
    public void TheLineSearch_Ends(double edge)
    {
        (ParameterSet<double> parameters, Objective<double> objective) = KnownPoints.Of<double>(
            [0, 0], x => (Math.Abs(x[1]) > edge ? double.NaN : x[0] * x[0] - x[1] * x[1], [2 * x[0], -2 * x[1]]));
        SaddleEscape<double> escape = CriticalPoint.Escape(parameters, objective, One);
        Assert.True(escape.IsTaken);
        Assert.InRange(Math.Abs(escape.Distance), edge > 1 ? 4 : 0.1, Math.Min(edge, 10));
    }
}
