using System.Buffers;
using System.Runtime.InteropServices;

namespace ForeignMemory;

/// <summary>
/// An example of a tensor of another library: unmanaged memory, given by a pointer. The library frees it. A parameter that wraps it must not be used
/// after that.
/// </summary>
internal sealed unsafe class ForeignTensor(int length) : IDisposable
{
    private readonly float* pointer = (float*)NativeMemory.AllocZeroed((nuint)length, sizeof(float));

    /// <summary>The address, as a library exposes it.</summary>
    public nint Pointer => (nint)pointer;

    public int Length => length;

    /// <summary>The same memory, not a copy, as the type that <c>ParameterSet.Wrap</c> takes.</summary>
    public Memory<float> Memory => new PointerMemory(Pointer, length).Memory;

    public void Dispose() => NativeMemory.Free(pointer);
}

/// <summary>Makes a <see cref="Memory{T}"/> from a pointer, so that memory of another library can be wrapped.</summary>
internal sealed unsafe class PointerMemory(nint pointer, int length) : MemoryManager<float>
{
    public override Span<float> GetSpan() => new((float*)pointer, length);

    /// <summary>Nothing to pin: native memory does not move.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new((float*)pointer + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Does nothing: the owner of the memory frees it.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
