using System.IO.Compression;
using Digits.Data;

namespace Samples.Tests;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_images_and_labels(bool gzipped)
    {
        byte[] images = IdxFile.Images(3), labels = IdxFile.Labels(3);
        string imagesPath = folder.Write("images", gzipped ? IdxFile.Gzip(images) : images);
        string labelsPath = folder.Write("labels", gzipped ? IdxFile.Gzip(labels) : labels);

        Assert.Equal(images[16..], IdxReader.ReadImages(imagesPath));
        Assert.Equal([0, 1, 2], IdxReader.ReadLabels(labelsPath));
    }

    public static TheoryData<string, byte[], string> BadImages => new()
    {
        { "empty", [], "truncated; it has 0 bytes" },
        { "text", "no digits here"u8.ToArray(), "wrong magic number 0x6E6F2064; expected 0x00000803" },
        { "labels", IdxFile.Labels(20), "wrong magic number 0x00000801; expected 0x00000803" },
        { "header", IdxFile.Images(2)[..10], "too few for a header of 16" },
        { "body", IdxFile.Images(2)[..^1], "truncated; its header promises 1568 bytes of data, and it has 1567" },
        { "long", [.. IdxFile.Images(2), 0], "too long; its header promises 1568 bytes of data, and more follow" },
        { "small", IdxFile.Images(2, 14, 14), "the images are 14×14; this sample needs 28×28" },
        { "negative", IdxFile.Of(0x0803, [-1, 28, 28], []), "promises -1 examples; this sample takes 0 to 1000000" },
        { "huge", IdxFile.Of(0x0803, [int.MaxValue, 28, 28], []), "promises 2147483647 examples" },
        { "lying", IdxFile.Of(0x0803, [1_000_000, 28, 28], new byte[784]), "promises 784000000 bytes of data, and it has 784" },
        { "lying gzip", IdxFile.Gzip(IdxFile.Of(0x0803, [1_000_000, 28, 28], new byte[784])), "promises 784000000 bytes of data, and it has fewer" },
        { "short gzip", IdxFile.Gzip(IdxFile.Images(2)[..^1]), "truncated; its header promises 1568 bytes of data, and it has 1567" },
        { "long gzip", IdxFile.Gzip([.. IdxFile.Images(2), 0]), "too long; its header promises 1568 bytes of data, and more follow" },
        { "gzip", [0x1F, 0x8B, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "the gzip data is damaged" },
        { "cut", IdxFile.Gzip(IdxFile.Images(40))[..^40], "truncated" },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public void Refuses_bad_images_by_name_and_reason(string name, byte[] bytes, string reason)
    {
        string path = folder.Write(name, bytes);

        var refusal = Assert.Throws<InvalidDataException>(() => IdxReader.ReadImages(path));

        Assert.StartsWith(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    /// <summary>600 MB that compress to less than 1 MB. Reading them takes seconds, and memory of that size.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Does_not_read_what_the_header_does_not_promise(int count)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(IdxFile.Of(0x0803, [count, 28, 28], []));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 600; i++)
            {
                gzip.Write(zeros);
            }
        }

        string path = folder.Write("bomb.gz", compressed.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();

        var refusal = Assert.Throws<InvalidDataException>(() => IdxReader.ReadImages(path));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains("too long", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_label_that_is_no_digit()
    {
        string path = folder.Write("labels", IdxFile.Of(0x0801, [3], [1, 10, 2]));

        var refusal = Assert.Throws<InvalidDataException>(() => IdxReader.ReadLabels(path));

        Assert.Contains("label 1 is 10", refusal.Message, StringComparison.Ordinal);
    }
}
