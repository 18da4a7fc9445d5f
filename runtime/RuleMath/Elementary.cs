using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>
/// The algorithms of <see cref="RuleMath"/>, each written once, on lanes of double. Every file has one function: for double elements, and, with a
/// name that ends in Single, for single elements that have been widened to double.
/// </summary>
/// <remarks>
/// <para>
/// Single precision goes by double, two vectors for one. That costs twice the instructions of an algorithm in single precision, but shorter
/// polynomials, no correction terms and no case for subnormal numbers give some back; and what comes out is the correctly rounded result but
/// for fewer than one argument in a thousand, which arithmetic in single precision does not give.
/// </para>
/// <para>
/// Polynomials without another source are this library's own: they interpolate the function at the Chebyshev nodes of the interval that is
/// given beside the coefficients, solved with 300 bits and rounded to double. Their errors are relative ones, of the function that they serve,
/// with the coefficients as rounded.
/// </para>
/// <para>There is no branch: every lane computes every case and selects. No static field either, which would make the compiler check for a constructor.</para>
/// </remarks>
internal static partial class Elementary<L, T, TBits, TTruth>
    where L : struct, ILanes<T, TBits, TTruth>
{
    /// <summary>1.5·2⁵². A sum with it has no place for a fraction, so it is rounded to a whole number n, and n stands in its lowest bits.</summary>
    private const double Rounder = 6755399441055744;

    /// <summary>log₂ e.</summary>
    private const double Log2E = 1.4426950408889634;

    /// <summary>ln 2 as far as 42 bits, so that its product with a whole number of 11 bits is exact (Cody and Waite), and the rest.</summary>
    private const double Ln2High = 0.6931471805598903, Ln2Low = 5.497923018708371e-14;

    private const double SmallestNormal = 2.2250738585072014E-308;
    private const double TwoTo54 = 18014398509481984;

    private const ulong OneBits = 0x3FF0000000000000;
    private const ulong SignificandMask = 0x000FFFFFFFFFFFFF;

    /// <summary>2⁵²: with a whole number below it in place of its lowest bits, it is 2⁵² and that number.</summary>
    private const double TwoTo52 = 4503599627370496;
    private const ulong TwoTo52Bits = 0x4330000000000000;

    /// <summary>2ⁿ.</summary>
    /// <param name="rounded"><see cref="Rounder"/> + n, for n from −1022 to 1023.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo(T rounded) => L.FromBits(L.ShiftLeftBy52(L.Add(L.ToBits(rounded), 1023)));

    /// <summary>The field of the exponent, from 0 to 2047 where the sign is clear, less <paramref name="bias"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExponentField(TBits bits, double bias) =>
        L.Subtract(L.FromBits(L.Or(L.ShiftRightBy52(bits), TwoTo52Bits)), TwoTo52 + bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Clamp(T value, double minimum, double maximum)
    {
        T atMost = L.Select(L.GreaterThan(value, maximum), maximum, value);
        return L.Select(L.LessThan(atMost, minimum), minimum, atMost);
    }

    /// <summary>One NaN for all: the sign and payload that an operation gives differ between processors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T NaNWhereNaN(T argument, T result) => L.Select(L.Equal(argument, argument), result, double.NaN);
}
