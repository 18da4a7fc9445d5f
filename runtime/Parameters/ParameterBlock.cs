using System.Numerics;

namespace OptimGen;

/// <summary>
/// A stretch of memory that parameters lie in, one after the other: a piece of the set's own arena, or memory that someone else owns.
/// It never moves, so a span over it stays good.
/// </summary>
internal sealed class ParameterBlock<T>(int index, Memory<T> values, Memory<T> gradients, bool owned)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Index { get; } = index;

    public Memory<T> Values { get; } = values;

    public Memory<T> Gradients { get; } = gradients;

    /// <summary>The values, for a step.</summary>
    public ElementMemory<T> ValueElements { get; } = new(values);

    /// <summary>The gradients, for a step.</summary>
    public ElementMemory<T> GradientElements { get; } = new(gradients);

    /// <summary>The elements that parameters have taken, padding included.</summary>
    public int Used { get; private set; }

    public bool CanTake(int length) => owned && Values.Length - Used >= length;

    public int Take(int length)
    {
        int offset = Used;
        Used += length;
        return offset;
    }
}
