using System.Globalization;

using OptimGen.CompilerServices;

namespace OptimGen.Tests.Execution;

public class WidenTests
{
    [Theory]
    [InlineData(0.9f, 0.9)]
    [InlineData(0.99f, 0.99)]
    [InlineData(0.999f, 0.999)]
    [InlineData(0.9999999f, 0.9999999)]
    [InlineData(1e-8f, 1e-8)]
    [InlineData(1e-10f, 1e-10)]
    [InlineData(1e-3f, 1e-3)]
    [InlineData(0.1f, 0.1)]
    [InlineData(0.3f, 0.3)]
    [InlineData(3e38f, 3e38)]
    [InlineData(1e-45f, 1e-45)]
    [InlineData(-0.7f, -0.7)]
    [InlineData(16777216f, 16777216.0)]
    [InlineData(0f, 0.0)]
    [InlineData(1f, 1.0)]
    public void Widen_GivesTheDecimalThatWasWritten(float value, double expected) => Assert.Equal(expected, StepMath.Widen(value));

    [Fact]
    public void Widen_Specials()
    {
        Assert.True(double.IsNegative(StepMath.Widen(-0f)));
        Assert.Equal(0, StepMath.Widen(-0f));
        Assert.True(double.IsNaN(StepMath.Widen(float.NaN)));
        Assert.Equal(double.PositiveInfinity, StepMath.Widen(float.PositiveInfinity));
        Assert.Equal(double.NegativeInfinity, StepMath.Widen(float.NegativeInfinity));
        Assert.Equal(0.3, StepMath.Widen(0.3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("sv-SE")]
    public void Widen_AnyFloat_IsItsShortestDecimal_UnderAnyCulture(string name)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // A decimal comma, and a minus sign that is not a hyphen, set here so that they do not depend on the culture data of the machine.
            var culture = (CultureInfo)CultureInfo.GetCultureInfo(name).Clone();
            if (name.Length > 0)
            {
                culture.NumberFormat.NumberDecimalSeparator = ",";
                culture.NumberFormat.NumberGroupSeparator = ".";
                culture.NumberFormat.NegativeSign = "−";
            }

            CultureInfo.CurrentCulture = culture;
            var random = new Random(3);
            for (int i = 0; i < 100_000; i++)
            {
                float value = BitConverter.Int32BitsToSingle((int)random.NextInt64(int.MinValue, int.MaxValue));
                if (!float.IsFinite(value))
                {
                    continue;
                }

                double wide = StepMath.Widen(value);
                Assert.Equal(value, (float)wide);
                Assert.Equal(double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), wide);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Step_UnderACultureWithADecimalComma_GivesTheSameBits()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            float invariant = StepOnce();
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NegativeSign = "−";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(invariant, StepOnce());
            var parameters = new ParameterSet();
            parameters.Add("w", 1);
            Assert.StartsWith(
                "Beta1 is 1.5; it must be in [0, 1).",
                Assert.Throws<ArgumentOutOfRangeException>(() => new Kernels.Adam(parameters).Beta1 = 1.5f).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(1e39, "1E+39")]
    [InlineData(-1e39, "-1E+39")]
    [InlineData(double.NaN, "NaN")]
    public void Narrow_WhatDoesNotFit_IsRefusedByName(double value, string shown)
    {
        var refusal = Assert.Throws<ArithmeticException>(() => StepMath.Narrow<float>(value, "stepSize"));
        Assert.Contains($"stepSize is {shown}, which is not finite as Single", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e-3)]
    [InlineData(1e-50)]
    [InlineData(3.4028235e38)]
    [InlineData(0.05000000074505806)]
    [InlineData(0.0499999970197677612)]
    public void Narrow_RoundsToNearest(double value) => Assert.Equal((float)value, StepMath.Narrow<float>(value, "any"));

    private static float StepOnce()
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("w", 1);
        parameter.Gradients[0] = -0.3f;
        new Kernels.AdamW(parameters).Step();
        return parameter.Values[0];
    }
}
