using System.Runtime.CompilerServices;

namespace OptimGen;

// x = 2ᵏ·m with m in [√½, √2), f = m − 1, s = f/(2 + f): ln m = ln((1 + s)/(1 − s)) = 2s + s³·R(s²).
internal static partial class Elementary<L, T, TBits, TTruth>
{
    private const ulong SqrtHalfBits = 0x3FE6A09E667F3BCD;

    /// <summary>
    /// The order of operations and the polynomial (degree 6, error 2⁻⁵⁸) are those of fdlibm's e_log.c, Sun Microsystems 1993: since 2s = f − s·f, the
    /// result is f, which is exact, minus small terms.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log(T x)
    {
        SplitAnyPositive(x, out T k, out T f);
        T s = L.Divide(f, L.Add(f, 2));
        T z = L.Multiply(s, s);
        T polynomial = L.MultiplyAdd(z, 1.479819860511658591e-01, 1.531383769920937332e-01);
        polynomial = L.MultiplyAdd(polynomial, z, 1.818357216161805012e-01);
        polynomial = L.MultiplyAdd(polynomial, z, 2.222219843214978396e-01);
        polynomial = L.MultiplyAdd(polynomial, z, 2.857142874366239149e-01);
        polynomial = L.MultiplyAdd(polynomial, z, 3.999999999940941908e-01);
        polynomial = L.MultiplyAdd(polynomial, z, 6.666666666666735130e-01);

        T halfSquare = L.Multiply(L.Multiply(f, f), 0.5);
        T correction = L.MultiplyAdd(s, L.MultiplyAdd(z, polynomial, halfSquare), L.Multiply(k, Ln2Low));
        T result = L.MultiplyAdd(k, Ln2High, L.Subtract(f, L.Subtract(halfSquare, correction)));
        return LogSpecial(x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogSingle(T x) => LogSpecial(x, LogSingleOfPositive(x));

    /// <summary>ln x for a positive, finite and normal double; for other arguments some finite number.</summary>
    /// <remarks>R is of degree 4 on [0, (√2 − 1)²/(√2 + 1)²], interpolated as <see cref="Elementary{L, T, TBits, TTruth}"/> says. Error 2⁻⁴³.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogSingleOfPositive(T x)
    {
        SplitNormal(x, out T k, out T f);
        T s = L.Divide(f, L.Add(f, 2));
        T z = L.Multiply(s, s);
        T polynomial = L.MultiplyAdd(z, 0.19362653714203126, 0.22191400830308447);
        polynomial = L.MultiplyAdd(polynomial, z, 0.2857175453591449);
        polynomial = L.MultiplyAdd(polynomial, z, 0.3999999879733759);
        polynomial = L.MultiplyAdd(polynomial, z, 0.6666666666737509);
        return L.MultiplyAdd(k, Ln2High + Ln2Low, L.Multiply(s, L.MultiplyAdd(z, polynomial, 2)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogSpecial(T x, T result)
    {
        T positive = L.Select(L.LessThan(x, double.PositiveInfinity), result, double.PositiveInfinity);
        T other = L.Select(L.Equal(x, 0), double.NegativeInfinity, double.NaN);
        return L.Select(L.GreaterThan(x, 0), positive, other);
    }

    /// <summary>Splits a positive normal number x = 2ᵏ·(1 + f) into k and f. m = 1 + f is in [√½, √2), so f is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitNormal(T x, out T k, out T f)
    {
        // Adds the distance from √½ to 1 to the bits, so that the exponent field increments where m wraps around from √2 to √½.
        TBits moved = L.Add(L.ToBits(x), OneBits - SqrtHalfBits);
        k = ExponentField(moved, 1023);
        f = L.Subtract(L.FromBits(L.Add(L.And(moved, SignificandMask), SqrtHalfBits)), 1);
    }

    /// <summary>The same as <see cref="SplitNormal"/>, also for subnormal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitAnyPositive(T x, out T k, out T f)
    {
        TTruth small = L.LessThan(x, SmallestNormal);
        SplitNormal(L.Select(small, L.Multiply(x, TwoTo54), x), out T normalK, out f);
        k = L.Subtract(normalK, L.Select(small, 54, 0.0));
    }
}
