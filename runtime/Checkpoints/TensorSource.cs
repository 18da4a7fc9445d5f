namespace OptimGen;

/// <summary>Copies a part of a tensor's bytes, little-endian, into the destination.</summary>
/// <param name="offset">The first byte to be copied; a multiple of 16.</param>
/// <param name="destination">Receives the bytes; a multiple of 16, or up to the tensor's last byte.</param>
internal delegate void TensorBytes(long offset, Span<byte> destination);

/// <summary>A tensor to be written: its name, element type, shape, and where its bytes come from.</summary>
internal sealed class TensorSource
{
    /// <param name="name">The name: any text of valid UTF-16 but <c>__metadata__</c>.</param>
    /// <param name="dtype">The type of an element.</param>
    /// <param name="shape">The sizes of the dimensions, in row-major order; empty for a scalar.</param>
    /// <param name="copy">Is called for one chunk after the other, from the tensor's begin; for each pass over the data again.</param>
    /// <exception cref="ArgumentException">The name or the shape is refused.</exception>
    public TensorSource(string name, SafeTensorsDtype dtype, ReadOnlySpan<long> shape, TensorBytes copy)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(copy);
        if (!SafeTensorsDtypes.IsDefined(dtype))
        {
            throw new ArgumentOutOfRangeException(nameof(dtype), dtype, $"dtype is {dtype}, which is not defined.");
        }

        if (name == SafeTensorsHeader.MetadataKey)
        {
            throw new ArgumentException($"A tensor cannot have the name '{name}', which is the key of the metadata.", nameof(name));
        }

        if (TensorSize.Compute(dtype, shape, out TensorSize size) is { } problem)
        {
            throw new ArgumentException($"The tensor '{name}' {problem}.", nameof(shape));
        }

        (Name, Dtype, Shape, Size, Copy) = (name, dtype, shape.ToArray(), size, copy);
    }

    public string Name { get; }

    public SafeTensorsDtype Dtype { get; }

    public IReadOnlyList<long> Shape { get; }

    public TensorSize Size { get; }

    public TensorBytes Copy { get; }

    /// <summary>A tensor of elements in memory.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The sizes of the dimensions; their product is the number of elements.</param>
    /// <param name="elements">The elements, in row-major order. They are read while the file is written.</param>
    /// <exception cref="ArgumentException">The name or the shape is refused, or the number of elements is not that of the shape.</exception>
    public static TensorSource Of<T>(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<T> elements)
        where T : unmanaged
    {
        var source = new TensorSource(
            name, SafeTensorsDtypes.Of<T>(), shape, (offset, destination) => LittleEndian.Copy(elements.Span, offset, destination));
        return source.Size.Elements == elements.Length
            ? source
            : throw new ArgumentException($"elements has {elements.Length} elements; the shape of '{name}' has {source.Size.Elements}.", nameof(elements));
    }

    /// <summary>A tensor of bytes in memory, which are little-endian elements of any type.</summary>
    /// <exception cref="ArgumentException">The name or the shape is refused, or the number of bytes is not that of the shape.</exception>
    public static TensorSource OfBytes(string name, SafeTensorsDtype dtype, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        var source = new TensorSource(
            name, dtype, shape, (offset, destination) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination));
        return source.Size.Bytes == bytes.Length
            ? source
            : throw new ArgumentException($"bytes has {bytes.Length} bytes; '{name}' has {source.Size.Bytes}.", nameof(bytes));
    }
}
