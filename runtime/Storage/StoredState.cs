using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>One state of one tensor, kept in another form than the element type.</summary>
internal abstract class StoredState : IElementCodes
{
    /// <summary>The number of neighbouring elements that share random bits: see <see cref="StochasticRounding"/>.</summary>
    public const int EncodedTogether = 32;

    /// <summary>The number of bytes that it takes.</summary>
    public abstract long ByteCount { get; }

    /// <summary>Makes the state of a tensor, or of a part of it. Positions are those in the tensor.</summary>
    /// <param name="storage">The form.</param>
    /// <param name="isNonNegative">Whether no value is negative.</param>
    /// <param name="start">The position of the first element, a multiple of <see cref="StorageCoder.RangeAlignment"/>.</param>
    /// <param name="length">The number of elements.</param>
    public static StoredState Create(Storage storage, bool isNonNegative, int start, int length) =>
        storage == Storage.BFloat16 ? new BFloat16State(start, length) : new Block8State(isNonNegative, start, length);

    /// <summary>Decodes elements from <paramref name="start"/> on.</summary>
    public abstract void Decode(StorageCoder coder, int start, Span<float> values);

    /// <summary>Encodes elements from <paramref name="start"/> on, a multiple of <see cref="StorageCoder.RangeAlignment"/>, whole blocks.</summary>
    public abstract void Encode(StorageCoder coder, int start, ReadOnlySpan<float> values, StochasticRounding? rounding);

    /// <summary>
    /// Encodes elements from any <paramref name="start"/> on; from the start of a block on, whole blocks, where elements share a scale.
    /// </summary>
    /// <param name="coder">The coder.</param>
    /// <param name="start">The first element to encode.</param>
    /// <param name="lead">The position of <paramref name="start"/> in its group of <see cref="EncodedTogether"/>.</param>
    /// <param name="values">Any numbers for the elements of the group that lie before, and then those to encode; at most a tile.</param>
    /// <param name="rounding">The random bits; <see langword="null"/> to round to nearest.</param>
    public abstract void Encode(StorageCoder coder, int start, int lead, ReadOnlySpan<float> values, StochasticRounding? rounding);

    /// <summary>Prefetches the codes of elements.</summary>
    public abstract void Prefetch(int start, int count);

    /// <inheritdoc/>
    public abstract int BytesOf(int count);

    /// <inheritdoc/>
    public abstract void CopyTo(Span<byte> bytes, int start, int count);

    /// <inheritdoc/>
    public abstract void CopyFrom(ReadOnlySpan<byte> bytes, int start, int count);

    /// <summary>Writes the codes as they are.</summary>
    /// <param name="writer">Receives them.</param>
    /// <param name="name">The name of the state of this tensor.</param>
    /// <param name="scalesName">The name for the scales of its blocks.</param>
    /// <param name="shape">The shape of the tensor.</param>
    public abstract void Save(CheckpointWriter writer, string name, string scalesName, int[] shape);

    /// <summary>Reads what <see cref="Save"/> has written, and changes nothing until the returned action is called.</summary>
    /// <exception cref="CheckpointException">There is none of that name, or its type or shape is another.</exception>
    public abstract Action Load(CheckpointReader reader, string name, string scalesName, int[] shape);
}

/// <summary>A state in <see cref="Storage.BFloat16"/>.</summary>
internal sealed class BFloat16State(int origin, int length) : StoredState
{
    private readonly CodeMemory<BFloat16> numbers = new(origin, length);

    public override long ByteCount => (long)numbers.Memory.Length * sizeof(ushort);

    /// <summary>The codes from an element on. Their memory is pinned.</summary>
    public unsafe ushort* CodesAt(int start) => (ushort*)numbers.AddressOf(start);

    public override void Decode(StorageCoder coder, int start, Span<float> values) => coder.DecodeBFloat16(CodesOf(start, values.Length), values);

