using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Aligned memory for codes, whose spans cost less than those of <see cref="Memory{T}"/>, which finds out each time what it is over.</summary>
internal readonly struct CodeMemory<T>
    where T : unmanaged
{
    private readonly T[] array;
    private readonly int offset;

    public CodeMemory(int length)
        : this(0, length)
    {
    }

    /// <param name="origin">The position of the first code.</param>
    /// <param name="length">The number of codes.</param>
    public CodeMemory(int origin, int length)
    {
        Memory = AlignedMemory.Allocate<T>(length);
        MemoryMarshal.TryGetArray(Memory, out ArraySegment<T> segment);
        (array, offset) = (segment.Array!, segment.Offset - origin);
    }

    public Memory<T> Memory { get; }

    /// <summary>The address of an element, which does not change.</summary>
    public unsafe void* AddressOf(int index) => Unsafe.AsPointer(ref array[offset + index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start, int length) => array.AsSpan(offset + start, length);
}
