namespace OptimGen;

/// <summary>The definition itself, a number at a time.</summary>
internal sealed class ScalarStorageCoder : StorageCoder
{
    public override void DecodeBFloat16(ReadOnlySpan<ushort> codes, Span<float> values)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = StorageCodec.DecodeBFloat16(codes[i]);
        }
    }

    public override void EncodeBFloat16(ReadOnlySpan<float> values, StochasticRounding? rounding, int firstElement, Span<ushort> codes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = StorageCodec.EncodeBFloat16(values[i], rounding, firstElement + i);
        }
    }

    public override void DecodeBlocks(ReadOnlySpan<byte> codes, ReadOnlySpan<ushort> scales, bool isNonNegative, Span<float> values)
    {
        for (int start = 0; start < codes.Length; start += StorageCodec.BlockLength)
        {
            int length = Math.Min(StorageCodec.BlockLength, codes.Length - start);
            StorageCodec.DecodeBlock(codes.Slice(start, length), scales[start / StorageCodec.BlockLength], isNonNegative, values.Slice(start, length));
        }
    }

    public override void EncodeBlocks(
        ReadOnlySpan<float> values, bool isNonNegative, StochasticRounding? rounding, int firstElement, Span<byte> codes, Span<ushort> scales)
    {
        for (int start = 0; start < values.Length; start += StorageCodec.BlockLength)
        {
            int length = Math.Min(StorageCodec.BlockLength, values.Length - start);
            scales[start / StorageCodec.BlockLength] = StorageCodec.EncodeBlock(
                values.Slice(start, length), isNonNegative, rounding, firstElement + start, codes.Slice(start, length));
        }
    }
}
