using OptimGen.Tests.Training;

namespace OptimGen.Tests.Checkpoints;

/// <summary>Writing to streams of every kind, in chunks, with progress and cancellation.</summary>
public class SafeTensorsWriterTests
{
    private const int Chunk = SafeTensorsWriter.ChunkSize;

    /// <summary>Sizes around chunks, and bytes before wider elements, so that chunks end within tensors at many offsets.</summary>
    private static readonly TensorSource[] Large =
    [
        TensorSource.Of<byte>("odd", [3], new byte[] { 1, 2, 3 }),
        TensorSource.Of<double>("doubles", [300, 1000], Data(300_000, value => (double)value)),
        TensorSource.Of<float>("scalar", [], new float[] { 0.5f }),
        TensorSource.Of<sbyte>("chunk", [Chunk], new sbyte[Chunk]),
        TensorSource.Of<Half>("halves", [700_001], Data(700_001, value => (Half)(value % 1000))),
        TensorSource.Of<float>("empty", [0, 5], Array.Empty<float>()),
        TensorSource.Of<long>("end", [1], new long[] { long.MinValue }),
    ];

    [Fact]
    public async Task EveryKindOfStream_GetsTheSameBytes()
    {
        var writer = new SafeTensorsWriter([new("k", "v")], Large);
        using var seekable = new SinkStream(canSeek: true);
        writer.Write(seekable);
        using var forward = new SinkStream(canSeek: false);
        writer.Write(forward);
        using var seekableAsync = new SinkStream(canSeek: true);
        await writer.WriteAsync(seekableAsync);
        using var forwardAsync = new SinkStream(canSeek: false);
        await writer.WriteAsync(forwardAsync);

        byte[] file = seekable.ToArray();
        Assert.Equal(writer.Length, file.Length);
        Assert.True(file.AsSpan().SequenceEqual(forward.ToArray()));
        Assert.True(file.AsSpan().SequenceEqual(seekableAsync.ToArray()));
        Assert.True(file.AsSpan().SequenceEqual(forwardAsync.ToArray()));
        Assert.InRange(seekable.LongestWrite, Chunk - 16, Chunk);
        Assert.Equal(file.Length, seekable.Position);

        (SafeTensorsHeader header, List<byte[]> tensors) = SafeTensorsBytes.Read(file);
        Assert.NotNull(header.Checksum);
        Assert.Equal(0, header.DataStart % 8);
        using SafeTensorsReader reader = SafeTensorsReader.Open(new MemoryStream(file));
        reader.Skip();
        double[] doubles = new double[300_000];
        await reader.ReadElementsAsync<double>(doubles);
        Assert.Equal(Data(300_000, value => (double)value), doubles);
        await reader.SkipAsync();
        reader.Skip();
        Half[] halves = new Half[700_001];
        reader.ReadElements(halves.AsSpan());
        Assert.Equal(Data(700_001, value => (Half)(value % 1000)), halves);
        reader.Finish();
    }

