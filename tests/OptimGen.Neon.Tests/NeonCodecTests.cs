using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>Runs the operations of the storage formats as Arm machine code under an emulator, beside their definition.</summary>
public sealed class NeonCodecTests
{
    private const int Count = 1024;

    private static readonly StochasticRounding Rounding = new(seed: 7, step: 3, tensor: 1, stream: 0);

    private static readonly byte[] Key = BytesOf(Rounding);

    [SkippableFact]
    public void DecodesBFloat16()
    {
        ushort[] codes = [.. Enumerable.Range(0, 65536).Where(code => code % 64 == 5 || code % 0x7F80 < 3).Take(Count).Select(code => (ushort)code)];
        Assert.Equal(Count, codes.Length);
        byte[][] left = Run("DecodeBFloat16", Count, [new byte[Count * sizeof(float)], Bytes<ushort>(codes)], []);
        Assert.Equal(codes.Select(code => BitConverter.SingleToUInt32Bits(StorageCodec.DecodeBFloat16(code))), Elements<uint>(left[0]));
    }

    [SkippableFact]
    public void EncodesToTheNearestBFloat16()
    {
        float[] values = [.. Numbers(BitsOfEveryKind)];
        byte[][] left = Run("EncodeNearest", Count, [Bytes<float>(values), new byte[Count * sizeof(ushort)]], []);
        Assert.Equal(values.Select(StorageCodec.EncodeBFloat16), Elements<ushort>(left[1]));
    }

    [SkippableFact]
    public void EncodesStochasticBFloat16()
    {
        float[] values = [.. Numbers(random => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-130, 120))))];
        byte[][] left = Run("EncodeStochastic", Count, [Bytes<float>(values), new byte[Count * sizeof(ushort)]], [Key]);
        Assert.Equal(values.Select((value, i) => StorageCodec.EncodeBFloat16(value, Rounding.Bits(i))), Elements<ushort>(left[1]));
    }

    [SkippableTheory]
    [InlineData(false, 900), InlineData(false, 0), InlineData(true, 800), InlineData(true, 0)]
    public void DecodesBlocks(bool isNonNegative, int scale)
    {
        const int Block = StorageCodec.BlockLength;
        byte[] codes = [.. Enumerable.Range(0, Block).Select(code => (byte)code)];
        var expected = new float[Block];
        StorageCodec.DecodeBlock(codes, (ushort)scale, isNonNegative, expected);
        byte[][] left = Run(isNonNegative ? "DecodeUnsigned" : "DecodeSigned", Block, [new byte[Block * sizeof(float)], codes], [BytesOf((uint)scale << 20)]);
        Assert.Equal(Elements<uint>(Bytes<float>(expected)), Elements<uint>(left[0]));
    }

    [SkippableTheory]
    [InlineData(false), InlineData(true)]
    public void EncodesBlocks(bool isNonNegative)
    {
        const int Block = StorageCodec.BlockLength;
        // Within the octaves that a block reaches.
        float[] values = [.. Numbers(random => (float)((random.NextDouble() + 0.5) * Math.Pow(2, -random.Next(14)) * (isNonNegative || random.Next(2) == 0 ? 1 : -1))).Take(Block)];
        var expected = new byte[Block];
        uint scale = StorageCodec.EncodeBlock(values, isNonNegative, Rounding, 0, expected);
        byte[][] left = Run(isNonNegative ? "EncodeUnsigned" : "EncodeSigned", Block, [Bytes<float>(values), new byte[Block]], [Key, BytesOf(scale)]);
        Assert.Equal(expected, left[1]);
    }

    [SkippableFact]
    public void FindsTheLargestMagnitude()
    {
        float[] values = [.. Numbers(BitsOfEveryKind)];
        byte[][] left = Run("Largest", Count, [Bytes<float>(values)], [new byte[sizeof(uint)]]);
        Assert.Equal(values.Max(value => BitConverter.SingleToUInt32Bits(value) & 0x7FFFFFFF), BitConverter.ToUInt32(left[1]));
    }

    /// <summary>Calls a function of <c>Codec.cs</c>.</summary>
    /// <returns>The memory that it was handed, as it left it.</returns>
    private static byte[][] Run(string function, int count, byte[][] streams, byte[][] blocks)
    {
        (Toolchain tools, ArmKernels kernels) = ArmKernels.Prepare();
        ArmMethod method = kernels.Codec[function];
        Assert.DoesNotMatch(@"\bblr?\s", method.Listing);
        string callsPath = Path.Combine(kernels.Folder, function + ".calls"), resultsPath = Path.Combine(kernels.Folder, function + ".results");
        byte[][] memory = [.. streams, .. blocks];
        using (var writer = new BinaryWriter(File.Create(callsPath)))
        {
            // Nothing is left for a second function.
            foreach (int value in (int[])[method.Address, method.Address, count, 0, sizeof(float), streams.Length, blocks.Length])
            {
                writer.Write(value);
            }

            foreach (byte[] part in memory)
            {
                writer.Write(part.Length);
                writer.Write(0);
            }

            Array.ForEach(memory, writer.Write);
        }

        Toolchain.Run(kernels.Folder, tools.Qemu, ArmKernels.Loader, ArmKernels.Image, callsPath, resultsPath);
        using var reader = new BinaryReader(new MemoryStream(File.ReadAllBytes(resultsPath)));
        byte[][] left = [.. memory.Select(part => reader.ReadBytes(part.Length))];
        Assert.Equal(reader.BaseStream.Length, reader.BaseStream.Position);
        return left;
    }

    private static float BitsOfEveryKind(Random random) => random.Next(8) switch
    {
        0 => float.NaN,
        1 => float.NegativeInfinity,
        2 => BitConverter.UInt32BitsToSingle(0x7F7FFFFF),
        3 => BitConverter.UInt32BitsToSingle((uint)random.Next(1 << 20)),
        _ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)),
    };

    private static IEnumerable<float> Numbers(Func<Random, float> draw)
    {
        var random = new Random(11);
        return Enumerable.Range(0, Count).Select(_ => draw(random));
    }

    private static byte[] Bytes<T>(T[] elements)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(elements).ToArray();

    private static byte[] BytesOf<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private static T[] Elements<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes).ToArray();
}
