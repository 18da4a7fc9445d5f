using System.Numerics;

using OptimGen.CompilerServices;

namespace OptimGen.Tests.Execution;

/// <summary><see cref="StepMath.Power"/> against integers of any length.</summary>
public class PowerTests
{
    /// <summary>Bits that the reference keeps; its error after 20 squarings is about 2²² units of the last of them.</summary>
    private const int Precision = 256;

    public static TheoryData<double> Bases => new(0.9, 0.99, 0.999, 0.9999999, 0.5, 0.8, 1e-3, double.BitDecrement(1), 1);

    [Theory, MemberData(nameof(Bases))]
    public void Power_IsWithinOneUnitInTheLastPlace(double @base)
    {
        long[] exponents = [.. Enumerable.Range(1, 300), 365, 999, 1000, 1023, 1024, 4095, 6500, 6900, 7070, 7100, 9999, 65535, 65536, 123457, 999_999, 1_000_000];
        foreach (long exponent in exponents)
        {
            double got = StepMath.Power(@base, exponent);
            double want = Exact(@base, exponent);
            double unit = Math.BitIncrement(want) - want;
            Assert.True(Math.Abs(got - want) <= unit, FormattableString.Invariant($"{@base:R}^{exponent}: got {got:R}, want {want:R}"));
        }
    }

    [Theory, MemberData(nameof(Bases))]
    public void Power_IsAlmostAlwaysCorrectlyRounded(double @base)
    {
        int differing = Enumerable.Range(1, 1000).Count(exponent => StepMath.Power(@base, exponent) != Exact(@base, exponent));
        Assert.True(differing <= 1, $"{@base}: {differing} of 1000 differ");
    }

    [Fact]
    public void Power_OfZero()
    {
        Assert.Equal(1, StepMath.Power(0, 0));
        Assert.Equal(0, StepMath.Power(0, 1));
        Assert.Equal(0, StepMath.Power(0, 1_000_000));
    }

    [Fact]
    public void Power_ZerothAndFirst()
    {
        Assert.Equal(1, StepMath.Power(0.9, 0));
        Assert.Equal(0.9, StepMath.Power(0.9, 1));
        Assert.Equal(0.9 * 0.9, StepMath.Power(0.9, 2));
    }

    /// <summary>baseᵉˣᵖᵒⁿᵉⁿᵗ of the double, exact to far more than a double's 53 bits, then rounded once.</summary>
    private static double Exact(double @base, long exponent)
    {
        (BigInteger Mantissa, long Exponent) square = Split(@base), result = (1, 0);
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = Shorten(result.Mantissa * square.Mantissa, result.Exponent + square.Exponent);
            }

            square = Shorten(square.Mantissa * square.Mantissa, 2 * square.Exponent);
        }

        return Round(result.Mantissa, result.Exponent);
    }

    private static (BigInteger Mantissa, long Exponent) Split(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7ff);
        return ((bits & 0xfffffffffffff) | 0x10000000000000, exponent - 1075);
    }

    private static (BigInteger Mantissa, long Exponent) Shorten(BigInteger mantissa, long exponent)
    {
        long excess = mantissa.GetBitLength() - Precision;
        return excess > 0 ? (mantissa >> (int)excess, exponent + excess) : (mantissa, exponent);
    }

    /// <summary>
    /// Rounds to the nearest double. Subnormal results have fewer bits, and too small ones are 0. Ties at 256 bits occur for exact powers only.
    /// </summary>
    private static double Round(BigInteger mantissa, long exponent)
    {
        long length = mantissa.GetBitLength();
        long last = Math.Max(length + exponent - 53, -1074);
        long shift = last - exponent;
        if (shift > length)
        {
            return 0;
        }

        BigInteger rounded = mantissa;
        if (shift > 0)
        {
            BigInteger half = BigInteger.One << (int)(shift - 1);
            rounded = (mantissa + half) >> (int)shift;
            if (((mantissa + half) & ((BigInteger.One << (int)shift) - 1)).IsZero && !rounded.IsEven)
            {
                rounded--;
            }
        }
        else
        {
            last = exponent;
        }

        return Math.ScaleB((double)rounded, (int)last);
    }
}
