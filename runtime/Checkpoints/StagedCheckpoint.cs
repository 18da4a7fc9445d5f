namespace OptimGen;

/// <summary>
/// A checkpoint that has been read and whose checksum is right, in memory of its own. Nothing of it has been compared with what it is loaded into.
/// </summary>
internal sealed class StagedCheckpoint
{
    /// <summary>A stream that cannot tell its length is read in parts of this many elements at first, so a length that lies allocates no more.</summary>
    private const int FirstPart = 1 << 16;

    private readonly Dictionary<string, (SafeTensor Tensor, Array Elements)> tensors = new(StringComparer.Ordinal);

    private StagedCheckpoint(SafeTensorsReader reader, string? path) => (Path, Texts) = (path, reader.Header.Metadata);

    /// <summary>The path of the file; <see langword="null"/> for a stream without a name.</summary>
    public string? Path { get; }

    public IReadOnlyDictionary<string, string> Texts { get; }

    public IReadOnlyDictionary<string, (SafeTensor Tensor, Array Elements)> Tensors => tensors;

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">The stream, read from its position to its end.</param>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="rename">The name to use for a tensor of the file; <see langword="null"/> leaves it out.</param>
    /// <param name="progress">Receives the number of bytes read so far.</param>
    /// <param name="cancellationToken">Is checked for each chunk.</param>
    /// <exception cref="CheckpointException">The file is damaged, or two tensors get the same name.</exception>
    public static StagedCheckpoint Read(
        Stream stream, string? path, Func<string, string?>? rename, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using SafeTensorsReader reader = SafeTensorsReader.Open(stream, path, progress);
        var staged = new StagedCheckpoint(reader, path);
        while (reader.Next is { } tensor)
        {
            if (Renamed(tensor, rename) is { } name)
            {
                staged.Add(name, tensor, AllocatorOf(tensor, path).Read(reader, tensor, stream.CanSeek, cancellationToken));
            }
            else
            {
                reader.Skip(cancellationToken);
            }
        }

        reader.Finish(cancellationToken);
        return staged;
    }

    /// <inheritdoc cref="Read"/>
    public static async Task<StagedCheckpoint> ReadAsync(
        Stream stream, string? path, Func<string, string?>? rename, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using SafeTensorsReader reader = await SafeTensorsReader.OpenAsync(stream, path, progress, cancellationToken).ConfigureAwait(false);
        var staged = new StagedCheckpoint(reader, path);
        while (reader.Next is { } tensor)
        {
            if (Renamed(tensor, rename) is { } name)
            {
                staged.Add(name, tensor, await AllocatorOf(tensor, path).ReadAsync(reader, tensor, stream.CanSeek, cancellationToken).ConfigureAwait(false));
            }
            else
            {
                await reader.SkipAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await reader.FinishAsync(cancellationToken).ConfigureAwait(false);
        return staged;
    }

    private void Add(string name, SafeTensor tensor, Array elements)
    {
        if (!tensors.TryAdd(name, (tensor, elements)))
        {
            throw new CheckpointException(
                $"The tensors '{tensors[name].Tensor.Name}' and '{tensor.Name}' are both renamed to '{name}'.", Path);
        }
    }

    private static string? Renamed(SafeTensor tensor, Func<string, string?>? rename) => rename is null ? tensor.Name : rename(tensor.Name);

    private static StagedElements AllocatorOf(SafeTensor tensor, string? path) =>
        tensor.ElementCount > Array.MaxLength
            ? throw new CheckpointException($"The tensor '{tensor.Name}' has {tensor.ElementCount} elements; at most {Array.MaxLength} can be loaded.", path)
            : tensor.Dtype switch
            {
                SafeTensorsDtype.F32 => new StagedElements<float>(),
                SafeTensorsDtype.F64 => new StagedElements<double>(),
                SafeTensorsDtype.F16 => new StagedElements<Half>(),
                SafeTensorsDtype.BF16 => new StagedElements<BFloat16>(),
                SafeTensorsDtype.Bool => new StagedElements<bool>(),
                SafeTensorsDtype.U8 => new StagedElements<byte>(),
                SafeTensorsDtype.I8 => new StagedElements<sbyte>(),
                SafeTensorsDtype.I16 => new StagedElements<short>(),
                SafeTensorsDtype.U16 => new StagedElements<ushort>(),
                SafeTensorsDtype.I32 => new StagedElements<int>(),
                SafeTensorsDtype.U32 => new StagedElements<uint>(),
                SafeTensorsDtype.I64 => new StagedElements<long>(),
                SafeTensorsDtype.U64 => new StagedElements<ulong>(),
                _ => new UnusableElements(),
            };

    /// <summary>Reads the elements of one tensor into an array.</summary>
    private abstract class StagedElements
    {
        public abstract Array Read(SafeTensorsReader reader, SafeTensor tensor, bool isLengthKnown, CancellationToken cancellationToken);

        public abstract Task<Array> ReadAsync(SafeTensorsReader reader, SafeTensor tensor, bool isLengthKnown, CancellationToken cancellationToken);
    }

    private sealed class StagedElements<T> : StagedElements
        where T : unmanaged
    {
        public override Array Read(SafeTensorsReader reader, SafeTensor tensor, bool isLengthKnown, CancellationToken cancellationToken)
        {
            int count = (int)tensor.ElementCount;
            var elements = new T[isLengthKnown ? count : Math.Min(count, FirstPart)];
            for (int read = 0; ;)
            {
                reader.ReadElements(elements.AsSpan(read), cancellationToken);
                read = elements.Length;
                if (read == count)
                {
                    return elements;
                }

                Array.Resize(ref elements, (int)Math.Min(count, 2L * read));
            }
        }

        public override async Task<Array> ReadAsync(SafeTensorsReader reader, SafeTensor tensor, bool isLengthKnown, CancellationToken cancellationToken)
        {
            int count = (int)tensor.ElementCount;
            var elements = new T[isLengthKnown ? count : Math.Min(count, FirstPart)];
            for (int read = 0; ;)
            {
                await reader.ReadElementsAsync<T>(elements.AsMemory(read), cancellationToken).ConfigureAwait(false);
                read = elements.Length;
                if (read == count)
                {
                    return elements;
                }

                Array.Resize(ref elements, (int)Math.Min(count, 2L * read));
            }
        }
    }

    /// <summary>For element types that nothing here is kept in: the tensor is listed, and refused by its type if it is asked for.</summary>
    private sealed class UnusableElements : StagedElements
    {
        public override Array Read(SafeTensorsReader reader, SafeTensor tensor, bool isLengthKnown, CancellationToken cancellationToken)
        {
            reader.Skip(cancellationToken);
            return Array.Empty<byte>();
        }

        public override async Task<Array> ReadAsync(SafeTensorsReader reader, SafeTensor tensor, bool isLengthKnown, CancellationToken cancellationToken)
        {
            await reader.SkipAsync(cancellationToken).ConfigureAwait(false);
            return Array.Empty<byte>();
        }
    }
}
