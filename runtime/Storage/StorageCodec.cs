namespace OptimGen;

/// <summary>
/// The definition of the formats of <see cref="Storage"/>, one number at a time. The vector code of a step gives the same bits; what a step does to a state
/// is: decode, the rule in single precision, encode.
/// </summary>
public static class StorageCodec
{
    /// <summary>The number of neighbouring elements of a tensor that share a scale in <see cref="Storage.Block8"/>. The last block may be shorter.</summary>
    public const int BlockLength = 256;

    /// <summary>The scale of a block that had an element that is not finite. All of it decodes to NaN.</summary>
    public const ushort NotFinite = 0xFFFF;

    /// <summary>The number of lowest bits of a float that a code drops.</summary>
    internal const int DroppedBits = 20;

    internal const uint Magnitude = 0x7FFFFFFF, Infinity = 0x7F800000, SignBit = 0x80000000;

    /// <summary>The largest magnitude that is finite in bfloat16, as the bits of a float.</summary>
    internal const uint LargestBFloat16 = 0x7F7F0000;

    /// <summary>The code of the largest float that a block can have.</summary>
    internal const uint LargestTop = (Infinity >> DroppedBits) - 1;

    internal const int SignedCodes = 127, UnsignedCodes = 255;

    internal const uint SignOfCode = 0x80;

    /// <summary>Half a step of a code: what is added to round to nearest.</summary>
    internal const uint HalfStep = 1 << (DroppedBits - 1);

    /// <summary>The float that a bfloat16 is.</summary>
    public static float DecodeBFloat16(ushort code) => BitConverter.UInt32BitsToSingle((uint)code << 16);

