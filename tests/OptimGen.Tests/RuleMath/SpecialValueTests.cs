using System.Runtime.CompilerServices;
using Functions = OptimGen.RuleMath;

namespace OptimGen.Tests.RuleMathTests;

/// <summary>The special cases of C99, annex F.9, and the limits of overflow and underflow, each to the bit.</summary>
public class SpecialValueTests
{
    private const double Infinity = double.PositiveInfinity;
    private const double NaN = double.NaN;

    [Fact]
    public void Exp_OfBoth()
    {
        (double, double)[] cases = [(0, 1), (-0.0, 1), (double.Epsilon, 1), (Infinity, Infinity), (-Infinity, 0), (NaN, NaN), (1e4, Infinity), (-1e4, 0)];
        foreach ((double x, double expected) in cases)
        {
            Require(expected, Functions.Exp(x), x);
            Require(expected, Functions.Exp((float)x), x);
        }
    }

    [Fact]
    public void Exp_AtItsBorders()
    {
        Require(1.7976931348622732e308, Functions.Exp(709.782712893384));
        Require(Infinity, Functions.Exp(709.7827128933841));
        Require(Infinity, Functions.Exp(double.MaxValue));
        Require(double.Epsilon, Functions.Exp(-745.1332191019411));
        Require(0, Functions.Exp(-745.1332191019412));
        Require(0, Functions.Exp(double.MinValue));
        Require(3.40279851e38f, Functions.Exp(88.72283f));
        Require(Infinity, Functions.Exp(88.72284f));
        Require(float.Epsilon, Functions.Exp(-103.97207f));
        Require(0, Functions.Exp(-103.972084f));
    }

    [Fact]
    public void Log_OfBoth()
    {
        (double, double)[] cases =
        [
            (0, -Infinity), (-0.0, -Infinity), (-1e-40, NaN), (-1, NaN), (-Infinity, NaN), (Infinity, Infinity), (NaN, NaN), (1, 0),
        ];
        foreach ((double x, double expected) in cases)
        {
            Require(expected, Functions.Log(x), x);
            Require(expected, Functions.Log((float)x), x);
        }
    }

    [Fact]
    public void Log_AtItsBorders()
    {
        Require(NaN, Functions.Log(-double.Epsilon));
        Require(-744.4400719213812, Functions.Log(double.Epsilon));
        Require(709.782712893384, Functions.Log(double.MaxValue));
        Require(-103.27893f, Functions.Log(float.Epsilon));
        Require(88.72284f, Functions.Log(float.MaxValue));
    }

    [Fact]
    public void Tanh_OfBoth()
    {
        (double, double)[] cases = [(0, 0), (-0.0, -0.0), (Infinity, 1), (-Infinity, -1), (NaN, NaN), (20, 1), (-22, -1), (1e30, 1)];
        foreach ((double x, double expected) in cases)
        {
            Require(expected, Functions.Tanh(x), x);
            Require(expected, Functions.Tanh((float)x), x);
        }
    }

    [Fact]
    public void Tanh_IsOddAndAtMostOne()
    {
        foreach (double x in Arguments.ForTanh(30000).Concat(Arguments.Special).Where(x => !double.IsNaN(x)))
        {
            Require(-Functions.Tanh(x), Functions.Tanh(-x), x);
            Assert.InRange(Functions.Tanh(x), -1, 1);
        }
    }

    [Fact]
    public void SinAndCos_OfBoth()
    {
        (double X, double Sin, double Cos)[] cases = [(0, 0, 1), (-0.0, -0.0, 1), (Infinity, NaN, NaN), (-Infinity, NaN, NaN), (NaN, NaN, NaN)];
        foreach ((double x, double sin, double cos) in cases)
        {
            Require(sin, Functions.Sin(x), x);
            Require(cos, Functions.Cos(x), x);
            Require(sin, Functions.Sin((float)x), x);
            Require(cos, Functions.Cos((float)x), x);
        }
    }

    /// <summary>
    /// Doubles of the range next to multiples of π/2, found by the continued fractions of 2ᵉ/(π/2), and the float next to one, 16367173·2⁷² (Muller,
    /// "Elementary functions", 3rd edition, section 11.2). The values are of 100 digits, rounded.
    /// </summary>
    [Fact]
    public void SinAndCos_AtTheirBorders()
    {
        Require(-6.189806365883577e-19, Functions.Cos(45.553093477052));
        Require(1, Functions.Sin(45.553093477052));
        Require(-1.6985038298986004e-18, Functions.Cos(14461176.67027838));
        Require(3.3970076597972008e-18, Functions.Sin(28922353.34055676));
        Require(1.2246467991473532e-16, Functions.Sin(Math.PI));
        Require(6.123233995736766e-17, Functions.Cos(Math.PI / 2));

        const double Limit = 281474976710656;
        Require(0.09845096240944208, Functions.Sin(Math.BitDecrement(Limit)));
        Require(0.9951419034492792, Functions.Cos(Math.BitDecrement(Limit)));
        Require(NaN, Functions.Sin(Limit));
        Require(NaN, Functions.Cos(-Limit));
        Require(NaN, Functions.Cos(double.MaxValue));

        const float NextToAMultiple = 7.729178919452902e+28f;
        Require(1, Functions.Sin(NextToAMultiple));
        Require(-1.61476976e-9f, Functions.Cos(NextToAMultiple));
        Require(-0.734081507f, Functions.Sin(1e22f));
        Require(0.679061353f, Functions.Cos(1e22f));
        Require(-0.521876514f, Functions.Sin(float.MaxValue));
        Require(0.853021026f, Functions.Cos(float.MaxValue));
    }

