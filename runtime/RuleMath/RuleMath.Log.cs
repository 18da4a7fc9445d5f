using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

public static partial class RuleMath
{
    /// <summary>The natural logarithm.</summary>
    /// <param name="x">The argument: any number.</param>
    /// <returns>
    /// ln x, for subnormal numbers too. For ±0 it is −∞, for a negative number NaN, for +∞ it is +∞, for 1 it is +0, for NaN it is NaN.
    /// </returns>
    /// <remarks>
    /// Largest error measured: 0.85 ulp in double (2,000,000 arguments), 0.50001 ulp in single precision (every 409th float).
    /// The tests, <c>ErrorTests</c>, allow 0.9 and 0.501.
    /// Method: that of fdlibm's e_log.c; in single precision the same series, with a shorter polynomial, in double.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log(double x) => One.Log(x);

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => (float)One.LogSingle(x);

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Log(Vector128<double> x) => Two.Log(x);

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> x) => Vector128.Narrow(
        Two.LogSingle(Vector128.WidenLower(x)),
        Two.LogSingle(Vector128.WidenUpper(x)));

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x) => Four.Log(x);

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x) => Vector256.Narrow(
        Four.LogSingle(Vector256.WidenLower(x)),
        Four.LogSingle(Vector256.WidenUpper(x)));

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x) => Eight.Log(x);

    /// <inheritdoc cref="Log(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x) => Vector512.Narrow(
        Eight.LogSingle(Vector512.WidenLower(x)),
        Eight.LogSingle(Vector512.WidenUpper(x)));
}
