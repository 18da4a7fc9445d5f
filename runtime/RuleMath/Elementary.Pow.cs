using System.Runtime.CompilerServices;

namespace OptimGen;

// |x|^y = e^(y·ln|x|). The relative error of the power is the absolute error of y·ln|x|, whose magnitude reaches 745. So for double, ln|x| is computed
// as a double-double (an unevaluated sum of two doubles, high and low).
internal static partial class Elementary<L, T, TBits, TTruth>
{
    /// <summary>2⁸⁰: a power with this exponent is 0, 1 or infinity, and the product y·ln|x| is still finite.</summary>
    private const double LargestExponent = 1208925819614629174706176.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Pow(T x, T y)
    {
        T log = LogOfTwoWords(L.Absolute(x), out T logLow);
        T exponent = Clamp(y, -LargestExponent, LargestExponent);
        T product = L.Multiply(exponent, log);
        T productLow = L.MultiplyAdd(exponent, logLow, L.MultiplyAdd(exponent, log, L.Negate(product)));

        // Where |y·ln|x|| is 750 or more, the result is 0 or infinity.
        TTruth inside = L.LessThan(L.Absolute(product), 750);
        T limited = Clamp(product, -750, 750);
        T low = L.Select(inside, productLow, 0.0);
        T rounded = L.MultiplyAdd(limited, Log2E, Rounder);
        T n = L.Subtract(rounded, Rounder);
        return PowSpecial(x, y, ExpReduced(n, L.MultiplyAdd(n, -Ln2High, limited), L.MultiplyAdd(n, -Ln2Low, low)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PowSingle(T x, T y)
    {
        T exponent = Clamp(y, -LargestExponent, LargestExponent);
        return PowSpecial(x, y, ExpSingleOfNumber(L.Multiply(exponent, LogSingleOfPositive(L.Absolute(x)))));
    }

    /// <summary>
    /// ln x = 2s + s·w with w = s²·(⅔ + s²·T(s²)), each a double-double, for a positive finite number; for other arguments some finite number. T is of
    /// degree 7 on [0, (√2 − 1)²/(√2 + 1)²], interpolated as <see cref="Elementary{L, T, TBits, TTruth}"/> says. Error 2⁻⁶⁶.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogOfTwoWords(T x, out T low)
    {
        SplitAnyPositive(x, out T k, out T f);

        // s = f/(2 + f); f is exact.
        T d = L.Add(f, 2);
        T dLow = L.Subtract(f, L.Subtract(d, 2));
        T inverse = L.Divide(1, d);
        T s = L.Multiply(f, inverse);
        T sLow = L.Multiply(L.SubtractProduct(s, dLow, L.SubtractProduct(s, d, f)), inverse);

        T z = L.Multiply(s, s);
        T zLow = L.MultiplyAdd(L.Add(s, s), sLow, L.MultiplyAdd(s, s, L.Negate(z)));

        T t = L.MultiplyAdd(z, 0.11723051028098913, 0.11706248540922275);
        t = L.MultiplyAdd(t, z, 0.13334804238225348);
        t = L.MultiplyAdd(t, z, 0.15384594970895457);
        t = L.MultiplyAdd(t, z, 0.18181818335314404);
        t = L.MultiplyAdd(t, z, 0.22222222221656232);
        t = L.MultiplyAdd(t, z, 0.28571428571429364);
        t = L.Multiply(L.MultiplyAdd(t, z, 0.4), z);

        // v = t + ⅔, with ⅔ as a double-double.
        T v = L.Add(t, 0.6666666666666666);
        T vLow = L.Add(L.Add(L.Subtract(0.6666666666666666, v), t), 3.700743415417188e-17);

        T w = L.Multiply(z, v);
        T wLow = L.MultiplyAdd(zLow, v, L.MultiplyAdd(z, vLow, L.MultiplyAdd(z, v, L.Negate(w))));

        T small = L.Multiply(s, w);
        T smallLow = L.MultiplyAdd(sLow, w, L.MultiplyAdd(s, wLow, L.MultiplyAdd(s, w, L.Negate(small))));

        T twice = L.Add(s, s);
        T log = L.Add(twice, small);
        T logLow = L.Add(L.Add(L.Subtract(twice, log), small), L.MultiplyAdd(sLow, 2.0, smallLow));

        // Adds k·ln 2, whose high part is exact. Where k is not 0, it is larger than ln m, as the two-term sum requires.
        T whole = L.Multiply(k, Ln2High);
        T sum = L.Add(whole, log);
        T sumLow = L.MultiplyAdd(k, Ln2Low, L.Add(L.Add(L.Subtract(whole, sum), log), logLow));
        T high = L.Add(sum, sumLow);
        low = L.Add(L.Subtract(sum, high), sumLow);
        return high;
    }

    /// <summary>The special cases of C99, annex F.9.4.4, and negative bases; for a positive finite base the power itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T PowSpecial(T x, T y, T power)
    {
        T magnitude = L.Absolute(x);
        T half = L.Multiply(y, 0.5);
        TTruth integer = L.Equal(L.Floor(y), y);
        TTruth odd = L.And(integer, L.Not(L.Equal(L.Floor(half), half)));

        // A base of ±0 or ±∞ gives 0 or ∞.
        TTruth zero = L.Equal(magnitude, 0);
        TTruth extreme = L.Or(zero, L.Equal(magnitude, double.PositiveInfinity));
        T ofExtreme = L.Select(L.Xor(zero, L.GreaterThan(y, 0)), double.PositiveInfinity, 0.0);
        T result = L.Select(extreme, ofExtreme, power);

        result = L.Select(odd, L.CopySign(result, x), result);
        TTruth undefined = L.And(L.LessThan(x, 0), L.Not(L.Or(extreme, integer)));
        TTruth defined = L.And(L.Equal(x, x), L.And(L.Equal(y, y), L.Not(undefined)));
        result = L.Select(defined, result, double.NaN);
        return L.Select(L.Or(L.Equal(y, 0), L.Equal(x, 1)), 1.0, result);
    }
}
