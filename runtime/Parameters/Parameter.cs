using System.Numerics;

namespace OptimGen;

/// <summary>One named tensor of a <see cref="ParameterSet{T}"/>: its values and, at the same positions, its gradient.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] shape;

    internal Parameter(string name, ParameterRole role, int[] shape, ParameterGroup<T> group, ParameterBlock<T> block, int offset, int length)
    {
        Name = name;
        Role = role;
        this.shape = shape;
        Shape = Array.AsReadOnly(shape);
        Group = group;
        Block = block;
        Offset = offset;
        Length = length;
    }

    /// <summary>The name, unique in its set.</summary>
    public string Name { get; }

    /// <summary>Weight or bias.</summary>
    public ParameterRole Role { get; }

    /// <summary>The group whose hyperparameters apply.</summary>
    public ParameterGroup<T> Group { get; }

    /// <summary>The size of each dimension, outermost first; elements lie in row-major order.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The number of elements: the product of <see cref="Shape"/>.</summary>
    public int Length { get; }

    /// <summary>The values, <see cref="Length"/> of them. The span stays valid for as long as the set lives.</summary>
    public Span<T> Values => Block.Values.Span.Slice(Offset, Length);

    /// <summary>The gradient, <see cref="Length"/> elements. The code that computes the gradient writes it here; a step reads it.</summary>
    public Span<T> Gradients => Block.Gradients.Span.Slice(Offset, Length);

    /// <summary>The position in its set.</summary>
    internal int Index { get; set; }

    internal ParameterBlock<T> Block { get; }

    internal int Offset { get; }

    /// <summary>The position of an element, written as an index for each dimension: <c>[3, 17]</c>.</summary>
    internal string Position(int element)
    {
        var indices = new int[shape.Length];
        for (int dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            (element, indices[dimension]) = Math.DivRem(element, shape[dimension]);
        }

        return $"[{string.Join(", ", indices)}]";
    }

    /// <summary>The name and the shape, such as <c>dense1.weight[128, 784]</c>.</summary>
    public override string ToString() => $"{Name}[{string.Join(", ", shape)}]";
}
