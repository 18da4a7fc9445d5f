using System.Buffers.Binary;
using System.IO.Compression;

namespace Digits.Report;

/// <summary>Writes grayscale images as PNG (ISO/IEC 15948), so that a page can hold them.</summary>
internal static class Png
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(value => CrcOf((uint)value))];

    /// <summary>An image with one byte for each pixel, 0 is black, as a data URI for an img element.</summary>
    public static string DataUri(ReadOnlySpan<byte> pixels, int width) =>
        $"data:image/png;base64,{Convert.ToBase64String(Encode(pixels, width))}";

    /// <summary>An image with one byte for each pixel, row by row, 0 is black.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width)
    {
        int height = pixels.Length / width;
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // Bits per pixel. The zeros after it: grayscale, deflate, adaptive filters, not interlaced.
        WriteChunk(png, "IHDR"u8, header);

        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int row = 0; row < height; row++)
            {
                zlib.WriteByte(0); // The filter of the row: none.
                zlib.Write(pixels.Slice(row * width, width));
            }
        }

        WriteChunk(png, "IDAT"u8, data.ToArray());
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void WriteChunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(data, Crc(type, 0xFFFFFFFF)));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (byte one in bytes)
        {
            crc = CrcTable[(byte)(crc ^ one)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint CrcOf(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    }
}
