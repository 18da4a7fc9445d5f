using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

public static partial class RuleMath
{
    /// <summary>The sine of an angle in radians.</summary>
    /// <param name="x">The argument: any float; or a double of a magnitude below 2⁴⁸, above which neighbouring doubles are 1/16 and more apart.</param>
    /// <returns>
    /// sin x, an odd function. For ±0 it is ±0, for ±∞ and NaN it is NaN. For a double of 2⁴⁸ and more it is NaN.
    /// </returns>
    /// <remarks>
    /// Largest error measured: 0.75 ulp in double (2,000,000 arguments), 0.5001 ulp in single precision (every float from 0.001 on).
    /// The tests, <c>ErrorTests</c>, allow 0.8 and 0.501.
    /// Method: reduction by π/2 in three words to a double-double; single precision in half turns, by words of 2²⁷ʲ/π for large arguments.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sin(double x) => One.Sin(x);

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sin(float x) => (float)One.SinSingle(x);

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Sin(Vector128<double> x) => Two.Sin(x);

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sin(Vector128<float> x) => Vector128.Narrow(
        Two.SinSingle(Vector128.WidenLower(x)),
        Two.SinSingle(Vector128.WidenUpper(x)));

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Sin(Vector256<double> x) => Four.Sin(x);

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sin(Vector256<float> x) => Vector256.Narrow(
        Four.SinSingle(Vector256.WidenLower(x)),
        Four.SinSingle(Vector256.WidenUpper(x)));

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Sin(Vector512<double> x) => Eight.Sin(x);

    /// <inheritdoc cref="Sin(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sin(Vector512<float> x) => Vector512.Narrow(
        Eight.SinSingle(Vector512.WidenLower(x)),
        Eight.SinSingle(Vector512.WidenUpper(x)));
}
