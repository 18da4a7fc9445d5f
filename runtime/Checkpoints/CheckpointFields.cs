namespace OptimGen;

/// <summary>A state whose fields are named once, for checkpoints that are saved and for those that are loaded.</summary>
internal interface ICheckpointState
{
    /// <summary>Passes each field, with its name, to be written or read.</summary>
    void Exchange(CheckpointFields fields);
}

/// <summary>Writes the fields of a state into a checkpoint, or reads them from one.</summary>
internal readonly struct CheckpointFields
{
    private readonly CheckpointWriter? writer;
    private readonly CheckpointReader? reader;

    private CheckpointFields(CheckpointWriter? writer, CheckpointReader? reader) => (this.writer, this.reader) = (writer, reader);

    /// <summary>Fields that are written.</summary>
    public static CheckpointFields Of(CheckpointWriter writer) => new(writer, reader: null);

    /// <summary>Fields that are read.</summary>
    public static CheckpointFields Of(CheckpointReader reader) => new(writer: null, reader);

    /// <summary>Writes a state.</summary>
    public static void Save<TState>(TState state, CheckpointWriter writer)
        where TState : struct, ICheckpointState => state.Exchange(Of(writer));

    /// <summary>Reads a state.</summary>
    /// <exception cref="CheckpointException">A field is missing, or has a value that it may not have.</exception>
    public static TState Load<TState>(CheckpointReader reader)
        where TState : struct, ICheckpointState
    {
        TState state = default;
        state.Exchange(Of(reader));
        return state;
    }

    public void Field(string name, ref double value)
    {
        writer?.Write(name, value);
        value = reader?.ReadDouble(name) ?? value;
    }

    public void Field(string name, ref long value)
    {
        writer?.Write(name, value);
        value = reader?.ReadInt64(name) ?? value;
    }

    public void Field(string name, ref int value)
    {
        writer?.Write(name, value);
        value = reader?.ReadInt32(name) ?? value;
    }

    public void Field(string name, ref bool value)
    {
        writer?.Write(name, value);
        value = reader?.ReadBoolean(name) ?? value;
    }

    /// <summary>One number of each item of a list, as an array.</summary>
    /// <param name="name">The name.</param>
    /// <param name="items">The items to be written.</param>
    /// <param name="numberOf">The number of an item.</param>
    /// <param name="count">The number of items that must be there to be read: that of another column; <see langword="null"/> for any.</param>
    /// <returns>The numbers that were written or read.</returns>
    public TNumber[] Column<TItem, TNumber>(string name, IReadOnlyList<TItem> items, Func<TItem, TNumber> numberOf, int? count = null)
        where TNumber : unmanaged
    {
        if (reader is not null)
        {
            return count is { } size ? reader.ReadArray<TNumber>(name, size) : reader.ReadArray<TNumber>(name);
        }

        TNumber[] numbers = [.. items.Select(numberOf)];
        writer!.Write<TNumber>(name, numbers);
        return numbers;
    }

    /// <summary>One text of each item of a list.</summary>
    /// <inheritdoc cref="Column{TItem, TNumber}"/>
    public string[] Texts<TItem>(string name, IReadOnlyList<TItem> items, Func<TItem, string> textOf, int count)
    {
        var texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            texts[i] = reader?.ReadString($"{name}.{i}") ?? textOf(items[i]);
            writer?.Write($"{name}.{i}", texts[i]);
        }

        return texts;
    }
}
