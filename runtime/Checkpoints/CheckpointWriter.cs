using System.Globalization;

namespace OptimGen;

/// <summary>
/// Receives the entries of a checkpoint: numbers and texts, which become metadata of the safetensors file, and arrays, which become its tensors. The
/// names of the entries of a callback begin with <c>callbacks.</c> and its name, so callbacks do not meet each other's.
/// </summary>
public sealed class CheckpointWriter
{
    private readonly CheckpointContents contents;
    private readonly string prefix;

    internal CheckpointWriter(CheckpointContents contents, string prefix = "") => (this.contents, this.prefix) = (contents, prefix);

    /// <summary>The number of entries so far, of every scope.</summary>
    internal int EntryCount => contents.EntryCount;

    /// <summary>The rank that gets the parts of all; <see langword="null"/> if every rank gets them.</summary>
    internal int? Receiver => contents.Receiver;

    /// <summary>Has the file be written once for all ranks.</summary>
    internal void DivideAmong(ICommunicator communicator) => contents.Communicator = communicator;

    /// <summary>Writes a number. It is restored to the bit.</summary>
    /// <param name="name">The name, new to this scope.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void Write(string name, double value) => Write(name, CheckpointText.Of(value));

    /// <summary>Writes an integer.</summary>
    /// <inheritdoc cref="Write(string, double)"/>
    public void Write(string name, long value) => Write(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a truth value.</summary>
    /// <inheritdoc cref="Write(string, double)"/>
    public void Write(string name, bool value) => Write(name, CheckpointText.Of(value));

    /// <summary>Writes a text.</summary>
    /// <param name="name">The name, new to this scope.</param>
    /// <param name="value">The text, of valid Unicode.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void Write(string name, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        contents.AddText(prefix + name, value);
    }

    /// <summary>Writes an array.</summary>
    /// <param name="name">The name, new to this scope.</param>
    /// <param name="elements">The elements, in row-major order. They are read while the checkpoint is written.</param>
    /// <param name="shape">The sizes of the dimensions; none means one dimension.</param>
    /// <typeparam name="T">The type of an element: a primitive number, <see cref="Half"/>, <see cref="BFloat16"/> or <see cref="bool"/>.</typeparam>
    /// <exception cref="ArgumentException">The name is empty or taken, or the elements do not fill the shape.</exception>
    /// <exception cref="NotSupportedException">The file format has no such type.</exception>
    public void Write<T>(string name, ReadOnlyMemory<T> elements, params int[] shape)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(shape);
        contents.AddTensor(prefix + name, elements, shape.Length == 0 ? [elements.Length] : [.. shape.Select(size => (long)size)]);
    }

    /// <summary>A writer whose names are put behind a prefix.</summary>
    internal CheckpointWriter Scope(string scope) => new(contents, $"{prefix}{scope}.");
}
