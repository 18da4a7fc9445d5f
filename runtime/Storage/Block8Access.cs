using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// A kernel's access to a state in <see cref="Storage.Block8"/> that is rounded stochastically. A block is decoded in registers; its new numbers wait in the
/// first-level cache for their largest, which the scale is computed from. They are encoded while the next block is computed, so that the integer
/// arithmetic of one overlaps with the divisions and with the memory accesses of the other.
/// </summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
/// <typeparam name="TSign">Whether the codes have a sign.</typeparam>
internal unsafe struct Block8Access<TLanes, T, TSign> : IStreamAccess<Block8Access<TLanes, T, TSign>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
    where TSign : struct, ISign
{
    private Block8Stream stream;
    private T multiplier;

    // Of the block that is computed.
    private T dropped;
    private T largest;
    private T smallest;
    private uint top;
    private bool hasSmall;

    // Of the block before it, if it is still to be encoded.
    private bool isPending;
    private T rest;

    public static Block8Access<TLanes, T, TSign> Of(in StoredStreams streams, int index)
    {
        var stream = new Block8Stream(streams, index);
        return new() { stream = stream, multiplier = TLanes.Create(stream.Rounding.Multiplier) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginBlock(nuint start)
    {
        dropped = TLanes.Create(stream.BeginBlock(start, isPending));
        largest = TLanes.Create(0);
        smallest = TLanes.Create(uint.MaxValue);
        rest = Block8Words<TLanes, T>.RestOf(stream.ScaleAt(isPending ? start - StorageCodec.BlockLength : start));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => TSign.IsNonNegative
        ? Block8Words<TLanes, T>.DecodeUnsigned(TLanes.LoadBytes(ref *stream.Codes, index), dropped)
        : Block8Words<TLanes, T>.DecodeSigned(TLanes.LoadSignedBytes(ref *stream.Codes, index), dropped);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T lower, T upper, T random, nuint index)
    {
        TLanes.Store(lower, ref *stream.Values, index);
        TLanes.Store(upper, ref *stream.Values, index + (StochasticRounding.GroupLength / 2));
        TLanes.Store(RoundingHash<TLanes, T>.End(random, multiplier), ref *stream.Words, index);
        if (!TSign.IsNonNegative)
        {
            T magnitude = TLanes.Create(StorageCodec.Magnitude);
            (lower, upper) = (TLanes.And(lower, magnitude), TLanes.And(upper, magnitude));
        }

        largest = TLanes.Max(largest, TLanes.Max(lower, upper));
        smallest = TLanes.Min(smallest, TLanes.Min(lower, upper));
        // Where no block is to be encoded, what is left in the buffer is, into the buffer: faster than a branch for each group.
        Block8Words<TLanes, T>.EncodeGroup<TSign>(
            ref *stream.PendingValues, ref *stream.PendingCodes, index, TLanes.Load(ref *stream.PendingWords, index), rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndBlock()
    {
        top = TLanes.Largest(largest);
        hasSmall = TLanes.AnyLessThan(smallest, TLanes.Create(StorageCodec.SmallestOf(StorageCodec.ScaleOf(top, TSign.IsNonNegative))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EncodeBlock(nuint start)
    {
        isPending = !hasSmall && top < Block8Words<TLanes, T>.NearLargest;
        stream.ScaleAt(start) = isPending ? StorageCodec.ScaleOf(top, TSign.IsNonNegative) : Encode(start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void End(nuint count)
    {
        if (isPending)
        {
            _ = Encode(count - StorageCodec.BlockLength);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(nuint index) => CompilerServices.Prefetch.Ahead(ref *stream.Codes, index);

    // A call with the address of this would keep every field in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ushort Encode(nuint start) => TSign.IsNonNegative
        ? Block8Words<TLanes, T>.EncodeUnsigned(ref stream.Values[start], ref stream.Codes[start], top, hasSmall, stream.Rounding, stream.ElementAt(start))
        : Block8Words<TLanes, T>.EncodeSigned(ref stream.Values[start], ref stream.Codes[start], top, hasSmall, stream.Rounding, stream.ElementAt(start));
}

/// <summary>The memory of a state in blocks, and of the new numbers of two blocks with their random words.</summary>
internal unsafe struct Block8Stream
{
    /// <summary>The numbers of a block, and words at the positions of the first half of each group.</summary>
    private const int BufferLength = 2 * StorageCodec.BlockLength;

    [ThreadStatic]
    private static Memory<float> buffers;

    private readonly ushort* scales;
    private readonly float* buffer;
    private readonly int firstElement;

    public Block8Stream(in StoredStreams streams, int index)
    {
        var state = (Block8State)streams[index];
        Codes = state.CodesAt(streams.Start);
        scales = state.ScalesAt(streams.Start);
        (Rounding, firstElement) = (streams.RoundingOf(index), streams.Start);
        const int Length = (2 * BufferLength) + (StorageCodec.BlockLength / sizeof(float));
        if (buffers.Length < streams.StateCount * Length)
        {
            buffers = AlignedMemory.Allocate<float>(streams.StateCount * Length);
        }

        buffer = (float*)Unsafe.AsPointer(ref buffers.Span[index * Length]);
    }

    /// <summary>The codes, from the first element of the call on.</summary>
    public byte* Codes { get; }

    /// <summary>The new numbers of the current block, at their positions in the call.</summary>
    public float* Values { get; private set; }

    /// <summary>Those of the block before, at the positions of the current block.</summary>
    public float* PendingValues { get; private set; }

    /// <summary>Receives the codes of the block before, at the positions of the current block.</summary>
    public byte* PendingCodes { get; private set; }

    /// <summary>The random words of the current block, each at the position of the first of its two elements.</summary>
    public readonly float* Words => Values + StorageCodec.BlockLength;

    /// <summary>Those of the block before, at the positions of the current block.</summary>
    public readonly float* PendingWords => PendingValues + StorageCodec.BlockLength;

    public StochasticRounding Rounding { get; }

    /// <summary>Moves to a block.</summary>
    /// <param name="start">The position of its first element.</param>
    /// <param name="hasPending">Whether the block before is still to be encoded.</param>
    /// <returns>Its scale, shifted by what codes drop.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint BeginBlock(nuint start, bool hasPending)
    {
        bool isOdd = (start & StorageCodec.BlockLength) != 0;
        Values = buffer + (isOdd ? BufferLength : 0) - start;
        PendingValues = buffer + (isOdd ? 0 : BufferLength) - start;
        PendingCodes = hasPending ? Codes - StorageCodec.BlockLength : (byte*)(buffer + (2 * BufferLength)) - start;
        ushort scale = ScaleAt(start);
        return scale == StorageCodec.NotFinite ? BeginNotFinite(start) : (uint)scale << StorageCodec.DroppedBits;
    }

    public readonly ref ushort ScaleAt(nuint start) => ref scales[start / StorageCodec.BlockLength];

    /// <summary>The position in its tensor of an element of the call.</summary>
    public readonly uint ElementAt(nuint index) => (uint)firstElement + (uint)index;

    /// <summary>A block of NaN: gives it codes, which it gets anew anyway, that decode to NaN with what is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly uint BeginNotFinite(nuint start)
    {
        // No call, over which kernels would keep vectors in memory.
        for (nuint i = 0; i < StorageCodec.BlockLength; i += sizeof(ulong))
        {
            Unsafe.WriteUnaligned(Codes + start + i, 0x0101010101010101);
        }

        return BitConverter.SingleToUInt32Bits(float.NaN) - (1u << StorageCodec.DroppedBits);
    }
}