    public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> values, StochasticRounding? rounding) =>
        coder.EncodeBFloat16(values, rounding, start, CodesOf(start, values.Length));

    public override void Encode(StorageCoder coder, int start, int lead, ReadOnlySpan<float> values, StochasticRounding? rounding)
    {
        if (lead == 0)
        {
            Encode(coder, start, values, rounding);
            return;
        }

        // The codes before belong to another row, which another thread may be updating.
        Span<ushort> codes = stackalloc ushort[values.Length];
        coder.EncodeBFloat16(values, rounding, start - lead, codes);
        codes[lead..].CopyTo(CodesOf(start, values.Length - lead));
    }

    public override void Prefetch(int start, int count) => CompilerServices.Prefetch.Range(ref numbers.Slice(start, count)[0], count);

    public override int BytesOf(int count) => count * sizeof(ushort);

    public override void CopyTo(Span<byte> bytes, int start, int count) => MemoryMarshal.AsBytes(numbers.Slice(start, count)).CopyTo(bytes);

    public override void CopyFrom(ReadOnlySpan<byte> bytes, int start, int count) => bytes.CopyTo(MemoryMarshal.AsBytes(numbers.Slice(start, count)));

    public override void Save(CheckpointWriter writer, string name, string scalesName, int[] shape) => writer.Write<BFloat16>(name, numbers.Memory, shape);

    public override Action Load(CheckpointReader reader, string name, string scalesName, int[] shape)
    {
        BFloat16[] saved = reader.ReadArray<BFloat16>(name, shape);
        return () => saved.CopyTo(numbers.Memory);
    }

    private Span<ushort> CodesOf(int start, int length) => MemoryMarshal.Cast<BFloat16, ushort>(numbers.Slice(start, length));
}

/// <summary>A state in <see cref="Storage.Block8"/>.</summary>
internal sealed class Block8State(bool isNonNegative, int origin, int length) : StoredState
{
    private readonly CodeMemory<byte> codes = new(origin, length);
    private readonly CodeMemory<ushort> scales = new(origin / StorageCodec.BlockLength, BlocksIn(length));

    public override long ByteCount => codes.Memory.Length + ((long)scales.Memory.Length * sizeof(ushort));

    /// <summary>The codes from an element on. Their memory is pinned.</summary>
    public unsafe byte* CodesAt(int start) => (byte*)codes.AddressOf(start);

    /// <summary>The scales from that of a block on, given by its first element.</summary>
    public unsafe ushort* ScalesAt(int start) => (ushort*)scales.AddressOf(start / StorageCodec.BlockLength);

    public override void Decode(StorageCoder coder, int start, Span<float> values) =>
        coder.DecodeBlocks(codes.Slice(start, values.Length), ScalesOf(start, values.Length), isNonNegative, values);

    public override void Encode(StorageCoder coder, int start, ReadOnlySpan<float> values, StochasticRounding? rounding) =>
        coder.EncodeBlocks(values, isNonNegative, rounding, start, codes.Slice(start, values.Length), ScalesOf(start, values.Length));

    public override void Encode(StorageCoder coder, int start, int lead, ReadOnlySpan<float> values, StochasticRounding? rounding) =>
        Encode(coder, start, values[lead..], rounding);

    public override void Prefetch(int start, int count) => CompilerServices.Prefetch.Range(ref codes.Slice(start, count)[0], count);

    public override int BytesOf(int count) => count + (BlocksIn(count) * sizeof(ushort));

    public override void CopyTo(Span<byte> bytes, int start, int count)
    {
        codes.Slice(start, count).CopyTo(bytes);
        MemoryMarshal.AsBytes(ScalesOf(start, count)).CopyTo(bytes[count..]);
    }

    public override void CopyFrom(ReadOnlySpan<byte> bytes, int start, int count)
    {
        bytes[..count].CopyTo(codes.Slice(start, count));
        bytes[count..].CopyTo(MemoryMarshal.AsBytes(ScalesOf(start, count)));
    }

    public override void Save(CheckpointWriter writer, string name, string scalesName, int[] shape)
    {
        writer.Write<byte>(name, codes.Memory, shape);
        writer.Write<ushort>(scalesName, scales.Memory);
    }

    public override Action Load(CheckpointReader reader, string name, string scalesName, int[] shape)
    {
        byte[] savedCodes = reader.ReadArray<byte>(name, shape);
        ushort[] savedScales = reader.ReadArray<ushort>(scalesName, scales.Memory.Length);
        return () =>
        {
            savedCodes.CopyTo(codes.Memory);
            savedScales.CopyTo(scales.Memory);
        };
    }

    private Span<ushort> ScalesOf(int start, int length) => scales.Slice(start / StorageCodec.BlockLength, BlocksIn(length));

    private static int BlocksIn(int length) => (length + StorageCodec.BlockLength - 1) / StorageCodec.BlockLength;
}
