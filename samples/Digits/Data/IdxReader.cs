using System.Buffers.Binary;
using System.IO.Compression;

namespace Digits.Data;

/// <summary>
/// Reads IDX files, the format of the MNIST database: a magic number 0x0000TTDD (TT the element type, 08 for unsigned bytes; DD the
/// number of dimensions), each dimension's size as a big-endian 32-bit integer, then the bytes. A file may be gzipped, whatever its name.
/// </summary>
internal static class IdxReader
{
    private const int UnsignedBytes = 0x0800;

    /// <summary>Reads images of 28×28 bytes; the result has <see cref="DigitSet.PixelsPerImage"/> bytes an image.</summary>
    /// <exception cref="InvalidDataException">The file is no such IDX file, or is cut short; the message names the file.</exception>
    public static byte[] ReadImages(string path)
    {
        byte[] file = ReadAll(path);
        int[] sizes = ReadHeader(file, dimensions: 3, path);
        if (sizes[1] != DigitSet.Side || sizes[2] != DigitSet.Side)
        {
            throw new InvalidDataException($"{path}: the images are {sizes[1]}×{sizes[2]}; this sample needs {DigitSet.Side}×{DigitSet.Side}.");
        }

        return Body(file, sizes, path);
    }

    /// <summary>Reads labels, a byte each.</summary>
    /// <inheritdoc cref="ReadImages"/>
    public static byte[] ReadLabels(string path)
    {
        byte[] file = ReadAll(path);
        byte[] labels = Body(file, ReadHeader(file, dimensions: 1, path), path);
        int wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(DigitSet.Classes - 1));
        return wrong < 0
            ? labels
            : throw new InvalidDataException($"{path}: label {wrong} is {labels[wrong]}; a digit is 0 to {DigitSet.Classes - 1}.");
    }

    private static byte[] ReadAll(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes is not [0x1F, 0x8B, ..])
        {
            return bytes;
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            gzip.CopyTo(plain);
            return plain.ToArray();
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"{path}: the gzip data is damaged.", damage);
        }
    }

    private static int[] ReadHeader(byte[] file, int dimensions, string path)
    {
        int header = sizeof(int) * (1 + dimensions);
        if (file.Length < sizeof(int))
        {
            throw new InvalidDataException($"{path}: truncated; it has {file.Length} bytes, too few for a magic number.");
        }

        int magic = BinaryPrimitives.ReadInt32BigEndian(file);
        int expected = UnsignedBytes | dimensions;
        if (magic != expected)
        {
            throw new InvalidDataException($"{path}: wrong magic number 0x{magic:X8}; expected 0x{expected:X8}.");
        }

        if (file.Length < header)
        {
            throw new InvalidDataException($"{path}: truncated; it has {file.Length} bytes, too few for a header of {header}.");
        }

        var sizes = new int[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(sizeof(int) * (1 + i)));
            if (sizes[i] < 0)
            {
                throw new InvalidDataException($"{path}: dimension {i + 1} has the size {sizes[i]}.");
            }
        }

        return sizes;
    }

    private static byte[] Body(byte[] file, int[] sizes, string path)
    {
        int header = sizeof(int) * (1 + sizes.Length);
        // In decimal, because three sizes of a damaged header can exceed any integer.
        decimal expected = sizes.Aggregate(1m, (product, size) => product * size);
        int actual = file.Length - header;
        return actual == expected
            ? file[header..]
            : throw new InvalidDataException(
                $"{path}: {(actual < expected ? "truncated" : "too long")}; its header promises {expected} bytes of data, and it has {actual}.");
    }
}