    /// <summary>The nearest bfloat16; of two that are as near, the even one. What is too large becomes infinite, and a NaN stays one (IEEE 754).</summary>
    public static ushort EncodeBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>
    /// One of the two bfloat16 beside the value: the one further from zero with a probability of its distance from the other one. A finite value stays
    /// finite, and one that is a bfloat16 stays as it is.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="randomBits">Sixteen random bits, such as <see cref="StochasticRounding.Bits"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more than sixteen bits.</exception>
    public static ushort EncodeBFloat16(float value, uint randomBits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomBits, 0xFFFFu);
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & Magnitude) >= LargestBFloat16
            ? float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)(bits >> 16)
            : (ushort)((bits + randomBits) >> 16);
    }

    /// <summary>The bfloat16 of an element of a tensor; to nearest where there is no rounding.</summary>
    internal static ushort EncodeBFloat16(float value, StochasticRounding? rounding, int element) =>
        rounding is { } random ? EncodeBFloat16(value, random.Bits(element)) : EncodeBFloat16(value);

    /// <summary>
    /// The numbers of a block of <see cref="Storage.Block8"/>. The magnitude of code c has the bits of a float (c + scale)·2²⁰: the exponent and three bits of
    /// the fraction, so that the eight codes of an octave are evenly spaced. Code 0 is zero.
    /// </summary>
    /// <param name="codes">The codes of the block.</param>
    /// <param name="scale">The scale of the block.</param>
    /// <param name="isNonNegative">Whether the block is of a state that is never negative, whose codes have no sign.</param>
    /// <param name="values">Receives the numbers, as many as there are codes.</param>
    /// <exception cref="ArgumentException">There are more codes than <see cref="BlockLength"/>, or not as many values.</exception>
    public static void DecodeBlock(ReadOnlySpan<byte> codes, ushort scale, bool isNonNegative, Span<float> values)
    {
        RequireBlock(codes.Length, nameof(codes), values.Length, nameof(values));
        for (int i = 0; i < codes.Length; i++)
        {
            uint code = isNonNegative ? codes[i] : codes[i] & 0x7Fu, sign = isNonNegative ? 0 : (codes[i] & SignOfCode) << 24;
            values[i] = scale == NotFinite ? float.NaN : BitConverter.UInt32BitsToSingle(sign | (code == 0 ? 0 : (code + scale) << DroppedBits));
        }
    }

    /// <summary>Encodes a block.</summary>
    /// <param name="values">The numbers of the block, at most <see cref="BlockLength"/>.</param>
    /// <param name="isNonNegative">Whether the codes have no sign. A negative number then becomes zero.</param>
    /// <param name="rounding">The random bits; <see langword="null"/> to round to nearest.</param>
    /// <param name="firstElement">The position of the first number in its tensor.</param>
    /// <param name="codes">Receives the codes.</param>
    /// <returns>The scale.</returns>
    /// <exception cref="ArgumentException">There are more values than <see cref="BlockLength"/>, or not as many codes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative.</exception>
    public static ushort EncodeBlock(ReadOnlySpan<float> values, bool isNonNegative, StochasticRounding? rounding, int firstElement, Span<byte> codes)
    {
        RequireBlock(values.Length, nameof(values), codes.Length, nameof(codes));
        ArgumentOutOfRangeException.ThrowIfNegative(firstElement);
        uint largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, BitConverter.SingleToUInt32Bits(value) & Magnitude);
        }

        ushort scale = ScaleOf(largest, isNonNegative);
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = scale == NotFinite ? (byte)0 : Encode(values[i], scale, isNonNegative, rounding?.Bits(firstElement + i));
        }

        return scale;
    }

    /// <summary>
    /// The scale of a block whose largest magnitude has these bits: as high as the codes can reach it. The bits of a float, shifted, are a logarithmic code.
    /// </summary>
    internal static ushort ScaleOf(uint largest, bool isNonNegative)
    {
        if (largest >= Infinity)
        {
            return NotFinite;
        }

        uint top = Math.Min((largest + (1u << DroppedBits) - 1) >> DroppedBits, LargestTop);
        return (ushort)Math.Max(0, (int)top - (isNonNegative ? UnsignedCodes : SignedCodes));
    }

    /// <summary>The smallest number above zero that a block can keep, and its bits.</summary>
    internal static uint SmallestOf(ushort scale) => (scale + 1u) << DroppedBits;

    private static void RequireBlock(int length, string name, int otherLength, string otherName)
    {
        if (length > BlockLength)
        {
            throw new ArgumentException($"{name} has {length} elements; a block has at most {BlockLength}.", name);
        }

        if (otherLength != length)
        {
            throw new ArgumentException($"{otherName} has {otherLength} elements; {name} has {length}.", otherName);
        }
    }

    /// <summary>2⁻¹⁶ of the smallest number.</summary>
    internal static float UnitOf(ushort scale) => BitConverter.UInt32BitsToSingle(SmallestOf(scale)) * (1f / 65536);

    /// <summary>The code of one number of a block.</summary>
    private static byte Encode(float value, ushort scale, bool isNonNegative, uint? randomBits)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), sign = isNonNegative ? 0 : (bits >> 24) & SignOfCode;
        uint magnitude = isNonNegative && (bits & SignBit) != 0 ? 0 : bits & Magnitude, smallest = SmallestOf(scale);
        if (magnitude < smallest && isNonNegative)
        {
            return magnitude == 0 ? (byte)0 : (byte)1;
        }

        if (magnitude < smallest)
        {
            // Between zero and the smallest code the spacing is not logarithmic: |x|/s is the probability of the code.
            float share = (randomBits ?? 0x8000) * UnitOf(scale);
            return (byte)(sign | (BitConverter.UInt32BitsToSingle(magnitude) > share ? 1u : 0));
        }

        // The middles of the 2¹⁶ parts of a step.
        uint part = randomBits is { } random ? (random << 4) | 8 : HalfStep;
        return (byte)(sign | Math.Min(((magnitude + part) >> DroppedBits) - scale, isNonNegative ? UnsignedCodes : (uint)SignedCodes));
    }
}
