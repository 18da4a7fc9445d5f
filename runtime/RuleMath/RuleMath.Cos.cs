using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

public static partial class RuleMath
{
    /// <summary>The cosine of an angle in radians.</summary>
    /// <param name="x">The argument: any float; or a double of a magnitude below 2⁴⁸, above which neighbouring doubles are 1/16 and more apart.</param>
    /// <returns>
    /// cos x, an even function. For ±0 it is 1, for ±∞ and NaN it is NaN. For a double of 2⁴⁸ and more it is NaN.
    /// </returns>
    /// <remarks>
    /// Largest error measured: 0.76 ulp in double (2,000,000 arguments), 0.5001 ulp in single precision (every float from 0.001 on).
    /// The tests, <c>ErrorTests</c>, allow 0.8 and 0.501.
    /// Method: reduction by π/2 in three words to a double-double; single precision in half turns, by words of 2²⁷ʲ/π for large arguments.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cos(double x) => One.Cos(x);

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Cos(float x) => (float)One.CosSingle(x);

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Cos(Vector128<double> x) => Two.Cos(x);

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Cos(Vector128<float> x) => Vector128.Narrow(
        Two.CosSingle(Vector128.WidenLower(x)),
        Two.CosSingle(Vector128.WidenUpper(x)));

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Cos(Vector256<double> x) => Four.Cos(x);

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Cos(Vector256<float> x) => Vector256.Narrow(
        Four.CosSingle(Vector256.WidenLower(x)),
        Four.CosSingle(Vector256.WidenUpper(x)));

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Cos(Vector512<double> x) => Eight.Cos(x);

    /// <inheritdoc cref="Cos(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cos(Vector512<float> x) => Vector512.Narrow(
        Eight.CosSingle(Vector512.WidenLower(x)),
        Eight.CosSingle(Vector512.WidenUpper(x)));
}
