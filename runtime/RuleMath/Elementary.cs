using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>
/// The algorithms of <see cref="RuleMath"/>, each written once, generic in the vector type, on lanes of double. Each file has one function: for double
/// elements, and, with a name that ends in Single, for single-precision elements that have been widened to double.
/// </summary>
/// <remarks>
/// <para>
/// Functions in single precision are computed in double: a vector of floats is widened to two vectors of doubles. That takes twice the instructions of
/// an algorithm in single precision, less what shorter polynomials, no correction terms and no case for subnormal numbers save. In return the result
/// is correctly rounded for all but fewer than one argument in a thousand, which arithmetic in single precision does not achieve.
/// </para>
/// <para>
/// Polynomials for which no source is given were computed for this library: they interpolate the function at the Chebyshev nodes of the interval that is
/// given beside the coefficients, solved with 300 bits and rounded to double. The stated errors are relative errors of the function that is computed with
/// the polynomial, with the rounded coefficients.
/// </para>
/// <para>
/// There is no branch: every lane computes every case and selects one by a mask. There is no static readonly field, because the just-in-time compiler
/// would insert a check that the type is initialized.
/// </para>
/// </remarks>
internal static partial class Elementary<L, T, TBits, TTruth>
    where L : struct, ILanes<T, TBits, TTruth>
{
    /// <summary>
    /// 1.5·2⁵². A sum of this and x has no bits for a fraction, so the addition rounds x to a whole number n, which is in the lowest bits of the sum.
    /// </summary>
    private const double Rounder = 6755399441055744;

    /// <summary>log₂ e.</summary>
    private const double Log2E = 1.4426950408889634;

    /// <summary>ln 2 as High + Low (Cody and Waite). High has 42 bits, so its product with a whole number of 11 bits is exact; Low is the rest.</summary>
    private const double Ln2High = 0.6931471805598903, Ln2Low = 5.497923018708371e-14;

    private const double SmallestNormal = 2.2250738585072014E-308;
    private const double TwoTo54 = 18014398509481984;

    private const ulong OneBits = 0x3FF0000000000000;
    private const ulong SignificandMask = 0x000FFFFFFFFFFFFF;

    /// <summary>2⁵². To convert a whole number n below 2⁵² to double: the bits of 2⁵² with n in the lowest bits are the double 2⁵² + n.</summary>
    private const double TwoTo52 = 4503599627370496;
    private const ulong TwoTo52Bits = 0x4330000000000000;

    /// <summary>2ⁿ.</summary>
    /// <param name="rounded"><see cref="Rounder"/> + n, for n from −1022 to 1023.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowerOfTwo(T rounded) => L.FromBits(L.ShiftLeftBy52(L.Add(L.ToBits(rounded), 1023)));

    /// <summary>The exponent field as a number, from 0 to 2047 for a positive argument, minus <paramref name="bias"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExponentField(TBits bits, double bias) =>
        L.Subtract(L.FromBits(L.Or(L.ShiftRightBy52(bits), TwoTo52Bits)), TwoTo52 + bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Clamp(T value, double minimum, double maximum)
    {
        T atMost = L.Select(L.GreaterThan(value, maximum), maximum, value);
        return L.Select(L.LessThan(atMost, minimum), minimum, atMost);
    }

    /// <summary>
    /// The result, or <see cref="double.NaN"/> where the argument is NaN. A single NaN is used, because the sign and payload of the NaN that an operation
    /// returns differ between processors.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T NaNWhereNaN(T argument, T result) => L.Select(L.Equal(argument, argument), result, double.NaN);
}
