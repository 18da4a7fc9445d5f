using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

public static partial class RuleMath
{
    /// <summary>The cube root.</summary>
    /// <param name="x">The argument: any number.</param>
    /// <returns>
    /// ∛x, for negative and subnormal numbers too. For ±0 it is ±0, for ±∞ it is ±∞, for NaN it is NaN.
    /// </returns>
    /// <remarks>
    /// Largest error measured: 0.5001 ulp in double (2,000,000 arguments), 0.50002 ulp in single precision (every 409th float).
    /// The tests, <c>ErrorTests</c>, allow 0.501 and 0.501.
    /// Method: a polynomial for x^(−⅓), an iteration of third order, and in double a step of Newton's method with an exact residual.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cbrt(double x) => One.Cbrt(x);

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cbrt(float x) => (float)One.CbrtSingle(x);

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Cbrt(Vector128<double> x) => Two.Cbrt(x);

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Cbrt(Vector128<float> x) => Vector128.Narrow(
        Two.CbrtSingle(Vector128.WidenLower(x)),
        Two.CbrtSingle(Vector128.WidenUpper(x)));

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Cbrt(Vector256<double> x) => Four.Cbrt(x);

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Cbrt(Vector256<float> x) => Vector256.Narrow(
        Four.CbrtSingle(Vector256.WidenLower(x)),
        Four.CbrtSingle(Vector256.WidenUpper(x)));

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Cbrt(Vector512<double> x) => Eight.Cbrt(x);

    /// <inheritdoc cref="Cbrt(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cbrt(Vector512<float> x) => Vector512.Narrow(
        Eight.CbrtSingle(Vector512.WidenLower(x)),
        Eight.CbrtSingle(Vector512.WidenUpper(x)));
}
