using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Memory whose elements are found fast. Almost always it is an array: to ask a <see cref="Memory{T}"/> each time what it is costs a small tensor more than
/// its arithmetic. Memory of another kind is found through its <see cref="ForeignMemory{T}"/>.
/// </summary>
internal readonly struct ElementMemory<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[]? array;
    private readonly int offset;
    private readonly Memory<T> memory;
    private readonly ForeignMemory<T>? foreign;

    public ElementMemory(Memory<T> memory)
    {
        this.memory = memory;
        // A manager that has an array may say no longer, or another one later: it is asked anew at each step.
        if (!MemoryMarshal.TryGetMemoryManager<T, MemoryManager<T>>(memory, out _) && MemoryMarshal.TryGetArray(memory, out ArraySegment<T> segment))
        {
            (array, offset) = (segment.Array, segment.Offset);
        }
        else
        {
            foreign = new ForeignMemory<T>(memory);
        }
    }

    public Span<T> Span => memory.Span;

    /// <summary>What pins the memory for a step; <see langword="null"/> for an array, which is always at hand.</summary>
    public ForeignMemory<T>? Foreign => foreign;

    /// <summary>The elements from <paramref name="start"/> on; their number is the caller's to know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int start) => ref array is not null
        ? ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), (nint)(uint)(offset + start))
        : ref foreign!.At(start);
}

/// <summary>
/// Memory behind a <see cref="MemoryManager{T}"/>. It is pinned before a step stores anything, so that a manager that fails, because what it manages has
/// been disposed of, refuses the whole step and not a part of it.
/// </summary>
internal sealed unsafe class ForeignMemory<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private MemoryHandle handle;
    private T* pointer;

    public void Pin()
    {
        try
        {
            handle = memory.Pin();
            pointer = (T*)handle.Pointer;
        }
        catch (NotSupportedException)
        {
            // Its elements are then found by a span each time; one that cannot be had now refuses the step.
            pointer = null;
            _ = memory.Span;
        }
    }

    public void Unpin()
    {
        pointer = null;
        handle.Dispose();
        handle = default;
    }

    public ref T At(int start) => ref pointer != null ? ref pointer[(nint)start] : ref memory.Span[start];
}