    [Fact]
    public void SinIsOdd_CosIsEven_AndBothAreAtMostOne()
    {
        foreach (double x in Arguments.ForSinAndCos(30000).Concat(Arguments.Special).Where(x => Math.Abs(x) < 1e14))
        {
            Require(-Functions.Sin(x), Functions.Sin(-x), x);
            Require(Functions.Cos(x), Functions.Cos(-x), x);
            Assert.InRange(Functions.Sin(x), -1, 1);
            Assert.InRange(Functions.Cos(x), -1, 1);
        }
    }

    [Fact]
    public void Cbrt_OfBoth()
    {
        (double, double)[] cases =
            [(0, 0), (-0.0, -0.0), (Infinity, Infinity), (-Infinity, -Infinity), (NaN, NaN), (1, 1), (-8, -2), (27, 3), (1e-3, 0.1), (-1e30, -1e10)];
        foreach ((double x, double expected) in cases)
        {
            Require(expected, Functions.Cbrt(x), x);
            Require((float)expected, Functions.Cbrt((float)x), x);
        }
    }

    [Fact]
    public void Cbrt_IsOddAndExactOnCubes()
    {
        for (int i = 1; i < 200000; i++)
        {
            double cube = (double)i * i * i;
            Require(i, Functions.Cbrt(cube), cube);
            Require(-i, Functions.Cbrt(-cube), -cube);
        }
    }

    [Fact]
    public void Pow_OfBoth()
    {
        (double, double, double)[] cases =
        [
            // The zeroth power, and the powers of one.
            (NaN, 0, 1), (Infinity, -0.0, 1), (0, 0, 1), (-3, 0, 1), (1, NaN, 1), (1, Infinity, 1), (1, -1e30, 1),
            // Other NaNs.
            (NaN, 1, NaN), (2, NaN, NaN), (-0.0, NaN, NaN), (NaN, -Infinity, NaN), (-1, NaN, NaN),
            // Negative bases.
            (-2, 3, -8), (-2, 2, 4), (-2, -1, -0.5), (-2, 0.5, NaN), (-0.5, 1e-30, NaN), (-1, 16777215, -1), (-1, 16777216, 1), (-1, 9007199254740992, 1),
            (-1, Infinity, 1), (-1, -Infinity, 1),
            // Zeros.
            (0, 3, 0), (-0.0, 3, -0.0), (-0.0, 2, 0), (-0.0, 0.5, 0), (0, -3, Infinity), (-0.0, -3, -Infinity), (-0.0, -2, Infinity), (-0.0, -0.5, Infinity),
            (0, Infinity, 0), (-0.0, Infinity, 0), (-0.0, -Infinity, Infinity),
            // Infinite bases.
            (Infinity, 0.1, Infinity), (Infinity, -0.1, 0), (-Infinity, 3, -Infinity), (-Infinity, 2, Infinity), (-Infinity, 0.5, Infinity), (-Infinity, -3, -0.0),
            (-Infinity, -2, 0), (-Infinity, -Infinity, 0), (-Infinity, Infinity, Infinity),
            // Infinite exponents.
            (2, Infinity, Infinity), (2, -Infinity, 0), (0.5, Infinity, 0), (0.5, -Infinity, Infinity), (-0.5, Infinity, 0), (-2, Infinity, Infinity),
            // Overflow and underflow, with a sign.
            (-10, 401, -Infinity), (-10, -401, -0.0), (10, 1e300, Infinity), (0.1, 1e300, 0),
        ];
        foreach ((double x, double y, double expected) in cases)
        {
            Require(expected, Functions.Pow(x, y), x, y);
            Require(expected, Functions.Pow((float)x, (float)y), x, y);
        }
    }

    [Fact]
    public void Pow_AtItsBorders()
    {
        Require(-1, Functions.Pow(-1, 9007199254740991.0));
        Require(double.Epsilon, Functions.Pow(2, -1074.0));
        Require(0, Functions.Pow(2, -1075.0));
        Require(Math.ScaleB(1, 1023), Functions.Pow(2, 1023.0));
        Require(Infinity, Functions.Pow(2, 1024.0));
        Require(Math.ScaleB(1, 537), Functions.Pow(double.Epsilon, -0.5));
        Require(double.Epsilon, Functions.Pow(double.Epsilon, 1));
        Require(double.MaxValue, Functions.Pow(double.MaxValue, 1));
        Require(1, Functions.Pow(3, double.Epsilon));
        Require(100, Functions.Pow(10, 2.0));
        Require(float.Epsilon, Functions.Pow(2f, -149));
        Require(0, Functions.Pow(2f, -151));
        Require(Infinity, Functions.Pow(2f, 128));
        Require(float.Epsilon, Functions.Pow(float.Epsilon, 1f));
        Require(float.MaxValue, Functions.Pow(float.MaxValue, 1f));
        Require(1e38f, Functions.Pow(10f, 38f));
    }

    private static void Require(
        double expected, double actual, double x = NaN, double y = NaN, [CallerArgumentExpression(nameof(actual))] string call = "") =>
        Assert.True(
            BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
            FormattableString.Invariant($"{call}, with x = {x:R} and y = {y:R}, is {actual:R}; it should be {expected:R}."));
}
