namespace OptimGen;

/// <summary>Decodes and encodes ranges of a tensor for one instruction set, by the definition in <see cref="StorageCodec"/>.</summary>
internal abstract class StorageCoder
{
    /// <summary>The elements of a tensor that are encoded together: a range starts at a multiple of it.</summary>
    public const int RangeAlignment = StorageCodec.BlockLength;

    /// <summary>The coder for the instruction set that optimizers start with.</summary>
    public static StorageCoder Selected { get; } = For(InstructionSets.Selected);

    /// <summary>The coder for an instruction set.</summary>
    public static StorageCoder For(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => new VectorStorageCoder<SixteenWords, System.Runtime.Intrinsics.Vector512<uint>>(),
        InstructionSet.Avx2 => new VectorStorageCoder<EightWords, System.Runtime.Intrinsics.Vector256<uint>>(),
        InstructionSet.Neon => new VectorStorageCoder<FourWords, System.Runtime.Intrinsics.Vector128<uint>>(),
        _ => new ScalarStorageCoder(),
    };

    /// <summary>Decodes bfloat16.</summary>
    public abstract void DecodeBFloat16(ReadOnlySpan<ushort> codes, Span<float> values);

    /// <summary>Encodes to bfloat16.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="rounding">The random bits; <see langword="null"/> to round to nearest.</param>
    /// <param name="firstElement">The position of the first number in its tensor, a multiple of <see cref="RangeAlignment"/>.</param>
    /// <param name="codes">Receives the codes.</param>
    public abstract void EncodeBFloat16(ReadOnlySpan<float> values, StochasticRounding? rounding, int firstElement, Span<ushort> codes);

    /// <summary>Decodes blocks, the last of which may be short.</summary>
    public abstract void DecodeBlocks(ReadOnlySpan<byte> codes, ReadOnlySpan<ushort> scales, bool isNonNegative, Span<float> values);

    /// <summary>Encodes blocks, the last of which may be short.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="isNonNegative">Whether the codes have no sign.</param>
    /// <param name="rounding">The random bits; <see langword="null"/> to round to nearest.</param>
    /// <param name="firstElement">The position of the first number in its tensor, a multiple of <see cref="RangeAlignment"/>.</param>
    /// <param name="codes">Receives the codes.</param>
    /// <param name="scales">Receives a scale for each block.</param>
    public abstract void EncodeBlocks(
        ReadOnlySpan<float> values, bool isNonNegative, StochasticRounding? rounding, int firstElement, Span<byte> codes, Span<ushort> scales);
}
