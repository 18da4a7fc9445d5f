using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen.CompilerServices;

/// <summary>
/// The arithmetic of per-step scalars, in double. Every operation is a correctly rounded IEEE one, so that the
/// scalars have the same bits on every platform, which <see cref="Math.Pow(double, double)"/> does not promise.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StepMath
{
    private const int WidenCacheBits = 6;
    private const int WidenCacheLength = 1 << WidenCacheBits;

    [ThreadStatic]
    private static (float Value, double Widened)[]? widenCache;

    /// <summary>
    /// The double that a hyperparameter in single precision stands for: the value of its shortest decimal that round-trips, so that 0.999f is 0.999 and
    /// 1 − 0.999f is 0.001 and not 0.00099998713, which is off by 1.3e-5.
    /// </summary>
    public static double Widen(float value)
    {
        // A direct-mapped cache, indexed by a multiplicative hash: each step widens the same few values, and formatting and parsing a decimal takes as
        // long as a small step.
        Span<(float Value, double Widened)> cache = widenCache ??= new (float, double)[WidenCacheLength];
        ref (float Value, double Widened) entry = ref cache[(int)((BitConverter.SingleToUInt32Bits(value) * 0x9E3779B1u) >> (32 - WidenCacheBits))];
        if (entry.Value != value)
        {
            entry = (value, WidenByDecimal(value));
        }

        // Zeros bypass the cache, because −0 equals 0 and would lose its sign.
        return value == 0 ? value : entry.Widened;
    }

    /// <summary>Sets a value, and says whether its bits have changed. Comparing bits, a NaN that stays the same is no change.</summary>
    public static bool Update(ref float value, float current)
    {
        bool hasChanged = BitConverter.SingleToUInt32Bits(value) != BitConverter.SingleToUInt32Bits(current);
        value = current;
        return hasChanged;
    }

    /// <inheritdoc cref="Update(ref float, float)"/>
    public static bool Update(ref double value, double current)
    {
        bool hasChanged = BitConverter.DoubleToUInt64Bits(value) != BitConverter.DoubleToUInt64Bits(current);
        value = current;
        return hasChanged;
    }

    /// <summary><see cref="Widen(float)"/> for a float; a double is returned unchanged.</summary>
    internal static double Widen<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Widen(Unsafe.BitCast<T, float>(value)) : double.CreateTruncating(value);

    /// <summary>
    /// A learning rate times a group's scale, both widened by <see cref="Widen{T}"/>, multiplied in double and rounded to the element type.
    /// </summary>
    internal static T Scale<T>(T rate, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        scale == T.One ? rate : T.CreateTruncating(Widen<T>(rate) * Widen<T>(scale));

    /// <summary>Rounds a scalar of the step from double to the element type, and refuses one that is not finite there.</summary>
    /// <exception cref="ArithmeticException">The value is not finite in the element type; the message names the scalar and the value.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Narrow<T>(double value, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // For float, a direct cast: the generic CreateTruncating is a chain of calls, which takes as long as all other scalars of a small step.
        T narrowed = typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : T.CreateTruncating(value);
        if (!T.IsFinite(narrowed))
        {
            Refuse(value, name, typeof(T));
        }

        return narrowed;
    }

    /// <summary>baseᵉˣᵖᵒⁿᵉⁿᵗ, within one unit in the last place.</summary>
    /// <param name="base">A number in [−1, 1], so that nothing overflows.</param>
    /// <param name="exponent">A whole number, not negative.</param>
    public static double Power(double @base, double exponent) => PowerTable.Power(@base, (long)exponent);

    [DoesNotReturn]
    private static void Refuse(double value, string name, Type element) => throw new ArithmeticException(FormattableString.Invariant(
        $"The step's scalar {name} is {value}, which is not finite as {element.Name}. The step was refused; parameters and state are unchanged."));

    private static double WidenByDecimal(float value)
    {
        Span<char> text = stackalloc char[32];
        return float.IsFinite(value) && value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture)
            ? double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture)
            : value;
    }
}
