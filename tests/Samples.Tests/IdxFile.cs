using System.Buffers.Binary;
using System.IO.Compression;

namespace Samples.Tests;

/// <summary>Makes IDX files, good and bad.</summary>
internal static class IdxFile
{
    public static byte[] Images(int count, int rows = 28, int columns = 28) =>
        Of(0x0803, [count, rows, columns], [.. Enumerable.Range(0, count * rows * columns).Select(i => (byte)i)]);

    public static byte[] Labels(int count) => Of(0x0801, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);

    public static byte[] Of(int magic, int[] sizes, byte[] body)
    {
        var file = new byte[4 + (4 * sizes.Length) + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(file, magic);
        for (int i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), sizes[i]);
        }

        body.CopyTo(file.AsSpan(4 + (4 * sizes.Length)));
        return file;
    }

    public static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return compressed.ToArray();
    }
}
