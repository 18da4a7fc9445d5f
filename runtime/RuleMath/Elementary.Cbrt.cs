using System.Runtime.CompilerServices;

namespace OptimGen;

// |x| = 8ᵏ·m with m in [½, 4), and z = m^(−⅓) by an iteration that has no division: with h = 1 − m·z³, z·(1 − h)^(−⅓) = z·(1 + h/3 + 2h²/9 + …).
// Then ∛m = m·z².
internal static partial class Elementary<L, T, TBits, TTruth>
{
    private const double Cbrt2 = 1.2599210498948732, InverseCbrt2 = 0.7937005259840998;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cbrt(T x)
    {
        T magnitude = L.Absolute(x);
        TTruth small = L.LessThan(magnitude, SmallestNormal);
        T z = InverseRoot(L.Select(small, L.Multiply(magnitude, TwoTo54), magnitude), out T m, out T rounded);
        T t = L.Multiply(L.Multiply(m, z), z);

        // A step of Newton's method, t − (t³ − m)/(3t²), with the difference t³ − m as accurate as in double-double arithmetic.
        T square = L.Multiply(t, t);
        T squareLow = L.MultiplyAdd(t, t, L.Negate(square));
        T excess = L.MultiplyAdd(squareLow, t, L.MultiplyAdd(square, t, L.Negate(m)));
        T root = L.SubtractProduct(excess, L.Multiply(L.Multiply(z, z), 1.0 / 3), t);
        T scale = PowerOfTwo(L.Subtract(rounded, L.Select(small, 18, 0.0)));
        return CbrtSpecial(x, L.Multiply(root, scale));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CbrtSingle(T x)
    {
        T z = InverseRoot(L.Absolute(x), out T m, out T rounded);
        return CbrtSpecial(x, L.Multiply(L.Multiply(L.Multiply(m, z), z), PowerOfTwo(rounded)));
    }

    /// <summary>m^(−⅓) with an error of 2⁻⁴¹, m, and <see cref="Rounder"/> + k.</summary>
    /// <remarks>
    /// The iteration starts from a polynomial of degree 4 on [1, 2], interpolated as <see cref="Elementary{L, T, TBits, TTruth}"/> says, with an error
    /// of 2⁻¹⁴.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T InverseRoot(T magnitude, out T m, out T rounded)
    {
        TBits bits = L.ToBits(magnitude);
        T exponent = ExponentField(bits, 1023);
        rounded = L.MultiplyAdd(exponent, 1.0 / 3, Rounder);
        T rest = L.MultiplyAdd(L.Subtract(rounded, Rounder), -3.0, exponent);
        TTruth doubled = L.GreaterThan(rest, 0.5);
        TTruth halved = L.LessThan(rest, -0.5);

        T significand = L.FromBits(L.Or(L.And(bits, SignificandMask), OneBits));
        T estimate = L.MultiplyAdd(significand, 0.02778280101858424, -0.21636185469244387);
        estimate = L.MultiplyAdd(estimate, significand, 0.6846527077322325);
        estimate = L.MultiplyAdd(estimate, significand, -1.1623973573078166);
        estimate = L.MultiplyAdd(estimate, significand, 1.6662787377309156);

        m = L.Multiply(significand, L.Select(doubled, 2, L.Select(halved, 0.5, 1.0)));
        T z = L.Multiply(estimate, L.Select(doubled, InverseCbrt2, L.Select(halved, Cbrt2, 1.0)));
        T h = L.SubtractProduct(L.Multiply(m, z), L.Multiply(z, z), L.Create(1));
        return L.MultiplyAdd(L.Multiply(z, h), L.MultiplyAdd(h, 2.0 / 9, 1.0 / 3), z);
    }

    /// <summary>The special cases: ∛x is x for ±0, ±∞ and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T CbrtSpecial(T x, T root)
    {
        TTruth ordinary = L.And(L.LessThan(L.Absolute(x), double.PositiveInfinity), L.Not(L.Equal(x, 0)));
        return NaNWhereNaN(x, L.Select(ordinary, L.CopySign(root, x), x));
    }
}
