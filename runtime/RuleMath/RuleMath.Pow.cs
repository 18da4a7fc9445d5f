using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

public static partial class RuleMath
{
    /// <summary>x to the power of y.</summary>
    /// <param name="x">The base: any number.</param>
    /// <param name="y">The exponent: any number.</param>
    /// <returns>
    /// xʸ, with the special cases of C99, annex F.9.4.4: x⁰ and 1ʸ are 1, even for NaN. A negative base with an odd whole exponent gives a negative
    /// number, with an even one a positive number, and with an exponent that is not whole NaN. A base of ±0 or ±∞ gives 0 or ∞, with the sign of x
    /// where y is odd. (−1)^±∞ is 1. Any other NaN argument gives NaN.
    /// </returns>
    /// <remarks>
    /// Largest error measured: 1.22 ulp in double (2,000,000 arguments), 0.5001 ulp in single precision (1,000,000 pairs).
    /// The tests, <c>ErrorTests</c>, allow 1.5 and 0.501.
    /// Method: e^(y·ln x). In double, ln x is a double-double: the series of artanh with its first terms in double-double arithmetic.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Pow(double x, double y) => One.Pow(x, y);

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Pow(float x, float y) => (float)One.PowSingle(x, y);

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Pow(Vector128<double> x, Vector128<double> y) => Two.Pow(x, y);

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Pow(Vector128<float> x, Vector128<float> y) => Vector128.Narrow(
        Two.PowSingle(Vector128.WidenLower(x), Vector128.WidenLower(y)),
        Two.PowSingle(Vector128.WidenUpper(x), Vector128.WidenUpper(y)));

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Pow(Vector256<double> x, Vector256<double> y) => Four.Pow(x, y);

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Pow(Vector256<float> x, Vector256<float> y) => Vector256.Narrow(
        Four.PowSingle(Vector256.WidenLower(x), Vector256.WidenLower(y)),
        Four.PowSingle(Vector256.WidenUpper(x), Vector256.WidenUpper(y)));

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Pow(Vector512<double> x, Vector512<double> y) => Eight.Pow(x, y);

    /// <inheritdoc cref="Pow(double, double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pow(Vector512<float> x, Vector512<float> y) => Vector512.Narrow(
        Eight.PowSingle(Vector512.WidenLower(x), Vector512.WidenLower(y)),
        Eight.PowSingle(Vector512.WidenUpper(x), Vector512.WidenUpper(y)));
}
