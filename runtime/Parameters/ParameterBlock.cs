using System.Numerics;

namespace OptimGen;

/// <summary>
/// Contiguous memory that holds one or more parameters, one after the other: a block of the set's arena, or wrapped memory of another owner.
/// An arena block never moves, so a span over it stays valid.
/// </summary>
internal sealed class ParameterBlock<T>(int index, Memory<T> values, Memory<T> gradients, bool owned)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Index { get; } = index;

    public Memory<T> Values { get; } = values;

    public Memory<T> Gradients { get; } = gradients;

    /// <summary>The values in the form that a step addresses them by.</summary>
    public ElementMemory<T> ValueElements { get; } = new(values);

    /// <summary>The gradients in the form that a step addresses them by.</summary>
    public ElementMemory<T> GradientElements { get; } = new(gradients);

    /// <summary>The number of elements that are allocated to parameters, padding included.</summary>
    public int Used { get; private set; }

    /// <summary>Whether that many more elements can be allocated; never in wrapped memory.</summary>
    public bool CanTake(int length) => owned && Values.Length - Used >= length;

    /// <summary>Allocates elements.</summary>
    /// <returns>The position of the first.</returns>
    public int Take(int length)
    {
        int offset = Used;
        Used += length;
        return offset;
    }
}
