namespace OptimGen;

/// <summary>The entries of a checkpoint, by the names under which a <see cref="CheckpointWriter"/> of the same scope wrote them.</summary>
public sealed class CheckpointReader
{
    private readonly StagedCheckpoint staged;
    private readonly HashSet<string> used;
    private readonly string prefix;

    internal CheckpointReader(StagedCheckpoint staged, CheckpointLoadOptions options)
        : this(staged, options, new HashSet<string>(StringComparer.Ordinal), "")
    {
    }

    private CheckpointReader(StagedCheckpoint staged, CheckpointLoadOptions options, HashSet<string> used, string prefix) =>
        (this.staged, Options, this.used, this.prefix) = (staged, options, used, prefix);

    /// <summary>What the caller of the load allows.</summary>
    public CheckpointLoadOptions Options { get; }

    /// <summary>Whether there is a number, text or array of that name.</summary>
    public bool Contains(string name) => staged.Texts.ContainsKey(prefix + name) || staged.Tensors.ContainsKey(prefix + name);

    /// <summary>A text.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public string ReadString(string name) => staged.Texts.TryGetValue(prefix + name, out string? text)
        ? text
        : throw Failure($"It has no entry '{prefix}{name}'.");

    /// <summary>A number.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public double ReadDouble(string name) => Parse(name, CheckpointText.Double, "a number");

    /// <summary>An integer.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public long ReadInt64(string name) => Parse(name, CheckpointText.Int64, "an integer of 64 bits");

    /// <summary>A truth value.</summary>
    /// <exception cref="CheckpointException">There is none of that name.</exception>
    public bool ReadBoolean(string name) => Parse(name, CheckpointText.Boolean, "true or false");

    /// <summary>An integer that must lie in a range.</summary>
    /// <exception cref="CheckpointException">There is none of that name, or it lies outside of the range.</exception>
    public int ReadInt32(string name, int minimum = int.MinValue, int maximum = int.MaxValue)
    {
        long value = ReadInt64(name);
        return value >= minimum && value <= maximum
            ? (int)value
            : throw Failure($"The entry '{prefix}{name}' is {value}; it must be at least {minimum} and at most {maximum}.");
    }

    /// <summary>An array.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The shape that it must have; none means one dimension of any size.</param>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <exception cref="CheckpointException">There is none of that name, or its type or shape is another.</exception>
    public T[] ReadArray<T>(string name, params int[] shape)
        where T : unmanaged
    {
        string key = prefix + name;
        if (!staged.Tensors.TryGetValue(key, out (SafeTensor Tensor, Array Elements) entry))
        {
            throw Failure($"It has no tensor '{key}'{(shape.Length > 0 ? $", which must have the shape [{string.Join(", ", shape)}]" : "")}.");
        }

        SafeTensorsDtype dtype = SafeTensorsDtypes.Of<T>();
        if (entry.Tensor.Dtype != dtype)
        {
            throw Failure($"The tensor '{key}' has elements of type {entry.Tensor.Dtype.FormatName()}; {dtype.FormatName()} is needed.");
        }

        bool fits = shape.Length == 0 ? entry.Tensor.Shape.Count == 1 : entry.Tensor.Shape.SequenceEqual(shape.Select(size => (long)size));
        if (!fits)
        {
            throw Failure(
                $"The tensor '{key}' has the shape {SafeTensor.ShapeText(entry.Tensor.Shape)}; "
                + (shape.Length == 0 ? "one dimension is needed." : $"[{string.Join(", ", shape)}] is needed."));
        }

        used.Add(key);
        return (T[])entry.Elements;
    }

    /// <summary>An exception about this checkpoint, to be thrown.</summary>
    /// <param name="finding">What is wrong, as a sentence.</param>
    public CheckpointException Failure(string finding) => new(finding, staged.Path);

    /// <summary>A reader whose names are put behind a prefix.</summary>
    internal CheckpointReader Scope(string scope) => new(staged, Options, used, $"{prefix}{scope}.");

    /// <summary>Refuses tensors that nothing has asked for.</summary>
    internal void RequireAllUsed()
    {
        if (!Options.IgnoreUnknownTensors && staged.Tensors.Keys.FirstOrDefault(name => !used.Contains(name)) is { } unknown)
        {
            int count = staged.Tensors.Keys.Count(name => !used.Contains(name));
            throw Failure(
                $"It has a tensor '{unknown}' that belongs to nothing here{(count > 1 ? $", and {count - 1} more" : "")}. "
                + $"Rename it ({nameof(CheckpointLoadOptions)}.{nameof(CheckpointLoadOptions.Rename)}), or set "
                + $"{nameof(CheckpointLoadOptions.IgnoreUnknownTensors)}.");
        }
    }

    private TValue Parse<TValue>(string name, Func<string, TValue?> parse, string what)
        where TValue : struct
    {
        string text = ReadString(name);
        return parse(text) ?? throw Failure($"The entry '{prefix}{name}' is '{text}'; it must be {what}.");
    }
}
