namespace OptimGen;

/// <summary>The entries of a checkpoint that is to be written.</summary>
internal sealed class CheckpointContents
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, string>> texts = [];
    private readonly List<TensorSource> tensors = [];

    public IReadOnlyList<KeyValuePair<string, string>> Texts => texts;

    public IReadOnlyList<TensorSource> Tensors => tensors;

    public int EntryCount => texts.Count + tensors.Count;

    /// <summary>Collects the entries of something, in its live memory.</summary>
    public static CheckpointContents Of(ICheckpointable source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var contents = new CheckpointContents();
        source.SaveTo(new CheckpointWriter(contents));
        return contents;
    }

    public void AddText(string name, string value)
    {
        RequireNew(name);
        texts.Add(new(name, value));
    }

    public void AddTensor<T>(string name, ReadOnlyMemory<T> elements, long[] shape)
        where T : unmanaged
    {
        var source = TensorSource.Of(name, shape, elements);
        RequireNew(name);
        tensors.Add(source);
    }

    /// <summary>Composes the file.</summary>
    public SafeTensorsWriter ToFile() => new(texts, tensors);

    private void RequireNew(string name)
    {
        if (!names.Add(name))
        {
            throw new ArgumentException($"The checkpoint already has an entry '{name}'.", nameof(name));
        }
    }
}
