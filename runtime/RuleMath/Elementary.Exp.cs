using System.Runtime.CompilerServices;

namespace OptimGen;

// eˣ = 2ⁿ·eʳ with n = round(x·log₂ e) and r = x − n·ln 2, so that |r| ≤ ½ ln 2, after Cody and Waite; eʳ = 1 + r + r²·q(r).
internal static partial class Elementary<L, T, TBits, TTruth>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp(T x)
    {
        // Outside of these limits the result is 0 or infinity.
        T limited = Clamp(x, -746, 710);
        T rounded = L.MultiplyAdd(limited, Log2E, Rounder);
        T n = L.Subtract(rounded, Rounder);
        return NaNWhereNaN(x, ExpReduced(n, L.MultiplyAdd(n, -Ln2High, limited), L.Multiply(n, -Ln2Low)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpSingle(T x) => NaNWhereNaN(x, ExpSingleOfNumber(x));

    /// <summary>eˣ for any x but NaN, for which the result is undefined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpSingleOfNumber(T x)
    {
        // Outside of these limits the result is 0 or infinity in single precision.
        T limited = Clamp(x, -104, 89);
        T rounded = L.MultiplyAdd(limited, Log2E, Rounder);
        T r = ReduceSingle(limited, L.Subtract(rounded, Rounder));
        return L.Multiply(L.Add(L.MultiplyAdd(L.Multiply(r, r), ExpTailSingle(r), r), 1), PowerOfTwo(rounded));
    }

    /// <summary>
    /// 2ⁿ·e^(high + low), for n from −1076 to 1025. 2ⁿ is applied as two factors: the first product is exact, and the second rounds only where the result
    /// is subnormal.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpReduced(T n, T high, T low)
    {
        T r = L.Add(high, low);
        T rest = L.Add(L.Subtract(high, r), low);
        T result = L.Add(L.Add(r, L.MultiplyAdd(L.Multiply(r, r), ExpTail(r), rest)), 1);

        T roundedHalf = L.MultiplyAdd(n, 0.5, Rounder);
        T otherHalf = L.Subtract(n, L.Subtract(roundedHalf, Rounder));
        return L.Multiply(L.Multiply(result, PowerOfTwo(roundedHalf)), PowerOfTwo(L.Add(otherHalf, Rounder)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReduceSingle(T x, T n) => L.MultiplyAdd(n, -Ln2Low, L.MultiplyAdd(n, -Ln2High, x));

    /// <summary>
    /// q(r) = (eʳ − 1 − r)/r², of degree 10 on [−½ ln 2, ½ ln 2] (see <see cref="Elementary{L, T, TBits, TTruth}"/>). Error of eʳ: 2⁻⁶¹;
    /// of eʳ − 1: 2⁻⁶⁰.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTail(T r)
    {
        T q = L.MultiplyAdd(r, 2.0914679376584005e-09, 2.5105206373957107e-08);
        q = L.MultiplyAdd(q, r, 2.7557273661348637e-07);
        q = L.MultiplyAdd(q, r, 2.7557255425746435e-06);
        q = L.MultiplyAdd(q, r, 2.4801587325533363e-05);
        q = L.MultiplyAdd(q, r, 0.00019841269874800493);
        q = L.MultiplyAdd(q, r, 0.0013888888888883752);
        q = L.MultiplyAdd(q, r, 0.008333333333326141);
        q = L.MultiplyAdd(q, r, 0.04166666666666667);
        q = L.MultiplyAdd(q, r, 0.1666666666666667);
        return L.MultiplyAdd(q, r, 0.5);
    }

    /// <summary>q(r) as in <see cref="ExpTail"/>, of degree 6. Error of eʳ: 2⁻³⁷; of eʳ − 1: 2⁻³⁶.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ExpTailSingle(T r)
    {
        T q = L.MultiplyAdd(r, 2.48595782226254e-05, 0.00019899273958649466);
        q = L.MultiplyAdd(q, r, 0.001388885404961482);
        q = L.MultiplyAdd(q, r, 0.008333298483754886);
        q = L.MultiplyAdd(q, r, 0.041666666718980845);
        q = L.MultiplyAdd(q, r, 0.16666666718997508);
        return L.MultiplyAdd(q, r, 0.5);
    }
}
