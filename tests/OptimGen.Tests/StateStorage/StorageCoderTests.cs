namespace OptimGen.Tests.StateStorage;

/// <summary>The vector code of the storage formats gives the bits of its definition.</summary>
public sealed class StorageCoderTests
{
    private const int Longest = 1025;

    /// <summary>The code for NEON has vectors of 128 bits that every processor has.</summary>
    public static TheoryData<InstructionSet, bool> SetsAndRoundings
    {
        get
        {
            var data = new TheoryData<InstructionSet, bool>();
            foreach (InstructionSet set in InstructionSets.Supported.Append(InstructionSet.Neon).Distinct())
            {
                data.Add(set, false);
                data.Add(set, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndRoundings))]
    public void BFloat16HasTheBitsOfItsDefinitionAtEveryLength(InstructionSet set, bool isStochastic)
    {
        StorageCoder coder = StorageCoder.For(set);
        for (int length = 0; length <= Longest; length++)
        {
            float[] values = Numbers.Of(length, seed: length);
            StochasticRounding? rounding = isStochastic ? new StochasticRounding(7, 1 + length, 3, 2) : null;
            int first = length % 3 * StorageCodec.BlockLength;
            ushort[] codes = new ushort[length], expected = new ushort[length];
            coder.EncodeBFloat16(values, rounding, first, codes);
            for (int i = 0; i < length; i++)
            {
                expected[i] = rounding is { } random ? StorageCodec.EncodeBFloat16(values[i], random.Bits(first + i)) : StorageCodec.EncodeBFloat16(values[i]);
            }

            Assert.Equal(expected, codes);
            var decoded = new float[length];
            coder.DecodeBFloat16(codes, decoded);
            Assert.Equal(codes.Select(code => (uint)code << 16), decoded.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Theory]
    [MemberData(nameof(SetsAndRoundings))]
    public void BlocksHaveTheBitsOfTheirDefinitionAtEveryLength(InstructionSet set, bool isStochastic)
    {
        StorageCoder coder = StorageCoder.For(set);
        for (int length = 0; length <= Longest; length++)
        {
            foreach (bool isNonNegative in new[] { false, true })
            {
                foreach (float[] values in new[] { Numbers.Of(length, seed: length), Numbers.Near(length, seed: length) })
                {
                    StochasticRounding? rounding = isStochastic ? new StochasticRounding(1, length, 0, 5) : null;
                    int first = length % 5 * StorageCodec.BlockLength, blocks = (length + StorageCodec.BlockLength - 1) / StorageCodec.BlockLength;
                    byte[] codes = new byte[length], expected = new byte[length];
                    ushort[] scales = new ushort[blocks], expectedScales = new ushort[blocks];
                    coder.EncodeBlocks(values, isNonNegative, rounding, first, codes, scales);
                    var decoded = new float[length];
                    coder.DecodeBlocks(codes, scales, isNonNegative, decoded);
                    var expectedValues = new float[length];
                    for (int block = 0; block < blocks; block++)
                    {
                        Range range = (block * StorageCodec.BlockLength)..Math.Min((block + 1) * StorageCodec.BlockLength, length);
                        expectedScales[block] = StorageCodec.EncodeBlock(
                            values.AsSpan(range), isNonNegative, rounding, first + (block * StorageCodec.BlockLength), expected.AsSpan(range));
                        StorageCodec.DecodeBlock(expected.AsSpan(range), expectedScales[block], isNonNegative, expectedValues.AsSpan(range));
                    }

                    Assert.Equal(expectedScales, scales);
                    Assert.Equal(expected, codes);
                    Assert.Equal(expectedValues.Select(BitConverter.SingleToUInt32Bits), decoded.Select(BitConverter.SingleToUInt32Bits));
                }
            }
        }
    }
}
