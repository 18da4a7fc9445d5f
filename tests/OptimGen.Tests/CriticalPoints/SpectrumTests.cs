namespace OptimGen.Tests.CriticalPoints;

public class SpectrumTests
{
    private static MiniBatch One => new([0]);

    [Fact]
    public void ASmallSpectrum_HasEveryEigenvalue()
    {
        double[] exact = [.. RandomSpectra.Draw("multiple", 40, new Random(2)).Order()];
        var function = new KnownFunction<double>(exact, new Random(1), third: 1);
        HessianSpectrum spectrum = CriticalPoint.Spectrum(function.Parameters, function.Objective, One);
        Assert.True(spectrum.IsComplete);
        Assert.InRange(spectrum.Error, 1e-18, 1e-9);
        Assert.InRange(spectrum.Asymmetry!.Value, 0, spectrum.Error);
        Assert.All(spectrum.Eigenvalues.Zip(exact), pair => Assert.Equal(pair.Second, pair.First, spectrum.Error));
        Assert.Equal(exact.Sum(), spectrum.Trace, 40 * spectrum.Error);
        Assert.Equal(0, spectrum.TraceStandardError);
        Assert.Equal(exact.Count(value => value < -1e-6) / 40.0, spectrum.ShareBelow(-1e-6).Share, 1e-12);
    }

    [Fact]
    public void EigenvaluesBelowAValue_AreCountedAsFarAsTheErrorsAllow()
    {
        double[] exact = [-3, -1, -1, 0, 0, 0, 2, 5];
        var function = new KnownFunction<double>(exact, new Random(1), third: 1);
        HessianSpectrum spectrum = CriticalPoint.Spectrum(function.Parameters, function.Objective, One);
        Assert.Equal((3, 6), spectrum.CountBelow(0));
        Assert.Equal((1, 1), spectrum.CountBelow(-2));
        Assert.Equal((1, 3), spectrum.CountBelow(-1));
        Assert.Equal((0, 0), spectrum.CountBelow(-4));
        Assert.Equal((8, 8), spectrum.CountBelow(6));
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.CountBelow(double.NaN)).ParamName);

        HessianSpectrum density = CriticalPoint.Spectrum(function.Parameters, function.Objective, One, new CriticalPointOptions<double> { FullHessianLimit = 7 });
        Assert.Contains("FullHessianLimit of at least 8", Assert.Throws<InvalidOperationException>(() => density.CountBelow(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALargeSpectrum_IsADensity_WithinItsStandardErrors()
    {
        const int N = 600;
        int outside = 0, compared = 0;
        for (int seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            double[] exact = [.. Enumerable.Range(0, N).Select(_ => 4 * random.NextDouble() - 1)];
            var function = new KnownFunction<double>(exact, random);
            HessianSpectrum spectrum = CriticalPoint.Spectrum(function.Parameters, function.Objective, One, new CriticalPointOptions<double> { MaxLanczosSteps = 50, Seed = seed });
            Assert.False(spectrum.IsComplete);
            Assert.Empty(spectrum.Eigenvalues);
            Count(exact.Sum(), (spectrum.Trace, spectrum.TraceStandardError));
            foreach (double value in new[] { -0.5, 0, 1, 2.5 })
            {
                const double Width = 0.2;
                Count(exact.Average(one => Math.Exp(-Math.Pow((value - one) / Width, 2) / 2) / (Width * Math.Sqrt(2 * Math.PI))), spectrum.Density(value, Width));
                (double share, double error) = spectrum.ShareBelow(value);
                // A quadrature has steps, each of about 1/50.
                Assert.Equal(exact.Count(one => one < value) / (double)N, share, 3 * error + 0.02);
            }

            Assert.InRange(spectrum.Low, exact.Min() - 1e-6, exact.Min() + 0.05);
            Assert.InRange(spectrum.High, exact.Max() - 0.05, exact.Max() + 1e-6);
            double integral = 0;
            for (double value = -3; value < 5; value += 0.01)
            {
                integral += 0.01 * spectrum.Density(value, 0.1).Density;
            }

            Assert.Equal(1, integral, 1e-3);
        }

        // Of normally distributed errors, three standard errors leave out 0.3 %; with 16 directions it is Student's distribution, 0.9 %.
        Assert.Equal(30, compared);
        Assert.InRange(outside, 0, 2);

        void Count(double exact, (double Value, double Error) estimate)
        {
            Assert.InRange(estimate.Error, 1e-6, 0.1 * Math.Max(Math.Abs(exact), 1));
            compared++;
            outside += Math.Abs(exact - estimate.Value) > 3 * estimate.Error ? 1 : 0;
        }
    }

    [Fact]
    public void Density_RefusesBadWidths()
    {
        var function = new KnownFunction<double>([1, 2], new Random(1));
        HessianSpectrum spectrum = CriticalPoint.Spectrum(function.Parameters, function.Objective, One);
        Assert.Equal("width", Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.Density(0, 0)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.Density(double.NaN, 1)).ParamName);
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => spectrum.ShareBelow(double.NaN)).ParamName);
    }
}
