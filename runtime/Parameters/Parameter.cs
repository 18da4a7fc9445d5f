using System.Numerics;
using System.Runtime.InteropServices;

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

    /// <summary>In which form the values are kept: <see cref="Storage.Native"/> or <see cref="Storage.BFloat16"/>.</summary>
    public Storage ValueStorage => Block.Memory.Storage.Values;

    /// <summary>In which form the gradient is kept: <see cref="Storage.Native"/> or <see cref="Storage.BFloat16"/>.</summary>
    public Storage GradientStorage => Block.Memory.Storage.Gradients;

    /// <summary>The values, <see cref="Length"/> of them. The span stays valid for as long as the set lives.</summary>
    /// <exception cref="InvalidOperationException">They are kept in bfloat16: see <see cref="BFloat16Values"/>.</exception>
    public Span<T> Values => Block.HasBFloat16Values
        ? throw InAnotherForm("values", Storage.BFloat16, nameof(BFloat16Values), nameof(CopyValuesTo), nameof(SetValues))
        : Block.Values.Span.Slice(Offset, Length);

    /// <summary>The gradient, <see cref="Length"/> elements. The code that computes the gradient writes it here; a step reads it.</summary>
    /// <exception cref="InvalidOperationException">It is kept in bfloat16: see <see cref="BFloat16Gradients"/>.</exception>
    public Span<T> Gradients => Block.HasBFloat16Gradients
        ? throw InAnotherForm("gradient", Storage.BFloat16, nameof(BFloat16Gradients), nameof(CopyGradientsTo), nameof(SetGradients))
        : Block.Gradients.Span.Slice(Offset, Length);

    /// <summary>The values of a parameter that is kept in bfloat16, <see cref="Length"/> of them. The span stays valid for as long as the set lives.</summary>
    /// <exception cref="InvalidOperationException">They are kept in the element type: see <see cref="Values"/>.</exception>
    public Span<BFloat16> BFloat16Values => Block.HasBFloat16Values
        ? Block.BFloat16Values.Span
        : throw InAnotherForm("values", Storage.Native, nameof(Values), nameof(CopyValuesTo), nameof(SetValues));

    /// <summary>The gradient that is kept in bfloat16, <see cref="Length"/> elements.</summary>
    /// <exception cref="InvalidOperationException">It is kept in the element type: see <see cref="Gradients"/>.</exception>
    public Span<BFloat16> BFloat16Gradients => Block.HasBFloat16Gradients
        ? Block.BFloat16Gradients.Span
        : throw InAnotherForm("gradient", Storage.Native, nameof(Gradients), nameof(CopyGradientsTo), nameof(SetGradients));

    /// <summary>Copies the values, in whichever form they are kept.</summary>
    /// <param name="values">Receives them: <see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">It has more or fewer elements.</exception>
    public void CopyValuesTo(Span<T> values)
    {
        RequireLength(values.Length, nameof(values));
        Decode(Block.HasBFloat16Values, Block.BFloat16Values.Memory, Block.Values, values);
    }

    /// <summary>Sets the values, in whichever form they are kept; to bfloat16 they are rounded to nearest.</summary>
    /// <param name="values"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">It has more or fewer elements.</exception>
    public void SetValues(ReadOnlySpan<T> values)
    {
        RequireLength(values.Length, nameof(values));
        if (ValueStorage == Storage.Native)
        {
            values.CopyTo(Values);
        }
        else
        {
            Encode(values, BFloat16Values);
        }
    }

    /// <summary>Copies the gradient, in whichever form it is kept.</summary>
    /// <param name="gradients">Receives it: <see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">It has more or fewer elements.</exception>
    public void CopyGradientsTo(Span<T> gradients)
    {
        RequireLength(gradients.Length, nameof(gradients));
        Decode(Block.HasBFloat16Gradients, Block.BFloat16Gradients.Memory, Block.Gradients, gradients);
    }

    /// <summary>Sets the gradient, in whichever form it is kept; to bfloat16 it is rounded to nearest.</summary>
    /// <param name="gradients"><see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException">It has more or fewer elements.</exception>
    public void SetGradients(ReadOnlySpan<T> gradients)
    {
        RequireLength(gradients.Length, nameof(gradients));
        SetGradients(0, gradients);
    }

    /// <summary>Sets elements of the set's own gradient, rounded to nearest where it is in bfloat16.</summary>
    internal void SetGradients(int start, ReadOnlySpan<T> gradients)
    {
        if (GradientStorage == Storage.Native)
        {
            gradients.CopyTo(Gradients.Slice(start, gradients.Length));
        }
        else
        {
            Encode(gradients, BFloat16Gradients.Slice(start, gradients.Length));
        }
    }

    /// <summary>The position in its set.</summary>
    internal int Index { get; set; }

    internal ParameterBlock<T> Block { get; }

    internal int Offset { get; }

    /// <summary>The values: themselves, or a decoded copy.</summary>
    internal ReadOnlySpan<T> ReadValues()
    {
        if (ValueStorage == Storage.Native)
        {
            return Values;
        }

        var values = new T[Length];
        CopyValuesTo(values);
        return values;
    }

    /// <summary>Elements of the gradient that a step takes, addends included: themselves, or a copy.</summary>
    internal ReadOnlySpan<T> ReadGradients(int start, int length)
    {
        if (GradientStorage == Storage.Native && !Group.Owner.HasGradientAddends)
        {
            return Gradients.Slice(start, length);
        }

        var gradients = new T[length];
        ReadGradients(start, gradients);
        return gradients;
    }

    /// <summary>Copies elements of the gradient that a step takes, addends included.</summary>
    internal void ReadGradients(int start, Span<T> gradients)
    {
        if (Group.Owner.HasGradientAddends)
        {
            GradientSum.Of(Group.Owner, Block, Offset + start, gradients);
        }
        else if (GradientStorage == Storage.Native)
        {
            Gradients.Slice(start, gradients.Length).CopyTo(gradients);
        }
        else
        {
            Decode(BFloat16Gradients.Slice(start, gradients.Length), gradients);
        }
    }

    /// <summary>The gradient that a step takes, addends included: itself, or a copy.</summary>
    internal ReadOnlySpan<T> ReadGradients() => ReadGradients(0, Length);

    /// <summary>Sets the gradient to zero.</summary>
    internal void ZeroGradient() => ZeroGradient(0, Length);

    /// <summary>Sets elements of the gradient to zero.</summary>
    internal void ZeroGradient(int start, int length)
    {
        if (GradientStorage == Storage.Native)
        {
            Gradients.Slice(start, length).Clear();
        }
        else
        {
            BFloat16Gradients.Slice(start, length).Clear();
        }
    }

    /// <summary>Exchanges the values with others, which are rounded to nearest where the values are in bfloat16; the values are then exact in the others.</summary>
    internal void ExchangeValues(Span<T> others)
    {
        if (ValueStorage == Storage.Native)
        {
            Span<T> values = Values;
            for (int i = 0; i < values.Length; i++)
            {
                (values[i], others[i]) = (others[i], values[i]);
            }

            return;
        }

        var decoded = new T[Length];
        CopyValuesTo(decoded);
        SetValues(others);
        decoded.CopyTo(others);
    }

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

    // Only a set in single precision has bfloat16.
    private void Decode(bool isBFloat16, Memory<BFloat16> codes, Memory<T> elements, Span<T> values)
    {
        if (isBFloat16)
        {
            Decode(codes.Span, values);
        }
        else
        {
            elements.Span.Slice(Offset, Length).CopyTo(values);
        }
    }

    private static void Decode(ReadOnlySpan<BFloat16> codes, Span<T> values) =>
        StorageCoder.Selected.DecodeBFloat16(MemoryMarshal.Cast<BFloat16, ushort>(codes), MemoryMarshal.Cast<T, float>(values));

    private static void Encode(ReadOnlySpan<T> values, Span<BFloat16> codes) => StorageCoder.Selected.EncodeBFloat16(
        MemoryMarshal.Cast<T, float>(values), rounding: null, firstElement: 0, MemoryMarshal.Cast<BFloat16, ushort>(codes));

    private void RequireLength(int length, string argument)
    {
        if (length != Length)
        {
            throw new ArgumentException($"{argument} has {length} elements; parameter '{Name}' has {Length}.", argument);
        }
    }

    private InvalidOperationException InAnotherForm(string what, Storage form, string property, string copy, string set) => new(
        $"Parameter '{Name}' has its {what} in {form}. Use {property}, or {copy} and {set}, which are for every form.");
}
