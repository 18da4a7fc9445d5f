using System.Text;

namespace OptimGen.Tests.Checkpoints;

/// <summary>Files whose bytes are composed by hand from the published layout, in both directions.</summary>
public class SafeTensorsFormatTests
{
    private const string TwoTensors =
        """{"__metadata__":{"format":"pt"},"bb":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}""";

    private static readonly byte[] TwoTensorsData = [0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0, 0x07];

    [Fact]
    public void NoTensors_AreTheLengthAndTheEmptyObject()
    {
        byte[] file = [8, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}', 32, 32, 32, 32, 32, 32];
        Assert.Equal(file, SafeTensorsBytes.Write([], [], withChecksum: false));
        (SafeTensorsHeader header, List<byte[]> tensors) = SafeTensorsBytes.Read(file);
        Assert.Empty(tensors);
        Assert.Empty(header.Metadata);
        Assert.Null(header.Checksum);
    }

    [Fact]
    public void Write_GivesTheBytesOfTheLayout()
    {
        Assert.Equal(137, TwoTensors.Length);
        byte[] expected = [144, 0, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(TwoTensors), .. Enumerable.Repeat((byte)' ', 7), .. TwoTensorsData];
        byte[] written = SafeTensorsBytes.Write(
            [new("format", "pt")], [TensorSource.Of<float>("bb", [2], new float[] { 1, -2 }), TensorSource.Of<byte>("a", [], new byte[] { 7 })], withChecksum: false);
        Assert.Equal(expected, written);
    }

    [Fact]
    public async Task Read_UnderstandsTheBytesOfTheLayout()
    {
        byte[] file = SafeTensorsBytes.Compose(TwoTensors, TwoTensorsData);
        foreach ((SafeTensorsHeader header, List<byte[]> tensors) in new[] { SafeTensorsBytes.Read(file), await SafeTensorsBytes.ReadTrickleAsync(file) })
        {
            Assert.Equal(["bb F32 [2]", "a U8 []"], header.Tensors.Select(tensor => tensor.ToString()));
            Assert.Equal([2, 1], header.Tensors.Select(tensor => tensor.ElementCount));
            Assert.Equal("pt", Assert.Contains("format", (IReadOnlyDictionary<string, string>)header.Metadata));
            Assert.Equal(TwoTensorsData[..8], tensors[0]);
            Assert.Equal(TwoTensorsData[8..], tensors[1]);
        }
    }

    [Fact]
    public void Read_OrdersTensorsByOffset_WithEmptyOnesBetween()
    {
        const string Header =
            """
            { "last" : {"shape":[1],"data_offsets":[2,3],"dtype":"I8"}, "first":{"data_offsets":[0,2],"dtype":"F16","shape":[1]},
              "empty":{"dtype":"F64","shape":[3,0,9],"data_offsets":[2,2]} }
            """;
        (SafeTensorsHeader header, List<byte[]> tensors) = SafeTensorsBytes.Read(SafeTensorsBytes.Compose(Header, 1, 2, 3));
        Assert.Equal(["first", "empty", "last"], header.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([[1, 2], [], [3]], tensors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EveryDtype_RoundTrips(bool withChecksum)
    {
        var random = new Random(1);
        List<TensorSource> sources = [];
        List<byte[]> contents = [];
        foreach (SafeTensorsDtype dtype in Enum.GetValues<SafeTensorsDtype>())
        {
            foreach (long[] shape in new long[][] { [4], [0], [2, 0], [3, 8] })
            {
                TensorSize size = default;
                Assert.Null(TensorSize.Compute(dtype, shape, out size));
                byte[] bytes = new byte[size.Bytes];
                random.NextBytes(bytes);
                contents.Add(bytes);
                sources.Add(TensorSource.OfBytes($"{dtype}.{string.Join('x', shape)}", dtype, shape, bytes));
            }
        }

        byte[] file = SafeTensorsBytes.Write([], sources, withChecksum);
        foreach ((SafeTensorsHeader header, List<byte[]> tensors) in new[] { SafeTensorsBytes.Read(file), await SafeTensorsBytes.ReadTrickleAsync(file) })
        {
            // Empty tensors keep the order of the header before the tensor that begins where they stand, so all stay in order.
            Assert.Equal(sources.Select(source => source.Name).Order(), header.Tensors.Select(tensor => tensor.Name).Order());
            foreach ((SafeTensor tensor, byte[] bytes) in header.Tensors.Zip(tensors))
            {
                int index = sources.FindIndex(source => source.Name == tensor.Name);
                Assert.Equal(sources[index].Dtype, tensor.Dtype);
                Assert.Equal(sources[index].Shape, tensor.Shape);
                Assert.Equal(contents[index], bytes);
            }
        }
    }

    [Fact]
    public void Dtypes_HaveTheNamesAndSizesOfTheFormat()
    {
        string[] expected =
        [
            "BOOL 8", "F4 4", "F6_E2M3 6", "F6_E3M2 6", "U8 8", "I8 8", "F8_E5M2 8", "F8_E4M3 8", "F8_E8M0 8", "F8_E4M3FNUZ 8", "F8_E5M2FNUZ 8",
            "I16 16", "U16 16", "F16 16", "BF16 16", "I32 32", "U32 32", "F32 32", "C64 64", "F64 64", "I64 64", "U64 64",
        ];
        Assert.Equal(expected, Enum.GetValues<SafeTensorsDtype>().Select(dtype => $"{dtype.FormatName()} {dtype.Bits()}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("line\nbreak\0\u001f\"quote\\")]
    [InlineData("größe/重み/🧠")]
    [InlineData("\u2028\uffff")]
    public void AnyText_RoundTripsAsNameAndMetadata(string text)
    {
        byte[] file = SafeTensorsBytes.Write([new(text, text + "!"), new("second", text)], [TensorSource.Of<short>(text, [1], new short[] { -2 })]);
        (SafeTensorsHeader header, List<byte[]> tensors) = SafeTensorsBytes.Read(file);
        Assert.Equal([new(text, text + "!"), new("second", text)], header.Metadata);
        Assert.Equal(text, Assert.Single(header.Tensors).Name);
        Assert.Same(header.Tensors[0], header.Find(text));
        Assert.Equal([0xfe, 0xff], Assert.Single(tensors));
    }

    [Theory]
    [InlineData(1, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(2, new byte[] { 2, 1, 4, 3, 6, 5, 8, 7 })]
    [InlineData(4, new byte[] { 4, 3, 2, 1, 8, 7, 6, 5 })]
    [InlineData(8, new byte[] { 8, 7, 6, 5, 4, 3, 2, 1 })]
    public void OnBigEndianMachines_TheBytesOfEachElementAreReversed(int size, byte[] expected)
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        LittleEndian.Reverse(bytes, size);
        Assert.Equal(expected, bytes);
    }
}
