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

    private static readonly ScalarStorageCoder Definition = new();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void DecodeBFloat16(ReadOnlySpan<ushort> codes, Span<float> values)
    {
        ref ushort from = ref MemoryMarshal.GetReference(codes);
        ref float to = ref MemoryMarshal.GetReference(values);
        int whole = codes.Length & -TLanes.Count;
        for (nuint i = 0; i < (nuint)whole; i += (nuint)TLanes.Count)
        {
            TLanes.Store(TLanes.LoadUpperHalves(ref from, i), ref to, i);
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
        T counter = RoundingHash<TLanes, T>.FirstCounter(firstElement, random), inner = TLanes.Create(random.Inner);
        T multiplier = TLanes.Create(random.Multiplier), largest = TLanes.Create(0);
        for (nuint word = 0; word < count / 2; word += (nuint)TLanes.Count)
        {
            T words = RoundingHash<TLanes, T>.End(RoundingHash<TLanes, T>.Begin(counter, inner), multiplier);
            nuint first = FirstOf(word);
            T lower = TLanes.Load(ref from, first), upper = TLanes.Load(ref from, first + HalfGroup), magnitude = TLanes.Create(StorageCodec.Magnitude);
            largest = TLanes.Max(largest, TLanes.Max(TLanes.And(lower, magnitude), TLanes.And(upper, magnitude)));
            lower = TLanes.Add(lower, TLanes.And(words, TLanes.Create(0xFFFF)));
            TLanes.StoreUpperHalves(lower, TLanes.Add(upper, TLanes.ShiftRight(words, 16)), ref to, first);
            counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
        }

        // Rare, so it is found in the end and not looked for at each vector.
        if (TLanes.Largest(largest) >= StorageCodec.LargestBFloat16)
        {
            TruncateLargest(ref from, ref to, count);
        }
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
        T dropped = TLanes.Create((uint)scale << StorageCodec.DroppedBits);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            TLanes.Store(Block8Words<TLanes, T>.DecodeSigned(TLanes.LoadSignedBytes(ref from, i), dropped), ref to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecodeUnsigned(ref byte from, ref float to, nuint start, ushort scale)
    {
        T dropped = TLanes.Create((uint)scale << StorageCodec.DroppedBits);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            TLanes.Store(Block8Words<TLanes, T>.DecodeUnsigned(TLanes.LoadBytes(ref from, i), dropped), ref to, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort EncodeUnsigned(ref float from, ref byte to, nuint start, StochasticRounding? rounding, uint firstElement)
    {
        T largest = TLanes.Create(0), smallest = TLanes.Create(uint.MaxValue);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            T bits = TLanes.Load(ref from, i);
            (largest, smallest) = (TLanes.Max(largest, bits), TLanes.Min(smallest, bits));
        }

        uint top = TLanes.Largest(largest);
        bool hasSmall = TLanes.AnyLessThan(smallest, TLanes.Create(StorageCodec.SmallestOf(StorageCodec.ScaleOf(top, isNonNegative: true))));
        return Block8Words<TLanes, T>.EncodeUnsigned(ref Unsafe.Add(ref from, start), ref Unsafe.Add(ref to, start), top, hasSmall, rounding, firstElement);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort EncodeSigned(ref float from, ref byte to, nuint start, StochasticRounding? rounding, uint firstElement)
    {
        T largest = TLanes.Create(0), smallest = TLanes.Create(uint.MaxValue);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            T magnitude = TLanes.And(TLanes.Load(ref from, i), TLanes.Create(StorageCodec.Magnitude));
            (largest, smallest) = (TLanes.Max(largest, magnitude), TLanes.Min(smallest, magnitude));
        }

        uint top = TLanes.Largest(largest);
        bool hasSmall = TLanes.AnyLessThan(smallest, TLanes.Create(StorageCodec.SmallestOf(StorageCodec.ScaleOf(top, isNonNegative: false))));
        return Block8Words<TLanes, T>.EncodeSigned(ref Unsafe.Add(ref from, start), ref Unsafe.Add(ref to, start), top, hasSmall, rounding, firstElement);
    }

    /// <summary>The element that takes the lower half of a word of the hash, from the start of the range on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint FirstOf(nuint word) => ((word & ~(nuint)(HalfGroup - 1)) * 2) + (word & (HalfGroup - 1));
}
