using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Elements on their way to or from another rank. The memory is pinned, so a library that sends from it needs no copy; it grows to the longest message and is
/// used again.
/// </summary>
internal sealed class SliceBuffer<T>
    where T : unmanaged
{
    private byte[] bytes = [];

    /// <summary>The memory of that many elements, whose values are those of the last message.</summary>
    public Memory<byte> Bytes(int count)
    {
        int length = checked(count * Unsafe.SizeOf<T>());
        if (bytes.Length < length)
        {
            bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        }

        return bytes.AsMemory(0, length);
    }

    /// <summary>The elements from <paramref name="start"/> on.</summary>
    public Span<T> Elements(int start, int count) => MemoryMarshal.Cast<byte, T>(bytes.AsSpan()).Slice(start, count);
}
