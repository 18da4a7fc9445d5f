using System.Buffers;
using System.Runtime.InteropServices;

namespace ForeignMemory;

/// <summary>
/// What stands for a tensor of another library: numbers outside of the garbage collector's reach, known by a pointer. The library frees them; the
/// wrapper must not be used after that.
/// </summary>
internal sealed unsafe class ForeignTensor(int length) : IDisposable
{
    private readonly float* pointer = (float*)NativeMemory.AllocZeroed((nuint)length, sizeof(float));

    /// <summary>As a library gives it out.</summary>
    public nint Pointer => (nint)pointer;

    public int Length => length;

    /// <summary>The same numbers, not a copy of them, as OptimGen takes them.</summary>
    public Memory<float> Memory => new PointerMemory(Pointer, length).Memory;

    public void Dispose() => NativeMemory.Free(pointer);
}

/// <summary>A pointer as a <see cref="Memory{T}"/>: all that is needed to wrap what another library owns.</summary>
internal sealed unsafe class PointerMemory(nint pointer, int length) : MemoryManager<float>
{
    public override Span<float> GetSpan() => new((float*)pointer, length);

    /// <summary>Native memory does not move.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new((float*)pointer + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>The memory is its owner's, who frees it.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
