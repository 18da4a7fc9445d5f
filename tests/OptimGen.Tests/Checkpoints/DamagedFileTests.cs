using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace OptimGen.Tests.Checkpoints;

/// <summary>
/// Randomly damaged files. With a checksum, each is refused. Without, the reader and an independent check of the format agree on which are valid and what they
/// contain. Whatever a file claims, reading it allocates no more than a multiple of its size.
/// </summary>
public partial class DamagedFileTests(ITestOutputHelper output)
{
    /// <summary>The environment variable that sets the number of damaged files of each kind.</summary>
    private const string CountVariable = "OPTIMGEN_DAMAGED_FILES";

    private const int BytesForEachByte = 64;
    private const int BytesForAnyFile = 1 << 17;

    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable(CountVariable) ?? "5000", CultureInfo.InvariantCulture);

    private static readonly string[] Numbers =
    [
        "0", "1", "2", "3", "4", "8", "16", "24", "100", "-1", "-0", "1.0", "1e1", "1E400", "2147483648", "4294967296", "4611686018427387904",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "[1]", "\"1\"", "null", "true", "01", "",
    ];

    private static readonly ulong[] Lengths = [0, 1, 2, 7, 8, 100_000_000, 100_000_001, 1UL << 30, 1UL << 31, 1UL << 32, 1UL << 63, ulong.MaxValue];

    [Fact]
    public void WithoutAChecksum_ReaderAndIndependentCheckAgree()
    {
        byte[][] files = Files(withChecksum: false);
        var random = new Random(20250711);
        int valid = 0;
        for (int number = 0; number < Count; number++)
        {
            byte[] damaged = Damage(files, random);
            List<PlainTensor>? expected = PlainCheck.Read(damaged);
            List<PlainTensor>? actual = Read(damaged, random.Next(2) == 0);
            Assert.True(
                expected is null == actual is null && (expected is null || expected.SequenceEqual(actual!)),
                $"File {number}: the check finds {Describe(expected)}, the reader {Describe(actual)}. {Convert.ToBase64String(damaged)}");
            valid += expected is null ? 0 : 1;
        }

        output.WriteLine($"{valid} of {Count} damaged files are valid all the same");
        // Else one of the two sides would hardly be tested.
        Assert.InRange(valid, Count / 100, Count / 2);
    }

    [Fact]
    public void WithAChecksum_EveryDamageIsFound()
    {
        byte[][] files = Files(withChecksum: true);
        var random = new Random(20250712);
        for (int number = 0; number < Count; number++)
        {
            byte[] damaged = Damage(files, random);
            List<PlainTensor>? actual = Read(damaged, random.Next(2) == 0);
            // Splicing can give one of the files again, and a rewritten header may have lost the checksum with the metadata.
            bool isIntact = files.Any(file => file.AsSpan().SequenceEqual(damaged));
            Assert.True(actual is null || isIntact || !HasChecksum(damaged), $"File {number} was accepted. {Convert.ToBase64String(damaged)}");
            Assert.True(actual is not null || !isIntact, $"File {number} is intact and was refused.");
        }
    }

    private static bool HasChecksum(byte[] file) => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes("optimgen")) >= 0;

    private static byte[][] Files(bool withChecksum) =>
    [
        SafeTensorsBytes.Write([], [], withChecksum),
        SafeTensorsBytes.Write(
            [new("format", "pt"), new("é", "\n")],
            [
                TensorSource.Of<float>("a", [2, 3], new float[] { 1, 2, 3, 4, 5, 6 }),
                TensorSource.Of<byte>("b", [0], Array.Empty<byte>()),
                TensorSource.Of<byte>("🧠", [], new byte[] { 9 }),
            ],
            withChecksum),
        SafeTensorsBytes.Write(
            [new("k", "v")], [.. Enumerable.Range(0, 6).Select(index => TensorSource.Of<ushort>($"t{index}", [index], new ushort[index]))], withChecksum),
        SafeTensorsBytes.Write(
            [],
            [
                TensorSource.OfBytes("x", SafeTensorsDtype.F4, [4], new byte[2]),
                TensorSource.OfBytes("y", SafeTensorsDtype.F6E2M3, [4], new byte[3]),
                TensorSource.OfBytes("z", SafeTensorsDtype.F8E4M3, [1, 1, 3], new byte[3]),
            ],
            withChecksum),
    ];

    private static byte[] Damage(byte[][] files, Random random)
    {
        byte[] file = files[random.Next(files.Length)];
        int at = random.Next(file.Length + 1);
        int within = random.Next(file.Length);
        int headerEnd = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file, 8, headerEnd - 8);
        byte[] data = file[headerEnd..];
        byte[] other = files[random.Next(files.Length)];
        switch (random.Next(13))
        {
            case 0:
                return file[..at];
            case 1:
                byte[] extra = new byte[random.Next(1, 40)];
                random.NextBytes(extra);
                return [.. file, .. extra];
            case 2:
                byte[] flipped = [.. file];
                flipped[within] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 3:
                byte[] replaced = [.. file];
                replaced[within] = (byte)random.Next(256);
                return replaced;
            case 4:
                byte[] length = [.. file];
                BinaryPrimitives.WriteUInt64LittleEndian(
                    length, random.Next(3) == 0 ? (ulong)random.Next(file.Length + 10) : Lengths[random.Next(Lengths.Length)]);
                return length;
            case 5:
                int end = random.Next(within, file.Length);
                return [.. file[..within], .. file[end..]];
            case 6:
                return [.. file[..at], .. other[random.Next(other.Length)..]];
            case 7:
                int otherEnd = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(other);
                return [.. file[..headerEnd], .. other[otherEnd..]];
            case 8:
                return SafeTensorsBytes.Compose(header.Insert(random.Next(header.Length), new string("[{\",:}] \\0"[random.Next(10)], random.Next(1, 9))), data);
            case 9:
                string deep = new(random.Next(2) == 0 ? '[' : '{', random.Next(1, 3000));
                return SafeTensorsBytes.Compose(header.Insert(random.Next(header.Length), deep), data);
            case 10:
                // A text for another: names that collide, other dtypes, keys that are unknown or missing.
                MatchCollection texts = Texts().Matches(header);
                return texts.Count == 0
                    ? SafeTensorsBytes.Compose(header + " ", data)
                    : SafeTensorsBytes.Compose(Replace(header, texts[random.Next(texts.Count)], texts[random.Next(texts.Count)].Value), data);
            case 11:
                return Layout(random);
            default:
                // Numbers for others: overlaps, gaps, overflows, and now and then another valid file.
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                {
                    MatchCollection numbers = Digits().Matches(header);
                    if (numbers.Count > 0)
                    {
                        header = Replace(header, numbers[random.Next(numbers.Count)], Numbers[random.Next(Numbers.Length)]);
                    }
                }

                return SafeTensorsBytes.Compose(header, data);
        }
    }

    /// <summary>Tensors whose sizes fit their offsets, in any order of the header, of which some leave a gap or overlap.</summary>
    private static byte[] Layout(Random random)
    {
        string[] tensors = new string[random.Next(1, 6)];
        int begin = 0;
        for (int index = 0; index < tensors.Length; index++)
        {
            begin = Math.Max(0, begin + (random.Next(8) == 0 ? random.Next(-3, 4) : 0));
            int length = random.Next(4);
            tensors[index] = $$"""
                "t{{index}}":{"dtype":"U8","shape":[{{length}}],"data_offsets":[{{begin}},{{begin + length}}]}
                """;
            begin += length;
        }

        random.Shuffle(tensors);
        return SafeTensorsBytes.Compose($"{{{string.Join(",", tensors)}}}", new byte[random.Next(10) == 0 ? random.Next(20) : begin]);
    }

    private static string Replace(string text, Match match, string with) => $"{text[..match.Index]}{with}{text[(match.Index + match.Length)..]}";

    /// <returns>What the file contains; <see langword="null"/> if it is refused.</returns>
    private static List<PlainTensor>? Read(byte[] file, bool canSeek)
    {
        using Stream stream = canSeek ? new MemoryStream(file) : new TrickleStream(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            (SafeTensorsHeader header, List<byte[]> tensors) = SafeTensorsBytes.Read(stream);
            return [.. header.Tensors.Zip(tensors, (tensor, bytes) => PlainTensor.Of(tensor.Name, tensor.Dtype.FormatName(), tensor.Shape, bytes))];
        }
        catch (CheckpointException)
        {
            return null;
        }
        finally
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated <= (long)BytesForEachByte * file.Length + BytesForAnyFile,
                $"Reading {file.Length} bytes allocated {allocated}. {Convert.ToBase64String(file)}");
        }
    }

    private static string Describe(List<PlainTensor>? tensors) => tensors is null ? "an error" : $"[{string.Join("; ", tensors)}]";

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Texts();

    [GeneratedRegex("(?<=[\\[,])[0-9]+(?=[,\\]])")]
    private static partial Regex Digits();

    private sealed record PlainTensor(string Name, string Dtype, string Shape, string Bytes)
    {
        public static PlainTensor Of(string name, string dtype, IEnumerable<long> shape, byte[] bytes) =>
            new(name, dtype, string.Join(",", shape), Convert.ToHexString(bytes));
    }

    /// <summary>The rules of the format once more, over a parsed document and unbounded integers. It shares nothing with the reader.</summary>
    private static partial class PlainCheck
    {
        private const string EightBits = " BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ ";
        private const string SixteenBits = " I16 U16 F16 BF16 ";
        private const string ThirtyTwoBits = " I32 U32 F32 ";
        private const string SixtyFourBits = " C64 F64 I64 U64 ";

        /// <returns>The tensors in the order of their bytes; <see langword="null"/> for an invalid file.</returns>
        public static List<PlainTensor>? Read(byte[] file)
        {
            try
            {
                return Check(file);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or KeyNotFoundException or FormatException)
            {
                return null;
            }
        }

        private static List<PlainTensor>? Check(byte[] file)
        {
            BigInteger length = new(file.AsSpan(0, 8), isUnsigned: true);
            if (length > 100_000_000 || length > file.Length - 8 || file[8] != '{')
            {
                return null;
            }

            int start = 8 + (int)length;
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file, 8, start - 8);
            using var document = JsonDocument.Parse(text);
            JsonProperty[] properties = [.. document.RootElement.EnumerateObject()];
            if (properties.DistinctBy(property => property.Name).Count() < properties.Length)
            {
                return null;
            }

            var tensors = new List<(BigInteger Begin, BigInteger End, string Name, string Dtype, List<long> Shape)>();
            foreach (JsonProperty property in properties)
            {
                JsonProperty[] inner = [.. property.Value.EnumerateObject()];
                if (property.Name == "__metadata__")
                {
                    // GetString also requires valid Unicode.
                    if (inner.Any(pair => pair.Value.GetString() is null) || inner.DistinctBy(pair => pair.Name).Count() < inner.Length)
                    {
                        return null;
                    }

                    continue;
                }

                if (!inner.Select(pair => pair.Name).Order(StringComparer.Ordinal).SequenceEqual(["data_offsets", "dtype", "shape"]))
                {
                    return null;
                }

                List<BigInteger> offsets = Integers(property.Value.GetProperty("data_offsets"));
                List<BigInteger> shape = Integers(property.Value.GetProperty("shape"));
                string dtype = property.Value.GetProperty("dtype").GetString()!;
                BigInteger product = 1;
                foreach (BigInteger size in shape)
                {
                    product *= size;
                    if (product > long.MaxValue)
                    {
                        return null;
                    }
                }

                BigInteger bits = product * Bits(dtype);
                if (offsets.Count != 2 || bits % 8 != 0 || bits / 8 != offsets[1] - offsets[0])
                {
                    return null;
                }

                tensors.Add((offsets[0], offsets[1], property.Name, dtype, [.. shape.Select(size => (long)size)]));
            }

            BigInteger position = 0;
            List<PlainTensor> read = [];
            foreach (var (begin, end, name, dtype, shape) in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
            {
                if (begin != position || start + end > file.Length)
                {
                    return null;
                }

                read.Add(PlainTensor.Of(name, dtype, shape, file[(start + (int)begin)..(start + (int)end)]));
                position = end;
            }

            return start + position == file.Length ? read : null;
        }

        private static List<BigInteger> Integers(JsonElement array) =>
        [
            .. array.EnumerateArray().Select(number =>
                number.ValueKind == JsonValueKind.Number && number.GetRawText().All(char.IsAsciiDigit)
                    && BigInteger.Parse(number.GetRawText(), CultureInfo.InvariantCulture) is var value && value <= long.MaxValue
                    ? value
                    : throw new FormatException()),
        ];

        private static int Bits(string dtype) => $" {dtype} " switch
        {
            " F4 " => 4,
            " F6_E2M3 " or " F6_E3M2 " => 6,
            var name when dtype.Length > 1 && !dtype.Contains(' ') && EightBits.Contains(name, StringComparison.Ordinal) => 8,
            var name when dtype.Length > 1 && !dtype.Contains(' ') && SixteenBits.Contains(name, StringComparison.Ordinal) => 16,
            var name when dtype.Length > 1 && !dtype.Contains(' ') && ThirtyTwoBits.Contains(name, StringComparison.Ordinal) => 32,
            var name when dtype.Length > 1 && !dtype.Contains(' ') && SixtyFourBits.Contains(name, StringComparison.Ordinal) => 64,
            _ => throw new FormatException(),
        };
    }
}
