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

    /// <summary>
    /// The ranks among which what is saved is divided; <see langword="null"/> where this process has all of it. Set by what is saved.
    /// </summary>
    public ICommunicator? Communicator { get; set; }

    /// <summary>The rank that gets the parts of all; <see langword="null"/> if every rank gets them.</summary>
    public int? Receiver { get; private init; }

    /// <summary>Collects the entries of something, in its live memory, or in copies of what other ranks have.</summary>
    /// <param name="source">What is saved.</param>
    /// <param name="receiver">The rank that gets the parts of all; <see langword="null"/> if every rank gets them.</param>
    public static CheckpointContents Of(ICheckpointable source, int? receiver = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var contents = new CheckpointContents { Receiver = receiver };
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

    /// <summary>Writes a file, which one of the ranks does for all. It returns on every rank when the file is complete.</summary>
    /// <exception cref="IOException">The rank that writes cannot, on every other rank; on that rank its own exception.</exception>
    public void WriteFile(Action write)
    {
        if (Communicator is null)
        {
            write();
            return;
        }

        Exception? failure = null;
        try
        {
            if (Communicator.Rank == Receiver)
            {
                write();
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        string[] failures = Communicator.AllGather(failure is null ? "" : $"{failure.GetType().Name}: {failure.Message}");
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        if (Array.Find(failures, one => one.Length > 0) is { } other)
        {
            throw new IOException($"Rank {Receiver} could not write the checkpoint. {other}");
        }
    }

    private void RequireNew(string name)
    {
        if (!names.Add(name))
        {
            throw new ArgumentException($"The checkpoint already has an entry '{name}'.", nameof(name));
        }
    }
}
