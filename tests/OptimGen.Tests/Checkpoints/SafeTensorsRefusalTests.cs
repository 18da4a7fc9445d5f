using System.Buffers.Binary;
using System.Text;

namespace OptimGen.Tests.Checkpoints;

/// <summary>What the reader refuses, and that it allocates no more than a file has.</summary>
public class SafeTensorsRefusalTests
{
    private const string Scalar = """{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""";

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "The tensor 'a', F32 [2], has 8 bytes, but its data_offsets are 0 and 4.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", "has 4 bytes, but its data_offsets are 4 and 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}""", "The tensor 'a' begins at offset 1, but it is the first and must begin at 0.")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""",
        "The tensor 'b' begins at offset 3, but the tensor before, 'a', ends at 2.")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "The tensor 'b' begins at offset 2, but the tensor before, 'a', ends at 3.")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", "The tensor 'b' begins at offset 2")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "The tensor 'b' begins at offset 0")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""",
        "The name 'a' occurs more than once in the header.")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"\u0061":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "'a' occurs more than once")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", "The key 'k' occurs more than once in the metadata.")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "'__metadata__' occurs more than once")]
    [InlineData("""{"__metadata__":{"k":1}}""", "The metadata 'k' is not a string.")]
    [InlineData("""{"__metadata__":null}""", "__metadata__ is not an object.")]
    [InlineData("""{"__metadata__":{"optimgen.checksum":"1234"}}""", "The metadata 'optimgen.checksum' is '1234'; it must be 'optimgen-sha256:' and 64")]
    [InlineData("""{"__metadata__":{"optimgen.checksun":"optimgen-sha256:00"}}""", "'optimgen.checksun' has the value of optimgen.checksum; the file is damaged.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"shape":[4],"data_offsets":[0,4]}}""", "The tensor 'a' has the key 'shape' more than once.")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "The tensor 'a' has the key 'dtype' more than once.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"data_offsets":[0,4]}}""", "the key 'data_offsets' more than once.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"strides":[1]}}""", "The tensor 'a' has the unknown key 'strides'.")]
    [InlineData("""{"a":{"shape":[4],"data_offsets":[0,4]}}""", "The tensor 'a' has no dtype.")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,4]}}""", "The tensor 'a' has no shape.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4]}}""", "The tensor 'a' has no data_offsets.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}""", "data_offsets of the tensor 'a' has 3 numbers; it must have 2.")]
    [InlineData("""{"a":{"dtype":"U7","shape":[4],"data_offsets":[0,4]}}""", "The tensor 'a' has the dtype 'U7', which the format does not define.")]
    [InlineData("""{"a":{"dtype":"u8","shape":[4],"data_offsets":[0,4]}}""", "has the dtype 'u8'")]
    [InlineData("""{"a":{"dtype":8,"shape":[4],"data_offsets":[0,4]}}""", "is not a string")]
    [InlineData("""{"a":{"dtype":"U8","shape":4,"data_offsets":[0,4]}}""", "The shape of the tensor 'a' is not an array.")]
    [InlineData("""{"a":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}""", "is not a number")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", "The shape of the tensor 'a' has the number '-4'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}""", "has the number '-0'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}""", "has the number '4.0'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4e0],"data_offsets":[0,4]}}""", "has the number '4e0'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,9223372036854775808]}}""", "has the number '9223372036854775808'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,36893488147419103236]}}""", "has the number '36893488147419103236'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "the shape [4294967296, 4294967296], whose product is above")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4294967296,4294967297],"data_offsets":[0,4294967296]}}""", "whose product is above 2^63 - 1")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", "above 2^63 - 1 bytes")]
    [InlineData("""{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", "3 elements of 4 bits, which is no whole number of bytes")]
    [InlineData("""{"a":[]}""", "The tensor 'a' is not an object.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[4]],"data_offsets":[0,4]}}""", "The header is not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],}}""", "The header is not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[04],"data_offsets":[0,4]}}""", "The header is not valid JSON")]
    [InlineData("""{} {}""", "The header is not valid JSON")]
    [InlineData("""{"a":""", "The header is not valid JSON")]
    [InlineData("""{/**/}""", "The header is not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "The text of a name in the header is not valid Unicode.")]
    [InlineData("""[]""", "The header begins with the byte 0x5b; it must begin with '{'")]
    [InlineData(""" {}""", "The header begins with the byte 0x20")]
    [InlineData("\ufeff{}", "The header begins with the byte 0xef")]
    [InlineData("{", "The header's length is 1")]
    [InlineData("", "The header's length is 0")]
    public void InvalidHeaders_AreRefused(string header, string message) =>
        SafeTensorsBytes.RequireRefused(SafeTensorsBytes.Compose(header, 1, 2, 3, 4), message);

    [Fact]
    public void InvalidUtf8_IsRefused()
    {
        byte[] header = Encoding.Latin1.GetBytes("""{"__metadata__":{"k":"ÿ"}}""");
        SafeTensorsBytes.RequireRefused(SafeTensorsBytes.Compose(header, []), "The header is not valid UTF-8.");
    }

    [Fact]
    public void DeepJson_IsRefused()
    {
        string deep = """{"a":""" + new string('[', 100_000) + new string(']', 100_000) + "}";
        SafeTensorsBytes.RequireRefused(SafeTensorsBytes.Compose(deep), "The tensor 'a' is not an object.");
        deep = """{"a":{"dtype":"U8","shape":""" + new string('[', 100_000) + new string(']', 100_000) + "}}";
        SafeTensorsBytes.RequireRefused(SafeTensorsBytes.Compose(deep), "The header is not valid JSON");
    }

    [Fact]
    public void TrailingBytes_AreRefused() =>
        SafeTensorsBytes.RequireRefused(SafeTensorsBytes.Compose(Scalar, 1, 2), "The header describes 1 bytes of data, but ");

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        byte[] file = SafeTensorsBytes.Compose("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 1, 2, 3);
        for (int length = 0; length < file.Length; length++)
        {
            SafeTensorsBytes.RequireRefused(file[..length], "The file is truncated: ");
        }
    }

    [Fact]
    public void AStreamWhoseLengthLies_IsRefusedWhereItEnds()
    {
        byte[] file = SafeTensorsBytes.Compose("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}""", 1, 2);
        CheckpointException error = Assert.Throws<CheckpointException>(() => SafeTensorsBytes.Read(new LyingStream(file, file.Length + 1)));
        Assert.Equal(
            "The file is truncated: its header describes 3 bytes of data, and it ends after 2 of them. The tensor 'a' of 3 bytes begins at offset 0.",
            error.Message);
        error = Assert.Throws<CheckpointException>(() => SafeTensorsReader.Open(new MemoryStream(file)));
        Assert.Contains("its header describes 3 bytes of data, and 2 follow", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000_001)]
    [InlineData(1UL << 30)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void AHeaderAboveTheLimit_IsRefused(ulong length)
    {
        byte[] file = SafeTensorsBytes.Compose(Scalar, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        SafeTensorsBytes.RequireRefused(file, $"The header's length is {length}; the limit of the format is 100000000.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AHeaderThatClaimsMoreThanTheFileHas_AllocatesLittle(bool lies)
    {
        byte[] file = SafeTensorsBytes.Compose(Scalar, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file, SafeTensorsHeader.MaxLength);
        Stream Open() => lies ? new LyingStream(file, 1L << 40) : new TrickleStream(file);
        Assert.Throws<CheckpointException>(() => SafeTensorsReader.Open(Open()));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CheckpointException>(() => SafeTensorsReader.Open(Open()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void HostileNames_AreShortAndWithoutControlsInMessages()
    {
        string name = "\\u001b[2J\\u202e" + new string('x', 1_000_000);
        byte[] file = SafeTensorsBytes.Compose($$$"""{"{{{name}}}":{"dtype":"U7","shape":[],"data_offsets":[0,1]}}""", 1);
        string message = Assert.Throws<CheckpointException>(() => SafeTensorsBytes.Read(file)).Message;
        Assert.StartsWith(@"The tensor '\u001b[2J\u202exxx", message, StringComparison.Ordinal);
        Assert.True(message.Length < 300);
    }

    [Fact]
    public void ReadingElements_OfAnotherTypeOrNumber_IsRefused()
    {
        byte[] file = SafeTensorsBytes.Write([], [TensorSource.Of<float>("a", [3], new float[3])]);
        using SafeTensorsReader reader = SafeTensorsReader.Open(new MemoryStream(file), "model.safetensors");
        CheckpointException error = Assert.Throws<CheckpointException>(() => reader.ReadElements(new double[3].AsSpan()));
        Assert.Equal("'model.safetensors': The tensor 'a' is F32 [3] with 12 bytes to be read; expected were 3 elements of F64.", error.Message);
        Assert.Equal("model.safetensors", error.Path);
        Assert.Throws<CheckpointException>(() => reader.ReadElements(new float[2].AsSpan()));
        Assert.Contains("destination has 13 bytes", Assert.Throws<ArgumentException>("destination", () => reader.Read(new byte[13])).Message, StringComparison.Ordinal);
        reader.ReadElements(new float[3].AsSpan());
        Assert.Throws<ArgumentException>("destination", () => reader.Read([]));
        reader.Finish();
    }
}
