using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Whole blocks of <see cref="Storage.Block8"/> by vectors of 32-bit words, by the definition in <see cref="StorageCodec"/>.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal static class Block8Words<TLanes, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private const int HalfGroup = StochasticRounding.GroupLength / 2;

    /// <summary>The bits from which on a magnitude may be rounded to no finite code.</summary>
    public const uint NearLargest = StorageCodec.LargestTop << StorageCodec.DroppedBits;

    /// <summary>The bits of floats that have a sign.</summary>
    /// <param name="codes">Codes with their signs extended to words.</param>
    /// <param name="dropped">The scale, shifted by what codes drop.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T DecodeSigned(T codes, T dropped) =>
        TLanes.Select(TLanes.Create(StorageCodec.SignBit), codes, DecodeUnsigned(TLanes.And(codes, TLanes.Create(StorageCodec.SignedCodes)), dropped));

    /// <summary>The bits of floats that have no sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T DecodeUnsigned(T codes, T dropped) => TLanes.AddWhereNotZero(codes, TLanes.ShiftLeft(codes, StorageCodec.DroppedBits), dropped);

    /// <summary>Encodes a block of numbers with a sign.</summary>
    /// <param name="from">The numbers.</param>
    /// <param name="to">Receives the codes.</param>
    /// <param name="top">The largest magnitude, as bits.</param>
    /// <param name="hasSmall">Whether any magnitude is below the smallest that the block can keep, zero included.</param>
    /// <param name="rounding">The random bits; <see langword="null"/> to round to nearest.</param>
    /// <param name="firstElement">The position of the first number in its tensor.</param>
    /// <returns>The scale.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static ushort EncodeSigned(ref float from, ref byte to, uint top, bool hasSmall, StochasticRounding? rounding, uint firstElement)
    {
        if (top >= NearLargest || rounding is not { } random)
        {
            return EncodeByDefinition(ref from, ref to, isNonNegative: false, rounding, firstElement);
        }

        ushort scale = StorageCodec.ScaleOf(top, isNonNegative: false);
        if (!hasSmall)
        {
            Encode<Signed>(ref from, ref to, scale, random, firstElement);
        }
        else if (HasOnlyZerosBelow(ref from, StorageCodec.SmallestOf(scale)))
        {
            Encode<SignedOrZero>(ref from, ref to, scale, random, firstElement);
        }
        else
        {
            Encode<SignedWithSmall>(ref from, ref to, scale, random, firstElement);
        }

        return scale;
    }

    /// <summary>Encodes a block of numbers that are never negative. Of one that is, the bits are larger than every other, so that it is seen.</summary>
    /// <inheritdoc cref="EncodeSigned"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static ushort EncodeUnsigned(ref float from, ref byte to, uint top, bool hasSmall, StochasticRounding? rounding, uint firstElement)
    {
        if (top >= NearLargest || rounding is not { } random)
        {
            return EncodeByDefinition(ref from, ref to, isNonNegative: true, rounding, firstElement);
        }

        ushort scale = StorageCodec.ScaleOf(top, isNonNegative: true);
        if (!hasSmall)
        {
            Encode<Unsigned>(ref from, ref to, scale, random, firstElement);
        }
        else
        {
            Encode<UnsignedWithSmall>(ref from, ref to, scale, random, firstElement);
        }

        return scale;
    }

    /// <summary>Encodes two vectors of a block in which every number is at least the smallest that it can keep.</summary>
    /// <param name="from">The numbers.</param>
    /// <param name="to">Receives the codes.</param>
    /// <param name="index">The position of the first; the second vector stands 16 elements further on.</param>
    /// <param name="bits">The random words.</param>
    /// <param name="rest">What <see cref="RestOf"/> gives for the scale.</param>
    /// <typeparam name="TSign">Whether the codes have a sign.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EncodeGroup<TSign>(ref float from, ref byte to, nuint index, T bits, T rest)
        where TSign : struct, ISign
    {
        T lower = TLanes.Load(ref from, index), upper = TLanes.Load(ref from, index + HalfGroup);
        if (TSign.IsNonNegative)
        {
            (lower, upper) = (Unsigned.Encode(lower, LowerPart(bits, rest), 0), Unsigned.Encode(upper, UpperPart(bits, rest), 0));
        }
        else
        {
            (lower, upper) = (Signed.Encode(lower, LowerPart(bits, rest), 0), Signed.Encode(upper, UpperPart(bits, rest), 0));
        }

        TLanes.StoreTopBytes(lower, upper, ref to, index);
    }

    /// <summary>What surrounds the 16 random bits of 20: below them a half of the lowest, and above them what subtracts the scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T RestOf(ushort scale) => TLanes.Create(8 | (0u - ((uint)scale << StorageCodec.DroppedBits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LowerPart(T bits, T rest) => TLanes.Or(TLanes.And(TLanes.ShiftLeft(bits, 4), TLanes.Create(0xFFFF0)), rest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T UpperPart(T bits, T rest) => TLanes.Or(TLanes.And(TLanes.ShiftRight(bits, 12), TLanes.Create(0xFFFF0)), rest);

    private static bool HasOnlyZerosBelow(ref float from, uint bound)
    {
        // Of each one less, so that zero wraps around to the largest word.
        T smallest = TLanes.Create(uint.MaxValue), one = TLanes.Create(1);
        for (nuint i = 0; i < StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            smallest = TLanes.Min(smallest, TLanes.Subtract(TLanes.And(TLanes.Load(ref from, i), TLanes.Create(StorageCodec.Magnitude)), one));
        }

        return !TLanes.AnyLessThan(smallest, TLanes.Create(bound - 1));
    }

    /// <summary>A block that is rare: with numbers that are not finite or near the largest, with negative ones that must not be, or rounded to nearest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort EncodeByDefinition(ref float from, ref byte to, bool isNonNegative, StochasticRounding? rounding, uint firstElement) => StorageCodec.EncodeBlock(
        MemoryMarshal.CreateReadOnlySpan(ref from, StorageCodec.BlockLength), isNonNegative, rounding, (int)firstElement, MemoryMarshal.CreateSpan(ref to, StorageCodec.BlockLength));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encode<TCodes>(ref float from, ref byte to, ushort scale, StochasticRounding random, uint firstElement)
        where TCodes : struct, IBlockCodes
    {
        T counter = RoundingHash<TLanes, T>.FirstCounter(firstElement, random), inner = TLanes.Create(random.Inner);
        T multiplier = TLanes.Create(random.Multiplier), rest = RestOf(scale);
        for (nuint word = 0; word < StorageCodec.BlockLength / 2; word += (nuint)TLanes.Count)
        {
            T bits = RoundingHash<TLanes, T>.End(RoundingHash<TLanes, T>.Begin(counter, inner), multiplier);
            nuint first = ((word & ~(nuint)(HalfGroup - 1)) * 2) + (word & (HalfGroup - 1));
            T lower = TCodes.Encode(TLanes.Load(ref from, first), LowerPart(bits, rest), scale);
            T upper = TCodes.Encode(TLanes.Load(ref from, first + HalfGroup), UpperPart(bits, rest), scale);
            TLanes.StoreTopBytes(lower, upper, ref to, first);
            counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
        }
    }

    /// <summary>A kind of codes of a block.</summary>
    private interface IBlockCodes
    {
        /// <summary>Encodes a vector.</summary>
        /// <param name="bits">The numbers.</param>
        /// <param name="part">What is added to a magnitude before its lowest bits are dropped: the random part of a step, less the scale.</param>
        /// <param name="scale">The scale of the block.</param>
        /// <returns>Words whose top bytes are the codes.</returns>
        static abstract T Encode(T bits, T part, ushort scale);
    }

    /// <summary>Codes without a sign, of a block in which every number is at least the smallest that it can keep.</summary>
    private readonly struct Unsigned : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Encode(T bits, T part, ushort scale) => TLanes.ShiftLeft(TLanes.Add(bits, part), 32 - StorageCodec.DroppedBits - 8);
    }

    /// <summary>Codes without a sign, of any block.</summary>
    private readonly struct UnsignedWithSmall : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Encode(T bits, T part, ushort scale)
        {
            T sum = TLanes.Add(bits, part);
            // Negative below the smallest. At least the code 1 for what is not zero.
            sum = TLanes.MaxSigned(sum, TLanes.ShiftLeft(TLanes.Min(bits, TLanes.Create(1)), StorageCodec.DroppedBits));
            return TLanes.ShiftLeft(sum, 32 - StorageCodec.DroppedBits - 8);
        }
    }

    /// <summary>Codes with a sign, of a block in which every number is at least the smallest that it can keep.</summary>
    private readonly struct Signed : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Encode(T bits, T part, ushort scale)
        {
            // No code carries into the sign bit, which passes through the addition.
            T sum = TLanes.Add(bits, part);
            return WithSign(TLanes.ShiftLeft(sum, 32 - StorageCodec.DroppedBits - 8), sum);
        }
    }

    /// <summary>Codes with a sign, of a block in which every number is zero or at least the smallest that it can keep.</summary>
    private readonly struct SignedOrZero : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Encode(T bits, T part, ushort scale)
        {
            T sum = TLanes.Add(TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude)), part);
            // Negative for zero, or not even 1.
            return WithSign(TLanes.ShiftLeft(TLanes.MaxSigned(sum, TLanes.Create(0)), 32 - StorageCodec.DroppedBits - 8), bits);
        }
    }

    /// <summary>Codes with a sign, of any block.</summary>
    private readonly struct SignedWithSmall : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Encode(T bits, T part, ushort scale)
        {
            T magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude)), one = TLanes.Create(1u << (32 - 8)), zero = TLanes.Create(0);
            T code = TLanes.ShiftLeft(TLanes.Add(magnitude, part), 32 - StorageCodec.DroppedBits - 8);
            // A number below the smallest is kept if it is above its random share of the smallest: a whole number of 16 bits times a unit.
            T share = TLanes.Scale(TLanes.And(TLanes.ShiftRight(part, 4), TLanes.Create(0xFFFF)), StorageCodec.UnitOf(scale));
            T kept = TLanes.Select(TLanes.LessThan(share, magnitude), one, zero);
            return WithSign(TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(StorageCodec.SmallestOf(scale))), kept, code), bits);
        }
    }

    /// <summary>Codes in top bytes with the signs of numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WithSign(T codes, T bits) => TLanes.Select(TLanes.Create(StorageCodec.SignBit), bits, codes);
}
