using System.Runtime.CompilerServices;

namespace OptimGen;

// For double: x = n·π/2 + r with |r| ≤ π/4 and a little, after Cody and Waite; sin x is ±sin r for even n and ±cos r for odd n, and cos x is the sine of
// one quarter turn more. For single precision: x/π = k + f, sin x = (−1)ᵏ·sin πf.
internal static partial class Elementary<L, T, TBits, TTruth>
{
    /// <summary>2⁴⁸. Below it n·<see cref="HalfPiHigh"/> is cancelled exactly, and the rounding of x·2/π moves |r| past π/4 by less than 0.018.</summary>
    private const double SinCosLimit = 281474976710656;

    private const double TwoOverPi = 0.6366197723675814;

    /// <summary>π/2 as a sum of three doubles. Error 2⁻¹⁶³.</summary>
    private const double HalfPiHigh = 1.5707963267948966, HalfPiMiddle = 6.123233995736766e-17, HalfPiLow = -1.4973849048591698e-33;

    private const ulong SignBit = 0x8000000000000000, BitBelowSign = 0x4000000000000000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin(T x)
    {
        T result = SinAfterQuarters(x, 0);
        // −0 would lose its sign in the reduction.
        return L.Select(L.Equal(x, 0), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cos(T x) => SinAfterQuarters(x, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SinSingle(T x)
    {
        T result = SinSingleAfter(x, 0);
        return L.Select(L.Equal(x, 0), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CosSingle(T x) => SinSingleAfter(x, 0.5);

    /// <summary>sin(x + quarters·π/2), and NaN from <see cref="SinCosLimit"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinAfterQuarters(T x, ulong quarters)
    {
        T rounded = L.MultiplyAdd(x, TwoOverPi, L.Create(Rounder));
        T n = L.Subtract(rounded, Rounder);

        // r as a double-double. a is exact: it is below 1 and a multiple of 2⁻⁵² (of the last place of x if that is less). a − middle is a two-term sum.
        T a = L.MultiplyAdd(n, -HalfPiHigh, x);
        T middle = L.Multiply(n, HalfPiMiddle);
        T middleLow = L.MultiplyAdd(n, HalfPiMiddle, L.Negate(middle));
        T difference = L.Subtract(a, middle);
        T part = L.Subtract(difference, a);
        T error = L.Subtract(L.Subtract(a, L.Subtract(difference, part)), L.Add(middle, part));
        T rest = L.MultiplyAdd(n, -HalfPiLow, L.Subtract(error, middleLow));
        T r = L.Add(difference, rest);
        T low = L.Subtract(rest, L.Subtract(r, difference));

        // sin(r + low) = r + (r·z·S(z) + low·cos r), with cos r as 1 − z/2; the term of low is below the last place of r.
        T z = L.Multiply(r, r);
        T half = L.Multiply(z, 0.5);
        T sine = L.Add(r, L.MultiplyAdd(L.Multiply(r, z), SinTail(z), L.SubtractProduct(half, low, low)));

        // cos(r + low) = 1 − z/2 + (z²·C(z) − r·low − zLow/2); what the subtraction 1 − z/2 loses is added back.
        T zLow = L.MultiplyAdd(r, r, L.Negate(z));
        T most = L.Subtract(1, half);
        T lost = L.Subtract(L.Subtract(1, most), half);
        T small = L.Subtract(lost, L.MultiplyAdd(zLow, 0.5, L.Multiply(r, low)));
        T cosine = L.Add(most, L.MultiplyAdd(L.Multiply(z, z), CosTail(z), small));

        TBits quadrant = L.ShiftLeftBy62(L.Add(L.ToBits(rounded), quarters));
        TTruth isOdd = L.GreaterThan(L.FromBits(L.And(quadrant, BitBelowSign)), 0);
        T magnitude = L.Select(isOdd, cosine, sine);
        T result = L.FromBits(L.Xor(L.ToBits(magnitude), L.And(quadrant, SignBit)));
        return L.Select(L.LessThan(L.Absolute(x), SinCosLimit), result, double.NaN);
    }

    /// <summary>sin(x + shift·π) for a float x and a shift of 0 or ½.</summary>
    /// <remarks>
    /// A float from 2⁵⁰ on is y·2²⁷ʲ with y a whole number below 2⁵⁰ and j from 1 to 3, so that whole turns can be left out of 2²⁷ʲ/π: the factors below
    /// are 2²⁷ʲ/π modulo 2, in [−1, 1]. Each is a sum of two parts of 29 bits, whose products with a float are exact, and a third. Error of f: 2⁻⁶² where
    /// |x| is largest, after Payne and Hanek.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinSingleAfter(T x, double shift)
    {
        T magnitude = L.Absolute(x);
        TTruth below50 = L.LessThan(magnitude, 1125899906842624);
        TTruth below77 = L.LessThan(magnitude, 151115727451828646838272.0);
        TTruth below104 = L.LessThan(magnitude, 20282409603651670423947251286016.0);
        T y = L.Multiply(
            x, L.Select(below50, 1, L.Select(below77, 7.450580596923828e-09, L.Select(below104, 5.551115123125783e-17, 4.1359030627651384e-25))));
        T high = L.Select(
            below50, 0.3183098863810301, L.Select(below77, -0.27647302486002445, L.Select(below104, 0.6455004755407572, -0.6569525469094515)));
        T middle = L.Select(
            below50, -1.9723941230287423e-10, L.Select(below77, -7.785821258543546e-10, L.Select(below104, 6.93257541650727e-10, -7.296390783229079e-10)));
        T low = L.Select(
            below50, 1.138005036539198e-18, L.Select(below77, 1.6957242477360877e-18, L.Select(below104, 1.5026591323163072e-18, -1.594624528086086e-18)));

        T rounded = L.Add(L.MultiplyAdd(y, L.Add(high, middle), shift), Rounder);
        T k = L.Subtract(rounded, Rounder);
        T f = L.MultiplyAdd(y, low, L.MultiplyAdd(y, middle, L.MultiplyAdd(y, high, L.Subtract(shift, k))));

        T sine = L.Multiply(f, SinPiSingle(L.Multiply(f, f)));
        T result = L.FromBits(L.Xor(L.ToBits(sine), L.ShiftLeftBy63(L.ToBits(rounded))));
        return L.Select(L.LessThan(magnitude, double.PositiveInfinity), result, double.NaN);
    }

    /// <summary>
    /// S(z) = (sin r/r − 1)/z with z = r², of degree 6 on [0, 0.803²] (see <see cref="Elementary{L, T, TBits, TTruth}"/>). Error of sin r: 2⁻⁵⁷.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinTail(T z)
    {
        T s = L.MultiplyAdd(z, -7.58397422527771e-13, 1.6058484383434192e-10);
        s = L.MultiplyAdd(s, z, -2.5052105927651735e-08);
        s = L.MultiplyAdd(s, z, 2.755731921844159e-06);
        s = L.MultiplyAdd(s, z, -0.00019841269841263884);
        s = L.MultiplyAdd(s, z, 0.008333333333333331);
        return L.MultiplyAdd(s, z, -0.16666666666666666);
    }

    /// <summary>C(z) = (cos r − 1 + z/2)/z² as in <see cref="SinTail"/>, of degree 5. Error of cos r: 2⁻⁵⁹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T CosTail(T z)
    {
        T c = L.MultiplyAdd(z, -1.1378664350480017e-11, 2.0876089946815786e-09);
        c = L.MultiplyAdd(c, z, -2.755731699534135e-07);
        c = L.MultiplyAdd(c, z, 2.4801587298220634e-05);
        c = L.MultiplyAdd(c, z, -0.001388888888888703);
        return L.MultiplyAdd(c, z, 0.041666666666666664);
    }

    /// <summary>sin(πf)/f in z = f², of degree 7 on [0, 0.7²]. Error 2⁻⁴³.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinPiSingle(T z)
    {
        T s = L.MultiplyAdd(z, -2.0408001397769692e-05, 0.0004651158205942847);
        s = L.MultiplyAdd(s, z, -0.007369941448217225);
        s = L.MultiplyAdd(s, z, 0.08214577452316146);
        s = L.MultiplyAdd(s, z, -0.5992645153662131);
        s = L.MultiplyAdd(s, z, 2.5501640390235716);
        s = L.MultiplyAdd(s, z, -5.16771278003006);
        return L.MultiplyAdd(s, z, 3.141592653589717);
    }
}
