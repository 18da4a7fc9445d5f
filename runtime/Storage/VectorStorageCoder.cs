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
    private const int Group = 32, HalfGroup = Group / 2;

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

        Definition.DecodeBFloat16(codes[whole..], values[whole..]);
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
            T counter = TLanes.Add(TLanes.Sequence, TLanes.Create(((uint)firstElement / 2) + random.Offset)), inner = TLanes.Create(random.Inner);
            for (nuint i = 0; i < (nuint)whole; i += Group)
            {
                for (nuint lane = 0; lane < HalfGroup; lane += (nuint)TLanes.Count)
                {
                    T word = Hash(counter, inner);
                    EncodeStochastic(ref from, ref to, i + lane, TLanes.And(word, TLanes.Create(0xFFFF)));
                    EncodeStochastic(ref from, ref to, i + lane + HalfGroup, TLanes.ShiftRight(word, 16));
                    counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
                }
            }
        }

        Definition.EncodeBFloat16(values[whole..], rounding, firstElement + whole, codes[whole..]);
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

        Definition.DecodeBlocks(codes[whole..], scales[(whole / StorageCodec.BlockLength)..], isNonNegative, values[whole..]);
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
            ushort scale = StorageCodec.ScaleOf(LargestMagnitude(ref from, (nuint)start), isNonNegative);
            scales[start / StorageCodec.BlockLength] = scale;
            if (scale == StorageCodec.NotFinite)
            {
                codes.Slice(start, StorageCodec.BlockLength).Clear();
            }
            else if (rounding is not { } random)
            {
                EncodeNearest(ref from, ref to, (nuint)start, scale, isNonNegative);
            }
            else if (isNonNegative)
            {
                EncodeStochastic(ref from, ref to, (nuint)start, scale, isNonNegative: true, random, (uint)(firstElement + start));
            }
            else
            {
                EncodeStochastic(ref from, ref to, (nuint)start, scale, isNonNegative: false, random, (uint)(firstElement + start));
            }
        }

        Definition.EncodeBlocks(
            values[whole..], isNonNegative, rounding, firstElement + whole, codes[whole..], scales[(whole / StorageCodec.BlockLength)..]);
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

    /// <summary>A vector of bfloat16. Those near or beyond the largest are rare, so that a test for them is cheaper than a selection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeStochastic(ref float from, ref ushort to, nuint index, T randomBits)
    {
        T bits = TLanes.Load(ref from, index), magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
        TLanes.StoreHalves(TLanes.ShiftRight(TLanes.Add(bits, randomBits), 16), ref to, index);
        if (TLanes.AnyLessThan(TLanes.Create(StorageCodec.LargestBFloat16 - 1), magnitude))
        {
            EncodeLargest(ref from, ref to, index);
        }
    }

    /// <summary>Where a magnitude is so large that random bits may not be added, the number is truncated.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EncodeLargest(ref float from, ref ushort to, nuint index)
    {
        for (nuint i = index; i < index + (nuint)TLanes.Count; i++)
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
    private static uint LargestMagnitude(ref float from, nuint start)
    {
        T largest = TLanes.Create(0);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            largest = TLanes.Max(largest, TLanes.And(TLanes.Load(ref from, i), TLanes.Create(StorageCodec.Magnitude)));
        }

        return TLanes.Largest(largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeStochastic(
        ref float from, ref byte to, nuint start, ushort scale, bool isNonNegative, StochasticRounding random, uint firstElement)
    {
        T counter = TLanes.Add(TLanes.Sequence, TLanes.Create((firstElement / 2) + random.Offset)), inner = TLanes.Create(random.Inner);
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += Group)
        {
            for (nuint lane = 0; lane < HalfGroup; lane += (nuint)TLanes.Count)
            {
                T word = Hash(counter, inner);
                // The upper 16 of 20 bits, and half of the lowest of them.
                T part = TLanes.Or(TLanes.And(TLanes.ShiftLeft(word, 4), TLanes.Create(0xFFFF0)), TLanes.Create(8));
                Encode(ref from, ref to, i + lane, scale, isNonNegative, part);
                part = TLanes.Or(TLanes.And(TLanes.ShiftRight(word, 12), TLanes.Create(0xFFFF0)), TLanes.Create(8));
                Encode(ref from, ref to, i + lane + HalfGroup, scale, isNonNegative, part);
                counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeNearest(ref float from, ref byte to, nuint start, ushort scale, bool isNonNegative)
    {
        for (nuint i = start; i < start + StorageCodec.BlockLength; i += (nuint)TLanes.Count)
        {
            Encode(ref from, ref to, i, scale, isNonNegative, TLanes.Create(StorageCodec.HalfStep));
        }
    }

    /// <summary>A vector of codes. Numbers below the smallest that are not zero are rare, so that a test for them is cheaper than a selection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encode(ref float from, ref byte to, nuint index, ushort scale, bool isNonNegative, T part)
    {
        T bits = TLanes.Load(ref from, index), one = TLanes.Create(1);
        T magnitude = isNonNegative ? TLanes.MaxSigned(bits, TLanes.Create(0)) : TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
        // Negative where the number is below the smallest, zero included.
        T code = TLanes.Subtract(TLanes.ShiftRight(TLanes.Add(magnitude, part), StorageCodec.DroppedBits), TLanes.Create(scale));
        if (isNonNegative)
        {
            // At least 1 for what is not zero.
            code = TLanes.MaxSigned(code, TLanes.Min(magnitude, one));
            TLanes.StoreBytes(TLanes.Min(code, TLanes.Create(StorageCodec.UnsignedCodes)), ref to, index);
            return;
        }

        code = TLanes.Min(TLanes.MaxSigned(code, TLanes.Create(0)), TLanes.Create(StorageCodec.SignedCodes));
        T smallest = TLanes.Create(StorageCodec.SmallestOf(scale));
        if (TLanes.AnyLessThan(TLanes.Subtract(magnitude, one), TLanes.Subtract(smallest, one)))
        {
            // |x| is above its random share of the smallest. A share is a whole number of 16 bits times a unit.
            T share = TLanes.Scale(TLanes.ShiftRight(part, 4), StorageCodec.UnitOf(scale));
            T kept = TLanes.Select(TLanes.LessThan(share, magnitude), one, TLanes.Create(0));
            code = TLanes.Select(TLanes.LessThan(magnitude, smallest), kept, code);
        }

        T sign = TLanes.And(TLanes.ShiftRight(bits, 24), TLanes.Create(StorageCodec.SignOfCode));
        TLanes.StoreBytes(TLanes.Or(code, sign), ref to, index);
    }

    /// <summary>The hash of <see cref="StochasticRounding"/>, of counters to which its offset has been added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Hash(T word, T inner)
    {
        word = TLanes.Xor(word, TLanes.ShiftRight(word, 16));
        word = TLanes.Xor(TLanes.Multiply(word, TLanes.Create(StochasticRounding.FirstMultiplier)), inner);
        word = TLanes.Xor(word, TLanes.ShiftRight(word, 15));
        word = TLanes.Multiply(word, TLanes.Create(StochasticRounding.SecondMultiplier));
        return TLanes.Xor(word, TLanes.ShiftRight(word, 16));
    }
}
