using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Memory whose elements are found fast: almost always it is an array, and to ask a <see cref="Memory{T}"/> each time what it is costs a small tensor
/// more than its arithmetic.
/// </summary>
internal readonly struct Stretch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[]? array;
    private readonly int offset;
    private readonly Memory<T> memory;

    public Stretch(Memory<T> memory)
    {
        this.memory = memory;
        // A manager that has an array may say no longer, or another one later: it is asked each time.
        if (!MemoryMarshal.TryGetMemoryManager<T, MemoryManager<T>>(memory, out _) && MemoryMarshal.TryGetArray(memory, out ArraySegment<T> segment))
        {
            (array, offset) = (segment.Array, segment.Offset);
        }
    }

    public int Length => memory.Length;

    public Span<T> Span => memory.Span;

    /// <summary>The elements from <paramref name="start"/> on; their number is the caller's to know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int start) => ref array is not null
        ? ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), (nint)(uint)(offset + start))
        : ref MemoryMarshal.GetReference(memory.Span[start..]);
}
