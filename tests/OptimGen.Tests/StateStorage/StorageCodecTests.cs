namespace OptimGen.Tests.StateStorage;

/// <summary>The definition of the formats, held to what it promises.</summary>
public sealed class StorageCodecTests
{
    /// <summary>Every 4,099th float, or every one (OPTIMGEN_ALL_FLOATS=1, a few minutes): 4,099 is prime, so every exponent and fraction is met.</summary>
    private static readonly uint Stride = Environment.GetEnvironmentVariable("OPTIMGEN_ALL_FLOATS") == "1" ? 1u : 4099u;

    /// <summary>Against a search in double for the nearest of the two neighbours.</summary>
    [Fact]
    public void BFloat16IsTheNearest_ForEveryFloat()
    {
        for (ulong at = 0; at < 1UL << 32; at += Stride)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)at);
            float rounded = StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(value));
            if (float.IsNaN(value))
            {
                Assert.True(float.IsNaN(rounded));
                continue;
            }

            // Beyond the largest comes the number that would be next, in whose place infinity stands.
            uint lower = (uint)at & 0xFFFF0000, upper = lower + 0x10000;
            double low = Widen(lower), high = Widen(upper), toLow = Math.Abs(value - low), toHigh = Math.Abs(high - value);
            bool isLow = toLow < toHigh || (toLow == toHigh && (lower & 0x10000) == 0);
            uint expected = float.IsInfinity(value) || isLow ? lower : upper;
            if (BitConverter.SingleToUInt32Bits(rounded) != expected)
            {
                Assert.Fail($"{value:R} becomes {rounded:R}");
            }
        }

        static double Widen(uint bits) => (bits & 0x7FFFFFFF) == 0x7F800000
            ? Math.CopySign(Math.Pow(2, 128), (int)bits)
            : BitConverter.UInt32BitsToSingle(bits);
    }

    [Fact]
    public void StochasticBFloat16IsOneOfTheNeighbours_AndFinite_ForEveryFloat()
    {
        for (ulong at = 0; at < 1UL << 32; at += Stride)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)at);
            ushort code = StorageCodec.EncodeBFloat16(value, (uint)(at * 0x9E3779B1) >> 16);
            uint lower = (uint)at >> 16;
            bool isRight = float.IsNaN(value) ? float.IsNaN(StorageCodec.DecodeBFloat16(code))
                : float.IsInfinity(value) || ((uint)at & 0xFFFF) == 0 ? code == lower
                : (code == lower || code == lower + 1) && float.IsFinite(StorageCodec.DecodeBFloat16(code));
            if (!isRight)
            {
                Assert.Fail($"{value:R} becomes {StorageCodec.DecodeBFloat16(code):R}");
            }
        }
    }

    /// <summary>Eight steps to the octave: to nearest, a sixteenth of the power of two below; stochastic, an eighth.</summary>
    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public void ABlocksErrorIsBounded(bool isNonNegative, bool isStochastic)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            float[] values = [.. Numbers.Near(StorageCodec.BlockLength, seed).Select(value => isNonNegative ? Math.Abs(value) : value)];
            var codes = new byte[values.Length];
            var decoded = new float[values.Length];
            ushort scale = StorageCodec.EncodeBlock(values, isNonNegative, isStochastic ? new StochasticRounding(5, seed, 0, 0) : null, 0, codes);
            StorageCodec.DecodeBlock(codes, scale, isNonNegative, decoded);
            // The largest is rounded up to a code, by a quarter at most, and the codes end so many octaves below.
            double largest = values.Max(Math.Abs), smallest = 1.25 * largest * Math.Pow(2, isNonNegative ? -31.75 : -15.75);
            for (int i = 0; i < values.Length; i++)
            {
                double octave = Math.Pow(2, Math.Floor(Math.Log2(Math.Max(Math.Abs(values[i]), 1e-300))));
                double bound = Math.Abs(values[i]) >= smallest ? octave / (isStochastic ? 8 : 16) : smallest;
                Assert.InRange(Math.Abs((double)decoded[i] - values[i]), 0, bound);
                Assert.True(values[i] != 0 || decoded[i] == 0);
            }

            // What has been decoded is a number of the block, so that a state that a step leaves as it is stays to the bit.
            var again = new float[values.Length];
            scale = StorageCodec.EncodeBlock(decoded, isNonNegative, isStochastic ? new StochasticRounding(6, seed, 0, 0) : null, 0, codes);
            StorageCodec.DecodeBlock(codes, scale, isNonNegative, again);
            Assert.Equal(decoded.Select(BitConverter.SingleToUInt32Bits), again.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    [Fact]
    public void WhatIsNoBlockIsRefused_ByName()
    {
        var codes = new byte[StorageCodec.BlockLength + 1];
        var values = new float[StorageCodec.BlockLength + 1];
        Assert.Equal("codes", Assert.Throws<ArgumentException>(() => StorageCodec.DecodeBlock(codes, 0, true, values)).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => StorageCodec.DecodeBlock(codes.AsSpan(0, 3), 0, true, values.AsSpan(0, 2))).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => StorageCodec.EncodeBlock(values, true, null, 0, codes)).ParamName);
        Assert.Equal("codes", Assert.Throws<ArgumentException>(() => StorageCodec.EncodeBlock(values.AsSpan(0, 3), true, null, 0, codes.AsSpan(0, 4))).ParamName);
        Assert.Equal("firstElement", Assert.Throws<ArgumentOutOfRangeException>(() => StorageCodec.EncodeBlock(values.AsSpan(0, 3), true, null, -1, codes.AsSpan(0, 3))).ParamName);
        Assert.Equal("randomBits", Assert.Throws<ArgumentOutOfRangeException>(() => StorageCodec.EncodeBFloat16(1, 0x10000)).ParamName);
        Assert.Equal("element", Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticRounding(0, 1, 0, 0).Bits(-1)).ParamName);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void ABlockWithWhatIsNotFiniteIsNaN(float value)
    {
        var codes = new byte[3];
        var decoded = new float[3];
        ushort scale = StorageCodec.EncodeBlock([1, value, 2], isNonNegative: false, null, 0, codes);
        StorageCodec.DecodeBlock(codes, scale, isNonNegative: false, decoded);
        Assert.Equal(StorageCodec.NotFinite, scale);
        Assert.All(decoded, one => Assert.True(float.IsNaN(one)));
    }

    [Theory, InlineData(float.MaxValue), InlineData(-float.MaxValue), InlineData(float.Epsilon), InlineData(1.1754942e-38f), InlineData(-0f)]
    public void TheEdgesStayFiniteAndKeepTheirSign(float value)
    {
        var codes = new byte[1];
        var decoded = new float[1];
        for (uint seed = 0; seed < 100; seed++)
        {
            ushort scale = StorageCodec.EncodeBlock([value], isNonNegative: false, new StochasticRounding(seed, 1, 0, 0), 0, codes);
            StorageCodec.DecodeBlock(codes, scale, isNonNegative: false, decoded);
            Assert.True(float.IsFinite(decoded[0]));
            Assert.Equal(float.IsNegative(value), float.IsNegative(decoded[0]));
        }
    }
}