    [Fact]
    public void AStreamThatDoesNotBeginAtZero_IsWrittenFromItsPosition()
    {
        byte[] file = SafeTensorsBytes.Write([], Large);
        using var stream = new MemoryStream();
        stream.Write([9, 9, 9]);
        new SafeTensorsWriter([], Large).Write(stream);
        Assert.Equal(stream.Length, stream.Position);
        Assert.True(stream.ToArray().AsSpan(3).SequenceEqual(file));
        stream.Position = 3;
        SafeTensorsBytes.Read(stream);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Progress_IsTheNumberOfBytes(bool canSeek)
    {
        var writer = new SafeTensorsWriter([], Large);
        Recorded written = new(), writtenAsync = new(), read = new();
        using var stream = new SinkStream(canSeek);
        writer.Write(stream, written);
        using var streamAsync = new SinkStream(canSeek);
        await writer.WriteAsync(streamAsync, writtenAsync);
        Assert.Equal(written.Values, writtenAsync.Values);
        Assert.Equal(written.Values.Order().Distinct(), written.Values);
        Assert.Equal(writer.Length, written.Values[^1]);
        Assert.All(written.Values.Zip(written.Values.Prepend(0)), pair => Assert.InRange(pair.First - pair.Second, 1, Chunk));

        using SafeTensorsReader reader = SafeTensorsReader.Open(new MemoryStream(stream.ToArray()), progress: read);
        reader.Finish();
        Assert.Equal(writer.Length, read.Values[^1]);
        Assert.Equal(read.Values.Order().Distinct(), read.Values);
    }

    [Fact]
    public async Task NoSecondCopyOfTheData_IsHeld()
    {
        var writer = new SafeTensorsWriter([], [TensorSource.Of<float>("a", [1 << 23], new float[1 << 23])]);
        writer.Write(Stream.Null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        writer.Write(Stream.Null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * Chunk);
        await writer.WriteAsync(Stream.Null);
    }

    [Fact]
    public async Task Cancellation_EndsBetweenChunks()
    {
        var writer = new SafeTensorsWriter([], Large);
        for (int chunks = 0; chunks < 4; chunks++)
        {
            using var source = new CancellationTokenSource();
            int left = chunks;
            var progress = new Reaction(() =>
            {
                if (--left == 0)
                {
                    source.Cancel();
                }
            });
            if (left == 0)
            {
                await source.CancelAsync();
            }

            using var stream = new SinkStream(canSeek: true);
            Assert.ThrowsAny<OperationCanceledException>(() => writer.Write(stream, progress, source.Token));
            Assert.InRange(stream.Length, chunks * (Chunk - 16L), chunks * (long)Chunk);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writer.WriteAsync(stream, null, source.Token));

            using SafeTensorsReader reader = SafeTensorsReader.Open(new MemoryStream(SafeTensorsBytes.Write([], Large)));
            Assert.ThrowsAny<OperationCanceledException>(() => reader.Finish(source.Token));
        }
    }

    [Fact]
    public void ATensorThatChangesBetweenHashingAndWriting_IsNotedOnAForwardStream()
    {
        byte next = 0;
        var changing = new TensorSource("a", SafeTensorsDtype.U8, [1], (_, destination) => destination[0] = next++);
        using var forward = new SinkStream(canSeek: false);
        Assert.Throws<InvalidOperationException>(() => new SafeTensorsWriter([], [changing]).Write(forward));
        // In one pass, what is hashed is what is written.
        SafeTensorsBytes.Read(SafeTensorsBytes.Write([], [changing]));
    }

    [Fact]
    public void BadInput_IsRefused_BeforeAnythingIsWritten()
    {
        TensorSource a = TensorSource.Of<byte>("a", [1], new byte[1]);
        Refusal.Require<ArgumentException>("tensors", "The name 'a' occurs more than once.", () => new SafeTensorsWriter([], [a, a]));
        Refusal.Require<ArgumentException>("metadata", "The key 'k' occurs more than once", () => new SafeTensorsWriter([new("k", "1"), new("k", "2")], []));
        Refusal.Require<ArgumentException>("metadata", "has the key or the form of the checksum", () => new SafeTensorsWriter([new("optimgen.checksum", "")], []));
        Refusal.Require<ArgumentException>("metadata", "half of a surrogate pair", () => new SafeTensorsWriter([new("k", "\ud83e")], []));
        Refusal.Require<ArgumentException>("metadata", "half of a surrogate pair", () => new SafeTensorsWriter([new("\ud83e", "")], []));
        Refusal.Require<ArgumentException>(
            "tensors", "half of a surrogate pair", () => new SafeTensorsWriter([], [TensorSource.Of<byte>("\udde0", [1], new byte[1])]));
        Refusal.Require<ArgumentException>("name", "'__metadata__'", () => TensorSource.Of<byte>("__metadata__", [1], new byte[1]));
        Refusal.Require<ArgumentException>("shape", "[-1]; no dimension may be negative", () => TensorSource.Of<byte>("a", [-1], new byte[1]));
        Refusal.Require<ArgumentException>("shape", "whose product is above 2^63 - 1", () => TensorSource.Of<byte>("a", [long.MaxValue, 2], new byte[1]));
        Refusal.Require<ArgumentException>("elements", "elements has 3 elements; the shape of 'a' has 4", () => TensorSource.Of<float>("a", [2, 2], new float[3]));
        Refusal.Require<ArgumentException>(
            "bytes", "bytes has 3 bytes; 'a' has 4", () => TensorSource.OfBytes("a", SafeTensorsDtype.BF16, [2], new byte[3]));
        Refusal.Require<ArgumentOutOfRangeException>("dtype", "99", () => new TensorSource("a", (SafeTensorsDtype)99, [], (_, _) => { }));
        TensorSource Huge(string name) => new(name, SafeTensorsDtype.U8, [long.MaxValue], (_, _) => { });
        Refusal.Require<ArgumentException>("tensors", "which no file can have", () => new SafeTensorsWriter([], [Huge("a"), Huge("b")]));
        Assert.Throws<NotSupportedException>(() => TensorSource.Of<decimal>("a", [1], new decimal[1]));
    }

    [Fact]
    public void AHeaderAboveTheLimitOfTheFormat_IsRefused()
    {
        string half = new('x', SafeTensorsHeader.MaxLength / 2);
        Refusal.Require<ArgumentException>("tensors", "the limit of the format is 100000000", () => new SafeTensorsWriter([new("a", half), new("b", half)], []));
    }

    private static T[] Data<T>(int count, Func<int, T> value) => [.. Enumerable.Range(0, count).Select(value)];

    private sealed class Reaction(Action action) : IProgress<long>
    {
        public void Report(long value) => action();
    }
}
