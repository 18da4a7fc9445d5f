using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Elements as the bytes of a file, which are little-endian.</summary>
internal static class LittleEndian
{
    /// <summary>Copies a part of the elements' bytes.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="offset">The first byte to be copied; a multiple of the size of an element.</param>
    /// <param name="destination">Receives the bytes; a multiple of the size of an element.</param>
    public static void Copy<T>(ReadOnlySpan<T> elements, long offset, Span<byte> destination)
        where T : unmanaged
    {
        // In elements first: the bytes of a span can be more than a span can count.
        int size = Unsafe.SizeOf<T>();
        MemoryMarshal.AsBytes(elements.Slice((int)(offset / size), destination.Length / size)).CopyTo(destination);
        if (!BitConverter.IsLittleEndian)
        {
            Reverse(destination, size);
        }
    }

    /// <summary>Makes elements of bytes that have been read into them.</summary>
    public static void ToNative<T>(Span<T> elements)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            Reverse(MemoryMarshal.AsBytes(elements), Unsafe.SizeOf<T>());
        }
    }

    /// <summary>Reverses the order of the bytes in each element.</summary>
    public static void Reverse(Span<byte> bytes, int elementSize)
    {
        switch (elementSize)
        {
            case 1:
                break;
            case 2:
                Span<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(halves, halves);
                break;
            case 4:
                Span<uint> singles = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(singles, singles);
                break;
            case 8:
                Span<ulong> doubles = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(doubles, doubles);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(elementSize), elementSize, $"elementSize is {elementSize}; it must be 1, 2, 4 or 8.");
        }
    }
}
