using System.Numerics;

namespace OptimGen;

/// <summary>How unusual the numbers are that a rule is checked on.</summary>
internal enum InputRange
{
    /// <summary>Numbers of the sizes that training has.</summary>
    Plain,

    /// <summary>Also zeros of both signs, and numbers so small that their squares are 0 or subnormal.</summary>
    Small,

    /// <summary>Also numbers so large that their squares overflow, and any bits of a finite number.</summary>
    Finite,

    /// <summary>Also NaN and the infinities.</summary>
    All,
}

/// <summary>Draws the numbers that a rule is checked on.</summary>
internal sealed class RuleInputs<T>(long seed)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double[] SmallValues = FloatBits.IsSingle<T>()
        ? [0, 1, 0.5, 2, float.Epsilon, 5877471.5e-45, 1.17549421e-38f, 1.17549435e-38f, 1e-30f, 1e-19f, 1e-10f, 0.99999994f, 1.0000001f]
        : [0, 1, 0.5, 2, double.Epsilon, 1.1e-308, 2.2250738585072009e-308, 2.2250738585072014e-308, 1e-200, 1e-154, 1e-60, 0.99999999999999989, 1.0000000000000002];

    private static readonly double[] LargeValues = FloatBits.IsSingle<T>()
        ? [1e10f, 1e19f, 2e19f, 1e30f, float.MaxValue]
        : [1e60, 1e154, 2e154, 1e200, double.MaxValue];

    private Xoshiro256 random = Xoshiro256.ForEpoch(seed, 1);

    public void Fill(Span<T> values, InputRange range)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Next(range);
        }
    }

    private T Next(InputRange range)
    {
        // Of 16 elements, one or two of each unusual kind: most stay plain, so that a run does not drown in NaN.
        ulong kind = random.NextBelow(16);
        return kind switch
        {
            0 or 1 when range >= InputRange.Small => Pick(SmallValues),
            2 when range >= InputRange.Finite => Pick(LargeValues),
            3 when range >= InputRange.Finite => AnyFinite(),
            4 when range >= InputRange.All => Pick([double.NaN, double.PositiveInfinity]),
            _ => Plain(),
        };
    }

    /// <summary>Either sign, magnitudes from 2⁻¹² to 2⁴, all bits of the significand.</summary>
    private T Plain()
    {
        double significand = 1 + (double)random.NextBelow(1UL << 52) / (1UL << 52);
        return Signed(Math.ScaleB(significand, (int)random.NextBelow(16) - 12));
    }

    private T Pick(double[] values) => Signed(values[random.NextBelow((ulong)values.Length)]);

    private T Signed(double magnitude) => T.CreateTruncating(random.NextBelow(2) == 0 ? magnitude : -magnitude);

    private T AnyFinite()
    {
        T value;
        do
        {
            value = FloatBits.ToValue<T>(random.Next());
        }
        while (!T.IsFinite(value));
        return value;
    }
}
