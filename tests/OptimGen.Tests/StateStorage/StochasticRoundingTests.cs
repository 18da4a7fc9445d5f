namespace OptimGen.Tests.StateStorage;

/// <summary>The random bits of rounding: their distribution, their independence, and the expectation of what is rounded by them.</summary>
public sealed class StochasticRoundingTests
{
    private const int Elements = 1 << 20;

    /// <summary>Five standard deviations of a chi-square distribution above its mean: one in a few million by chance, and the keys are fixed.</summary>
    private static double Limit(int degrees) => degrees + (5 * Math.Sqrt(2.0 * degrees));

    [Theory, InlineData(0, 1, 0, 0), InlineData(0, 2, 0, 0), InlineData(1, 1, 0, 1), InlineData(ulong.MaxValue, 1_000_000_007, 511, 3)]
    public void BitsAreUniform(ulong seed, long step, int tensor, int stream)
    {
        var rounding = new StochasticRounding(seed, step, tensor, stream);
        var counts = new int[1024];
        for (int i = 0; i < Elements; i++)
        {
            counts[rounding.Bits(i) >> 6]++;
        }

        Assert.InRange(ChiSquare(counts, Elements / 1024.0), 0, Limit(1023));
    }

    /// <summary>Pairs of elements whose words the hash makes alike: neighbours, halves of one word, the same element of the next step, state and tensor.</summary>
    [Theory, InlineData(1, 0, 0, 0), InlineData(16, 0, 0, 0), InlineData(32, 0, 0, 0), InlineData(0, 1, 0, 0), InlineData(0, 0, 1, 0), InlineData(0, 0, 0, 1)]
    public void BitsOfNeighboursAreIndependent(int element, int step, int tensor, int stream)
    {
        StochasticRounding first = new(3, 10, 2, 0), second = new(3, 10 + step, 2 + tensor, stream);
        var counts = new int[64 * 64];
        for (int i = 0; i < Elements; i++)
        {
            counts[((first.Bits(i) >> 10) * 64) + (second.Bits(i + element) >> 10)]++;
        }

        Assert.InRange(ChiSquare(counts, Elements / 4096.0), 0, Limit(4095));
    }

    /// <summary>The streams of an element share the first half of the hash: the parameters and six states, each with each.</summary>
    [Fact]
    public void BitsOfStreamsAreUniform_AndIndependentOfEachOther()
    {
        const int Streams = 7, Fewer = Elements / 4;
        int pairs = 0;
        for (int first = 0; first < Streams; first++)
        {
            for (int second = first; second < Streams; second++)
            {
                StochasticRounding one = new(11, 5, 1, first - 1), other = new(11, 5, 1, second - 1);
                var counts = new int[32 * 32];
                for (int i = 0; i < Fewer; i++)
                {
                    counts[((one.Bits(i) >> 11) * 32) + (other.Bits(first == second ? i + 16 : i) >> 11)]++;
                }

                Assert.InRange(ChiSquare(counts, Fewer / 1024.0), 0, Limit(1023));
                pairs++;
            }
        }

        Assert.Equal(28, pairs);
    }

    [Fact]
    public void NoWordRepeatsWithinATensor()
    {
        var rounding = new StochasticRounding(9, 1, 0, 0);
        var words = new HashSet<uint>();
        for (int i = 0; i < Elements; i++)
        {
            if ((i & 16) == 0)
            {
                Assert.True(words.Add(rounding.Bits(i) | (rounding.Bits(i + 16) << 16)));
            }
        }
    }

    [Theory, InlineData(1.001f), InlineData(-3.1415927f), InlineData(1e-20f), InlineData(2.9999f), InlineData(1e-42f)]
    public void BFloat16KeepsTheExpectation(float value)
    {
        float below = StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(value, 0)), above = StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(value, 0xFFFF));
        double sum = 0;
        for (uint bits = 0; bits < 1 << 16; bits++)
        {
            float rounded = StorageCodec.DecodeBFloat16(StorageCodec.EncodeBFloat16(value, bits));
            Assert.True(rounded == below || rounded == above);
            sum += rounded;
        }

        Assert.Equal(value, sum / (1 << 16), Math.Abs(above - below) * 1e-9);
    }

    /// <summary>Over all sixteen bits: within 2⁻¹⁷ of a step, which is what sixteen bits can say of it.</summary>
    [Theory, InlineData(0.5f, 0.3f, false), InlineData(0.5f, -0.013f, false), InlineData(0.5f, 1e-6f, false), InlineData(0.5f, 0.31f, true), InlineData(1e30f, 1e22f, true), InlineData(1e-38f, 3e-39f, false)]
    public void ABlockKeepsTheExpectation(float largest, float value, bool isNonNegative)
    {
        double sum = 0;
        var seen = new SortedSet<float>();
        for (uint bits = 0; bits < 1 << 16; bits++)
        {
            // A key whose first element has these bits is not to be had; so many keys, and the law of large numbers.
            float rounded = Rounded([value, largest], isNonNegative, new StochasticRounding(bits, 1, 0, 0));
            seen.Add(rounded);
            sum += rounded;
        }

        Assert.InRange(seen.Count, 1, 2);
        double spacing = seen.Max - seen.Min, share = (value - seen.Min) / Math.Max(spacing, 1e-300), deviation = spacing * Math.Sqrt(share * (1 - share) / (1 << 16));
        Assert.Equal(value, sum / (1 << 16), Math.Max((5 * deviation) + (spacing / (1 << 16)), 1e-300));
    }

    [Fact]
    public void ZeroStaysZero_AndWhatIsNeverNegativeStaysAboveZero()
    {
        for (uint seed = 0; seed < 4096; seed++)
        {
            var rounding = new StochasticRounding(seed, 1, 0, 0);
            Assert.Equal(0f, Rounded([0, 1], isNonNegative: false, rounding));
            Assert.Equal(0f, Rounded([0, 1], isNonNegative: true, rounding));
            Assert.Equal(0u, StorageCodec.EncodeBFloat16(0, rounding.Bits(0)));
            Assert.True(Rounded([float.Epsilon, 1], isNonNegative: true, rounding) > 0);
        }
    }

    private static float Rounded(float[] block, bool isNonNegative, StochasticRounding rounding)
    {
        var codes = new byte[block.Length];
        var decoded = new float[block.Length];
        StorageCodec.DecodeBlock(codes, StorageCodec.EncodeBlock(block, isNonNegative, rounding, 0, codes), isNonNegative, decoded);
        return decoded[0];
    }

    private static double ChiSquare(int[] counts, double expected) => counts.Sum(count => (count - expected) * (count - expected) / expected);
}
