using System.Buffers;

namespace TorchStep;

/// <summary>
/// A tensor of PyTorch as a <see cref="Memory{T}"/>. Its address may differ from step to step, because PyTorch may allocate gradients anew for each backward
/// pass: OptimGen asks a <see cref="MemoryManager{T}"/> for the address at every step.
/// </summary>
internal sealed unsafe class TensorMemory(float* address, int length) : MemoryManager<float>
{
    /// <summary>The address of the first element. The tensor is contiguous and stays alive while a step runs; its owner sees to both.</summary>
    public float* Address { get; set; } = address;

    public override Span<float> GetSpan() => new(Address, length);

    /// <summary>Nothing to pin: native memory does not move.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new(Address + elementIndex);

    public override void Unpin()
    {
    }

    /// <summary>Does nothing: PyTorch frees the memory.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
