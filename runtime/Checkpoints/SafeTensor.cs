using System.Globalization;

namespace OptimGen;

/// <summary>A tensor of a safetensors file: its name, element type and shape, and where its bytes are.</summary>
public sealed class SafeTensor
{
    internal SafeTensor(string name, SafeTensorsDtype dtype, IReadOnlyList<long> shape, TensorSize size, long begin) =>
        (Name, Dtype, Shape, ElementCount, ByteCount, Begin) = (name, dtype, shape, size.Elements, size.Bytes, begin);

    /// <summary>The name, unique in the file.</summary>
    public string Name { get; }

    /// <summary>The type of an element.</summary>
    public SafeTensorsDtype Dtype { get; }

    /// <summary>The sizes of the dimensions, in row-major order; empty for a scalar. A size can be 0.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of elements, the product of the shape: 1 for a scalar.</summary>
    public long ElementCount { get; }

    /// <summary>The size of the elements in bytes.</summary>
    public long ByteCount { get; }

    /// <summary>The offset of the first byte, counted from the first byte after the header.</summary>
    internal long Begin { get; }

    internal long End => Begin + ByteCount;

    /// <summary>The name, element type and shape, such as <c>dense1.weight F32 [128, 784]</c>.</summary>
    public override string ToString() => $"{Name} {Dtype.FormatName()} {ShapeText(Shape)}";

    /// <summary>A shape such as <c>[128, 784]</c>. A hostile file can have a million dimensions, so only the first are written.</summary>
    internal static string ShapeText(IReadOnlyList<long> shape)
    {
        const int Most = 16;
        IEnumerable<string> sizes = shape.Take(Most).Select(size => size.ToString(CultureInfo.InvariantCulture));
        return $"[{string.Join(", ", shape.Count > Most ? sizes.Append("…") : sizes)}]";
    }
}

/// <summary>The size of a tensor.</summary>
internal readonly record struct TensorSize(long Elements, long Bytes)
{
    /// <summary>Computes the size, without overflow.</summary>
    /// <returns>What is wrong with the shape, as the end of a sentence that begins with the tensor; <see langword="null"/> if nothing is.</returns>
    public static string? Compute(SafeTensorsDtype dtype, ReadOnlySpan<long> shape, out TensorSize size)
    {
        size = default;
        Int128 elements = 1;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return $"has the shape {SafeTensor.ShapeText(shape.ToArray())}; no dimension may be negative";
            }

            elements *= dimension;
            if (elements > long.MaxValue)
            {
                return $"has the shape {SafeTensor.ShapeText(shape.ToArray())}, whose product is above 2^63 - 1";
            }
        }

        Int128 bits = elements * dtype.Bits();
        if (bits % 8 != 0)
        {
            return $"has {elements} elements of {dtype.Bits()} bits, which is no whole number of bytes";
        }

        if (bits / 8 > long.MaxValue)
        {
            return $"has {elements} elements of {dtype.Bits()} bits, which is above 2^63 - 1 bytes";
        }

        size = new TensorSize((long)elements, (long)(bits / 8));
        return null;
    }
}
