using System.Numerics;

namespace OptimGen;

/// <summary>
/// Contiguous memory that holds one or more parameters, one after the other: a block of the set's arena, or wrapped memory of another owner.
/// An arena block never moves, so a span over it stays valid.
/// </summary>
internal sealed class ParameterBlock<T>(int index, ParameterMemory<T> memory, bool owned)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Index { get; } = index;

    /// <summary>Values and gradients; of one parameter alone where either is not in the element type.</summary>
    public ParameterMemory<T> Memory { get; } = memory;

    /// <summary>The values in the element type; empty where they are in bfloat16.</summary>
    public Memory<T> Values { get; } = memory.Values;

    /// <summary>The gradients in the element type; empty where they are in bfloat16.</summary>
    public Memory<T> Gradients { get; } = memory.Gradients;

    public bool HasBFloat16Values { get; } = memory.HasBFloat16Values;

    public bool HasBFloat16Gradients { get; } = memory.HasBFloat16Gradients;

    /// <summary>The values in the form that a step addresses them by; empty where they are in bfloat16.</summary>
    public ElementMemory<T> ValueElements { get; } = new(memory.Values);

    /// <summary>The gradients in the form that a step addresses them by; empty where they are in bfloat16.</summary>
    public ElementMemory<T> GradientElements { get; } = new(memory.Gradients);

    /// <summary>The values in bfloat16; empty where they are in the element type.</summary>
    public ElementMemory<BFloat16> BFloat16Values { get; } = new(memory.BFloat16Values);

    /// <summary>The gradients in bfloat16; empty where they are in the element type.</summary>
    public ElementMemory<BFloat16> BFloat16Gradients { get; } = new(memory.BFloat16Gradients);

    /// <summary>Whether values or gradients are in another form than the element type.</summary>
    public bool IsStored => HasBFloat16Values || HasBFloat16Gradients;

    /// <summary>What is to be pinned during a step.</summary>
    public IEnumerable<IPinnedMemory> Foreign =>
        new IPinnedMemory?[] { ValueElements.Foreign, GradientElements.Foreign, BFloat16Values.Foreign, BFloat16Gradients.Foreign }.OfType<IPinnedMemory>();

    /// <summary>The number of elements that are allocated to parameters, padding included.</summary>
    public int Used { get; private set; }

    /// <summary>Whether that many more elements can be allocated; never in wrapped memory.</summary>
    public bool CanTake(int length) => owned && !IsStored && Values.Length - Used >= length;

    /// <summary>Allocates elements.</summary>
    /// <returns>The position of the first.</returns>
    public int Take(int length)
    {
        int offset = Used;
        Used += length;
        return offset;
    }
}
