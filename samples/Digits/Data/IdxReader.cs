using System.Buffers.Binary;
using System.IO.Compression;

namespace Digits.Data;

/// <summary>
/// Reads IDX files, the format of the MNIST database: a magic number 0x0000TTDD (TT the element type, 08 for unsigned bytes; DD the
/// number of dimensions), each dimension's size as a big-endian 32-bit integer, then the bytes. A file may be gzipped, whatever its name.
/// </summary>
internal static class IdxReader
{
    /// <summary>
    /// More than ten times the size of MNIST. The reader allocates as many bytes as the header says, so a damaged header must be refused.
    /// </summary>
    private const int MostExamples = 1_000_000;

    private const int UnsignedBytes = 0x0800;

    /// <summary>The largest compression ratio of deflate: 258 bytes in two bits, 1032 to 1.</summary>
    private const int LargestRatio = 1032;

    /// <summary>Reads images of 28×28 bytes; the result has <see cref="DigitSet.PixelsPerImage"/> bytes for each image.</summary>
    /// <exception cref="InvalidDataException">The file is not such an IDX file, is too short or has extra bytes; the message names the file.</exception>
    public static byte[] ReadImages(string path) => Read(path, [DigitSet.Side, DigitSet.Side]);

    /// <summary>Reads labels of one byte each.</summary>
    /// <inheritdoc cref="ReadImages"/>
    public static byte[] ReadLabels(string path)
    {
        byte[] labels = Read(path, []);
        int wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(DigitSet.Classes - 1));
        return wrong < 0
            ? labels
            : throw new InvalidDataException($"{path}: label {wrong} is {labels[wrong]}; a digit is 0 to {DigitSet.Classes - 1}.");
    }

    /// <summary>
    /// Reads the header, as many bytes as it says, and then checks that the file ends. The header bounds time and memory,
    /// however much a compressed file expands to.
    /// </summary>
    private static byte[] Read(string path, int[] exampleSizes)
    {
        using FileStream file = File.OpenRead(path);
        if (!file.CanSeek)
        {
            throw new InvalidDataException($"{path}: not an ordinary file.");
        }

        bool compressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream content = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;

        int count = ReadHeader(content, exampleSizes, path);
        int length = checked(count * exampleSizes.Aggregate(1, (product, size) => product * size));
        if (length > (compressed ? LargestRatio * file.Length : file.Length - file.Position))
        {
            throw Truncated(path, length, compressed ? "fewer" : $"{file.Length - file.Position}");
        }

        var data = new byte[length];
        int read = Fill(content, data, path);
        if (read < length)
        {
            throw Truncated(path, length, $"{read}");
        }

        return Fill(content, new byte[1], path) == 0
            ? data
            : throw new InvalidDataException($"{path}: too long; its header promises {length} bytes of data, and more follow.");
    }

    /// <summary>Reads the header, and refuses sizes that are not those of examples of this sample.</summary>
    /// <returns>The number of examples.</returns>
    private static int ReadHeader(Stream content, int[] exampleSizes, string path)
    {
        int dimensions = 1 + exampleSizes.Length;
        var header = new byte[sizeof(int) * (1 + dimensions)];
        int read = Fill(content, header, path);
        if (read < sizeof(int))
        {
            throw new InvalidDataException($"{path}: truncated; it has {read} bytes, too few for a magic number.");
        }

        int magic = BinaryPrimitives.ReadInt32BigEndian(header), expected = UnsignedBytes | dimensions;
        if (magic != expected)
        {
            throw new InvalidDataException($"{path}: wrong magic number 0x{magic:X8}; expected 0x{expected:X8}.");
        }

        if (read < header.Length)
        {
            throw new InvalidDataException($"{path}: truncated; it has {read} bytes, too few for a header of {header.Length}.");
        }

        int[] sizes = [.. Enumerable.Range(1, dimensions).Select(i => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(sizeof(int) * i)))];
        if (!sizes.AsSpan(1).SequenceEqual(exampleSizes))
        {
            throw new InvalidDataException($"{path}: the images are {string.Join('×', sizes[1..])}; this sample needs {string.Join('×', exampleSizes)}.");
        }

        return sizes[0] is >= 0 and <= MostExamples
            ? sizes[0]
            : throw new InvalidDataException($"{path}: the header promises {sizes[0]} examples; this sample takes 0 to {MostExamples}.");
    }

    /// <summary>Reads until the buffer is full or the content ends.</summary>
    /// <returns>The number of bytes read.</returns>
    private static int Fill(Stream content, byte[] buffer, string path)
    {
        try
        {
            return content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"{path}: the gzip data is damaged.", damage);
        }
    }

    private static InvalidDataException Truncated(string path, int expected, string actual) =>
        new($"{path}: truncated; its header promises {expected} bytes of data, and it has {actual}.");
}
