namespace OptimGen;

/// <summary>One state of one tensor, kept in another form than the element type.</summary>
internal abstract class StoredState
{
    /// <summary>The number of bytes that it takes.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Makes the state of a tensor.</summary>
    public static StoredState Create(Storage storage, bool isNonNegative, int length) =>
        storage == Storage.BFloat16 ? new BFloat16State(length) : new Block8State(isNonNegative, length);

    /// <summary>Decodes elements from <paramref name="start"/> on.</summary>
    public abstract void Decode(StorageCoder coder, int start, Span<float> values);

    /// <summary>Encodes elements from <paramref name="start"/> on, a multiple of <see cref="StorageCoder.RangeAlignment"/>, whole blocks.</summary>
    public abstract void Encode(StorageCoder coder, int start, ReadOnlySpan<float> values, StochasticRounding? rounding);
}

/// <summary>A state in <see cref="Storage.BFloat16"/>.</summary>
internal sealed class BFloat16State(int length) : StoredState
{
    public Memory<ushort> Codes { get; } = AlignedMemory.Allocate<ushort>(length);

    public override long ByteCount => Codes.Length * sizeof(ushort);

    public override void Decode(StorageCoder coder, int start, Span<float> values) => coder.DecodeBFloat16(Codes.Span.Slice(start, values.Length), values);

    public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> values, StochasticRounding? rounding) =>
        coder.EncodeBFloat16(values, rounding, start, Codes.Span.Slice(start, values.Length));
}

/// <summary>A state in <see cref="Storage.Block8"/>.</summary>
internal sealed class Block8State(bool isNonNegative, int length) : StoredState
{
    public Memory<byte> Codes { get; } = AlignedMemory.Allocate<byte>(length);

    public Memory<ushort> Scales { get; } = AlignedMemory.Allocate<ushort>(BlocksIn(length));

    public override long ByteCount => Codes.Length + (Scales.Length * sizeof(ushort));

    public override void Decode(StorageCoder coder, int start, Span<float> values) =>
        coder.DecodeBlocks(Codes.Span.Slice(start, values.Length), ScalesOf(start, values.Length), isNonNegative, values);

    public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> values, StochasticRounding? rounding) =>
        coder.EncodeBlocks(values, isNonNegative, rounding, start, Codes.Span.Slice(start, values.Length), ScalesOf(start, values.Length));

    private Span<ushort> ScalesOf(int start, int length) => Scales.Span.Slice(start / StorageCodec.BlockLength, BlocksIn(length));

    private static int BlocksIn(int length) => (length + StorageCodec.BlockLength - 1) / StorageCodec.BlockLength;
}
