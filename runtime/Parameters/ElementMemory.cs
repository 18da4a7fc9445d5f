using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// A <see cref="Memory{T}"/> whose element references are cheap to get. <see cref="Memory{T}.Span"/> determines at each call what kind of memory it is,
/// which for a small tensor takes longer than the arithmetic. This determines it once: array memory is addressed directly, any other kind through
/// <see cref="ForeignMemory{T}"/>.
/// </summary>
internal readonly struct ElementMemory<T>
    where T : unmanaged
{
    private readonly T[]? array;
    private readonly int offset;
    private readonly Memory<T> memory;
    private readonly ForeignMemory<T>? foreign;

    public ElementMemory(Memory<T> memory)
    {
        this.memory = memory;
        // A MemoryManager may hand out an array now and another one, or none, later. So it is foreign memory, which is resolved anew at each step.
        if (!MemoryMarshal.TryGetMemoryManager<T, MemoryManager<T>>(memory, out _) && MemoryMarshal.TryGetArray(memory, out ArraySegment<T> segment))
        {
            (array, offset) = (segment.Array, segment.Offset);
        }
        else
        {
            foreign = new ForeignMemory<T>(memory);
        }
    }

    public Memory<T> Memory => memory;

    public Span<T> Span => memory.Span;

    /// <summary>The memory to be pinned during a step; <see langword="null"/> for an array, which needs no pinning.</summary>
    public ForeignMemory<T>? Foreign => foreign;

    /// <summary>The reference to the element at <paramref name="start"/>. For an array, bounds are not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int start) => ref array is not null
        ? ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), (nint)(uint)(offset + start))
        : ref foreign!.At(start);
}

/// <summary>Memory that must not move during a step.</summary>
internal interface IPinnedMemory
{
    void Pin();

    void Unpin();
}

/// <summary>
/// Memory behind a <see cref="MemoryManager{T}"/>. It is pinned before the first store of a step, so a manager that throws, because its memory has been
/// disposed of, refuses the whole step.
/// </summary>
internal sealed unsafe class ForeignMemory<T>(Memory<T> memory) : IPinnedMemory
    where T : unmanaged
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
            // The manager does not support pinning, so elements are addressed by a span at each access. Getting one here, before the first store, refuses
            // the step if the manager throws.
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
