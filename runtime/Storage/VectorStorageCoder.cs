using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>The storage formats by vectors of 32-bit words. What does not fill the vectors of a group is left to the definition.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal sealed class VectorStorageCoder<TLanes, T> : StorageCoder
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    /// <summary>The elements that share the words of the hash in pairs: see <see cref="StochasticRounding"/>.</summary>
    private const int Group = StochasticRounding.GroupLength, HalfGroup = Group / 2;

    /// <summary>The bits from which on a magnitude may be rounded to no finite code.</summary>
    private const uint NearLargest = StorageCodec.LargestTop << StorageCodec.DroppedBits;

    private static readonly ScalarStorageCoder Definition = new();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void DecodeBFloat16(ReadOnlySpan<ushort> codes, Span<float> values)
    {
        ref ushort from = ref MemoryMarshal.GetReference(codes);
        ref float to = ref MemoryMarshal.GetReference(values);
        int whole = codes.Length & -TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TLanes.Store(TLanes.ShiftLeft(TLanes.LoadHalves(ref from, i), 16), ref to, i);
        }

        if (whole < codes.Length)
        {
            Definition.DecodeBFloat16(codes[whole..], values[whole..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void EncodeBFloat16(ReadOnlySpan<float> values, StochasticRounding? rounding, int firstElement, Span<ushort> codes)
    {
        int whole = values.Length & -Group;
        ref float from = ref MemoryMarshal.GetReference(values);
        ref ushort to = ref MemoryMarshal.GetReference(codes);
        if (rounding is not { } random)
        {
            EncodeNearest(ref from, ref to, (nuint)whole);
        }
        else
        {
            EncodeStochastic(ref from, ref to, (nuint)whole, random, (uint)firstElement);
        }

        if (whole < values.Length)
        {
            Definition.EncodeBFloat16(values[whole..], rounding, firstElement + whole, codes[whole..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void DecodeBlocks(ReadOnlySpan<byte> codes, ReadOnlySpan<ushort> scales, bool isNonNegative, Span<float> values)
    {
        ref byte from = ref MemoryMarshal.GetReference(codes);
        ref float to = ref MemoryMarshal.GetReference(values);
        int whole = codes.Length & -StorageCodec.BlockLength;
        for (int start = 0; start < whole; start += StorageCodec.BlockLength)
        {
            ushort scale = scales[start / StorageCodec.BlockLength];
            if (scale == StorageCodec.NotFinite)
            {
                values.Slice(start, StorageCodec.BlockLength).Fill(float.NaN);
            }
            else if (isNonNegative)
            {
                DecodeUnsigned(ref from, ref to, (nuint)start, scale);
            }
            else
            {
                DecodeSigned(ref from, ref to, (nuint)start, scale);
            }
        }

        if (whole < codes.Length)
        {
            Definition.DecodeBlocks(codes[whole..], scales[(whole / StorageCodec.BlockLength)..], isNonNegative, values[whole..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void EncodeBlocks(
        ReadOnlySpan<float> values, bool isNonNegative, StochasticRounding? rounding, int firstElement, Span<byte> codes, Span<ushort> scales)
    {
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(codes);
        int whole = values.Length & -StorageCodec.BlockLength;
        for (int start = 0; start < whole; start += StorageCodec.BlockLength)
        {
            scales[start / StorageCodec.BlockLength] = isNonNegative
                ? EncodeUnsigned(ref from, ref to, (nuint)start, rounding, (uint)(firstElement + start))
                : EncodeSigned(ref from, ref to, (nuint)start, rounding, (uint)(firstElement + start));
        }

        if (whole < values.Length)
        {
            Definition.EncodeBlocks(values[whole..], isNonNegative, rounding, firstElement + whole, codes[whole..], scales[(whole / StorageCodec.BlockLength)..]);
        }
    }

    private static void EncodeNearest(ref float from, ref ushort to, nuint count)
    {
        for (nuint i = 0; i < count; i += (nuint)TLanes.Count)
        {
            T bits = TLanes.Load(ref from, i), magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
            T upper = TLanes.ShiftRight(bits, 16);
            T rounded = TLanes.ShiftRight(TLanes.Add(TLanes.Add(bits, TLanes.Create(0x7FFF)), TLanes.And(upper, TLanes.Create(1))), 16);
            T isNaN = TLanes.LessThan(TLanes.Create(StorageCodec.Infinity), magnitude);
            TLanes.StoreHalves(TLanes.Select(isNaN, TLanes.Or(upper, TLanes.Create(0x40)), rounded), ref to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeStochastic(ref float from, ref ushort to, nuint count, StochasticRounding random, uint firstElement)
    {
        T counter = RoundingHash<TLanes, T>.FirstCounter(firstElement, random), inner = TLanes.Create(random.Inner), largest = TLanes.Create(0);
        for (nuint word = 0; word < count / 2; word += (nuint)TLanes.Count)
        {
            T bits = RoundingHash<TLanes, T>.Hash(counter, inner);
            nuint first = FirstOf(word);
            largest = TLanes.Max(largest, EncodeStochastic(ref from, ref to, first, TLanes.And(bits, TLanes.Create(0xFFFF))));
            largest = TLanes.Max(largest, EncodeStochastic(ref from, ref to, first + HalfGroup, TLanes.ShiftRight(bits, 16)));
            counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
        }

        // Rare, so it is found in the end and not looked for at each vector.
        if (TLanes.Largest(largest) >= StorageCodec.LargestBFloat16)
        {
            TruncateLargest(ref from, ref to, count);
        }
    }

    /// <returns>The magnitudes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T EncodeStochastic(ref float from, ref ushort to, nuint index, T randomBits)
    {
        T bits = TLanes.Load(ref from, index);
        TLanes.StoreHalves(TLanes.ShiftRight(TLanes.Add(bits, randomBits), 16), ref to, index);
        return TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
    }

    /// <summary>Where a magnitude is so large that random bits may not be added, the number is truncated.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TruncateLargest(ref float from, ref ushort to, nuint count)
    {
        for (nuint i = 0; i < count; i++)
        {
            float value = Unsafe.Add(ref from, i);
            if ((BitConverter.SingleToUInt32Bits(value) & StorageCodec.Magnitude) >= StorageCodec.LargestBFloat16)
            {
                Unsafe.Add(ref to, i) = StorageCodec.EncodeBFloat16(value, 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecodeSigned(ref byte from, ref float to, nuint start, ushort scale)
    {
        T dropped = TLanes.Create((uint)scale << StorageCodec.DroppedBits), zero = TLanes.Create(0);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            T code = TLanes.LoadBytes(ref from, i);
            T magnitude = TLanes.And(code, TLanes.Create(0x7F)), sign = TLanes.ShiftLeft(TLanes.Xor(code, magnitude), 24);
            T bits = TLanes.Add(TLanes.ShiftLeft(magnitude, StorageCodec.DroppedBits), dropped);
            TLanes.Store(TLanes.Or(TLanes.Select(TLanes.Equal(magnitude, zero), zero, bits), sign), ref to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecodeUnsigned(ref byte from, ref float to, nuint start, ushort scale)
    {
        T dropped = TLanes.Create((uint)scale << StorageCodec.DroppedBits), zero = TLanes.Create(0);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            T code = TLanes.LoadBytes(ref from, i);
            T bits = TLanes.Add(TLanes.ShiftLeft(code, StorageCodec.DroppedBits), dropped);
            TLanes.Store(TLanes.Select(TLanes.Equal(code, zero), zero, bits), ref to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort EncodeUnsigned(ref float from, ref byte to, nuint start, StochasticRounding? rounding, uint firstElement)
    {
        // Without masking the signs: a negative number is larger than every other one.
        T largest = TLanes.Create(0);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            largest = TLanes.Max(largest, TLanes.Load(ref from, i));
        }

        uint top = TLanes.Largest(largest);
        if (top >= NearLargest || rounding is not { } random)
        {
            return EncodeByDefinition(ref from, ref to, start, isNonNegative: true, rounding, firstElement);
        }

        ushort scale = StorageCodec.ScaleOf(top, isNonNegative: true);
        EncodeStochastic<Unsigned>(ref from, ref to, start, scale, random, firstElement);
        return scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort EncodeSigned(ref float from, ref byte to, nuint start, StochasticRounding? rounding, uint firstElement)
    {
        // Of the smallest, one less, so that zero wraps around to the largest word.
        T largest = TLanes.Create(0), smallest = TLanes.Create(uint.MaxValue), one = TLanes.Create(1);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            T magnitude = TLanes.And(TLanes.Load(ref from, i), TLanes.Create(StorageCodec.Magnitude));
            largest = TLanes.Max(largest, magnitude);
            smallest = TLanes.Min(smallest, TLanes.Subtract(magnitude, one));
        }

        uint top = TLanes.Largest(largest);
        if (top >= NearLargest || rounding is not { } random)
        {
            return EncodeByDefinition(ref from, ref to, start, isNonNegative: false, rounding, firstElement);
        }

        ushort scale = StorageCodec.ScaleOf(top, isNonNegative: false);
        if (TLanes.AnyLessThan(smallest, TLanes.Create(StorageCodec.SmallestOf(scale) - 1)))
        {
            EncodeStochastic<SignedWithSmall>(ref from, ref to, start, scale, random, firstElement);
        }
        else
        {
            EncodeStochastic<Signed>(ref from, ref to, start, scale, random, firstElement);
        }

        return scale;
    }

    /// <summary>A block that is rare: with numbers that are not finite or near the largest, with negative ones that must not be, or rounded to nearest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort EncodeByDefinition(
        ref float from, ref byte to, nuint start, bool isNonNegative, StochasticRounding? rounding, uint firstElement) => StorageCodec.EncodeBlock(
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref from, start), StorageCodec.BlockLength), isNonNegative, rounding, (int)firstElement,
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref to, start), StorageCodec.BlockLength));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeStochastic<TCodes>(ref float from, ref byte to, nuint start, ushort scale, StochasticRounding random, uint firstElement)
        where TCodes : struct, IBlockCodes
    {
        T counter = RoundingHash<TLanes, T>.FirstCounter(firstElement, random), inner = TLanes.Create(random.Inner);
        for (nuint word = 0; word < StorageCodec.BlockLength / 2; word += (nuint)TLanes.Count)
        {
            T bits = RoundingHash<TLanes, T>.Hash(counter, inner), upper = TLanes.Create(0xFFFF0), half = TLanes.Create(8);
            nuint first = start + FirstOf(word);
            // The upper 16 of 20 bits, and half of the lowest of them.
            TCodes.Encode(ref from, ref to, first, scale, TLanes.Or(TLanes.And(TLanes.ShiftLeft(bits, 4), upper), half));
            TCodes.Encode(ref from, ref to, first + HalfGroup, scale, TLanes.Or(TLanes.And(TLanes.ShiftRight(bits, 12), upper), half));
            counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
        }
    }

    /// <summary>The element that takes the lower half of a word of the hash, from the start of the range on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint FirstOf(nuint word) => ((word & ~(nuint)(HalfGroup - 1)) * 2) + (word & (HalfGroup - 1));

    /// <summary>The code of a magnitude; negative or 0 below the smallest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T CodeOf(T magnitude, ushort scale, T part) =>
        TLanes.Subtract(TLanes.ShiftRight(TLanes.Add(magnitude, part), StorageCodec.DroppedBits), TLanes.Create(scale));

    /// <summary>A code with the sign of a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WithSign(T code, T bits) => TLanes.Or(code, TLanes.And(TLanes.ShiftRight(bits, 24), TLanes.Create(StorageCodec.SignOfCode)));

    /// <summary>A kind of codes of a block.</summary>
    private interface IBlockCodes
    {
        /// <summary>Encodes a vector.</summary>
        /// <param name="from">The numbers.</param>
        /// <param name="to">Receives the codes.</param>
        /// <param name="index">The first element.</param>
        /// <param name="scale">The scale of the block.</param>
        /// <param name="part">What is added before the lowest bits are dropped.</param>
        static abstract void Encode(ref float from, ref byte to, nuint index, ushort scale, T part);
    }

    /// <summary>Codes without a sign, of numbers that have none.</summary>
    private readonly struct Unsigned : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Encode(ref float from, ref byte to, nuint index, ushort scale, T part)
        {
            T magnitude = TLanes.Load(ref from, index);
            T code = CodeOf(magnitude, scale, part);
            // At least 1 for what is not zero.
            TLanes.StoreBytes(TLanes.MaxSigned(code, TLanes.Min(magnitude, TLanes.Create(1))), ref to, index);
        }
    }

    /// <summary>Codes with a sign, of a block in which every number is zero or at least the smallest.</summary>
    private readonly struct Signed : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Encode(ref float from, ref byte to, nuint index, ushort scale, T part)
        {
            T bits = TLanes.Load(ref from, index), magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
            T code = CodeOf(magnitude, scale, part);
            // Negative for zero.
            code = TLanes.MaxSigned(code, TLanes.Create(0));
            TLanes.StoreBytes(WithSign(code, bits), ref to, index);
        }
    }

    /// <summary>Codes with a sign, of any block.</summary>
    private readonly struct SignedWithSmall : IBlockCodes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Encode(ref float from, ref byte to, nuint index, ushort scale, T part)
        {
            T bits = TLanes.Load(ref from, index), magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
            T code = CodeOf(magnitude, scale, part);
            code = TLanes.MaxSigned(code, TLanes.Create(0));
            // A number below the smallest is kept if it is above its random share of the smallest: a whole number of 16 bits times a unit.
            T share = TLanes.Scale(TLanes.ShiftRight(part, 4), StorageCodec.UnitOf(scale));
            T kept = TLanes.Select(TLanes.LessThan(share, magnitude), TLanes.Create(1), TLanes.Create(0));
            code = TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(StorageCodec.SmallestOf(scale))), kept, code);
            TLanes.StoreBytes(WithSign(code, bits), ref to, index);
        }
    }
}
