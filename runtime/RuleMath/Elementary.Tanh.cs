using System.Runtime.CompilerServices;

namespace OptimGen;

// With t = e^(2|x|) − 1: tanh|x| = t/(t + 2). t uses the argument reduction of the exponential, 2ⁿ·eʳ − 1 = (2ⁿ − 1) + 2ⁿ·(r + r²·q(r)). For small x, n
// is 0, so there is no cancellation.
internal static partial class Elementary<L, T, TBits, TTruth>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh(T x)
    {
        // The result is 1 from 19.07 on.
        T limited = Clamp(L.Absolute(x), 0, 20);
        T twice = L.Add(limited, limited);
        T rounded = L.MultiplyAdd(twice, Log2E, Rounder);
        T n = L.Subtract(rounded, Rounder);
        T reduced = L.MultiplyAdd(n, -Ln2High, twice);
        T reducedLow = L.Multiply(n, -Ln2Low);
        T r = L.Add(reduced, reducedLow);
        T tail = L.MultiplyAdd(L.Multiply(r, r), ExpTail(r), L.Add(L.Subtract(reduced, r), reducedLow));

        // p = eʳ − 1, then t, then d = t + 2, each as a double-double, so that rounding errors do not accumulate.
        T p = L.Add(r, tail);
        T pLow = L.Add(L.Subtract(r, p), tail);
        T scale = PowerOfTwo(rounded);
        T scaled = L.Multiply(p, scale);
        T whole = L.Subtract(scale, 1);
        T t = L.Add(whole, scaled);
        T tLow = L.MultiplyAdd(pLow, scale, L.Add(L.Subtract(whole, t), scaled));
        T d = L.Add(t, 2);
        T dPart = L.Subtract(d, 2);
        T dLow = L.Add(L.Add(L.Subtract(t, dPart), L.Subtract(2, L.Subtract(d, dPart))), tLow);

        T inverse = L.Divide(1, d);
        T quotient = L.Multiply(t, inverse);
        T rest = L.Add(L.SubtractProduct(quotient, d, t), L.SubtractProduct(quotient, dLow, tLow));
        return NaNWhereNaN(x, L.CopySign(L.MultiplyAdd(rest, inverse, quotient), x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T TanhSingle(T x)
    {
        // The result is 1 in single precision from 9.02 on.
        T limited = Clamp(L.Absolute(x), 0, 10);
        T twice = L.Add(limited, limited);
        T rounded = L.MultiplyAdd(twice, Log2E, Rounder);
        T r = ReduceSingle(twice, L.Subtract(rounded, Rounder));
        T p = L.MultiplyAdd(L.Multiply(r, r), ExpTailSingle(r), r);
        T scale = PowerOfTwo(rounded);
        T t = L.MultiplyAdd(p, scale, L.Subtract(scale, 1));
        return NaNWhereNaN(x, L.CopySign(L.Divide(t, L.Add(t, 2)), x));
    }
}
