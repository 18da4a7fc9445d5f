using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

public static partial class RuleMath
{
    /// <summary>eˣ.</summary>
    /// <param name="x">The exponent: any number.</param>
    /// <returns>
    /// eˣ. For +∞ it is +∞, for −∞ it is +0, for NaN it is NaN. Above about 709.78 (88.72 in single precision) it overflows to +∞. For large negative x
    /// it underflows gradually, through subnormal numbers, to +0.
    /// </returns>
    /// <remarks>
    /// Largest error measured: 0.84 ulp in double (2,000,000 arguments), 0.50001 ulp in single precision (every 409th float).
    /// The tests, <c>ErrorTests</c>, allow 0.9 and 0.501.
    /// Method: argument reduction by ln 2 in two parts after Cody and Waite, and a polynomial of degree 12 (8 in single precision).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Exp(double x) => One.Exp(x);

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => (float)One.ExpSingle(x);

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Exp(Vector128<double> x) => Two.Exp(x);

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x) => Vector128.Narrow(
        Two.ExpSingle(Vector128.WidenLower(x)),
        Two.ExpSingle(Vector128.WidenUpper(x)));

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x) => Four.Exp(x);

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x) => Vector256.Narrow(
        Four.ExpSingle(Vector256.WidenLower(x)),
        Four.ExpSingle(Vector256.WidenUpper(x)));

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x) => Eight.Exp(x);

    /// <inheritdoc cref="Exp(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x) => Vector512.Narrow(
        Eight.ExpSingle(Vector512.WidenLower(x)),
        Eight.ExpSingle(Vector512.WidenUpper(x)));
}
