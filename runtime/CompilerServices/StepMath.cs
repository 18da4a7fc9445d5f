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
    private const int KnownDecimalsBits = 6;
    private const int KnownDecimals = 1 << KnownDecimalsBits;

    [ThreadStatic]
    private static (float Value, double Widened)[]? knownDecimals;

    /// <summary>
    /// The double that a hyperparameter given in single precision means: the value of its shortest decimal, so that 0.999f is 0.999 and
    /// 1 − 0.999f is 0.001 and not 0.00099998713, which is off by 1.3e-5.
    /// </summary>
    public static double Widen(float value)
    {
        // A step asks for the same few values as the last one, and to write and read a decimal takes as long as a small step.
        Span<(float Value, double Widened)> known = knownDecimals ??= new (float, double)[KnownDecimals];
        ref (float Value, double Widened) entry = ref known[(int)((BitConverter.SingleToUInt32Bits(value) * 0x9E3779B1u) >> (32 - KnownDecimalsBits))];
        if (entry.Value != value)
        {
            entry = (value, WidenByDecimal(value));
        }

        // −0 and 0 are equal, and stay what they are.
        return value == 0 ? value : entry.Widened;
    }

    /// <summary>Sets a value, and says whether its bits have changed: a NaN that stays is no change.</summary>
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

    /// <summary>As <see cref="Widen(float)"/> for a float; a double is what it is.</summary>
    internal static double Widen<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Widen(Unsafe.BitCast<T, float>(value)) : double.CreateTruncating(value);

    /// <summary>A learning rate times a group's scale, multiplied as the decimals that they mean and rounded once.</summary>
    internal static T Scale<T>(T rate, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        scale == T.One ? rate : T.CreateTruncating(Widen<T>(rate) * Widen<T>(scale));

    /// <summary>Rounds a scalar of the step to the element type, once, and refuses what does not fit.</summary>
    /// <exception cref="ArithmeticException">The value is not finite in the element type; the message names the scalar and the value.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Narrow<T>(double value, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The conversion itself: the generic one is a chain of calls, which takes as long as the rest of a small step's scalars.
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
