using System.IO.Compression;
using Digits.Report;

namespace Samples.Tests;

public sealed class PngTests
{
    [Fact]
    public void Holds_the_pixels_row_by_row()
    {
        byte[] pixels = [1, 2, 3, 250, 251, 252];

        byte[] png = Png.Encode(pixels, width: 3);

        // Signature 8, IHDR 25, then IDAT: length 4, name 4, data.
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0], png[16..29]);
        using var zlib = new ZLibStream(new MemoryStream(png[41..]), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        Assert.Equal([0, 1, 2, 3, 0, 250, 251, 252], rows.ToArray());
        // The well-known checksum of an empty IEND.
        Assert.Equal([0xAE, 0x42, 0x60, 0x82], png[^4..]);
    }
}
