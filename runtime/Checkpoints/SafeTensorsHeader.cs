using System.Collections.ObjectModel;
using System.Text;

namespace OptimGen;

/// <summary>
/// The header of a safetensors file, validated: the tensors' bytes follow each other from offset 0, in the order of their offsets, without gap or overlap.
/// </summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The limit of the format, in bytes, without the eight bytes of the length.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>The size of the header's length, a 64-bit integer before the header.</summary>
    public const int LengthSize = sizeof(ulong);

    /// <summary>The key of the metadata in the header, which no tensor may have as its name.</summary>
    public const string MetadataKey = "__metadata__";

    private readonly Dictionary<string, SafeTensor> byName;

    /// <exception cref="CheckpointException">The tensors overlap or leave a gap.</exception>
    internal SafeTensorsHeader(IEnumerable<SafeTensor> tensors, OrderedDictionary<string, string> metadata, long dataStart, string? path)
    {
        // An empty tensor comes before the tensor that begins where it stands. The sort is stable, so empty tensors keep the header's order.
        SafeTensor[] ordered = [.. tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End)];
        long end = 0;
        SafeTensor? previous = null;
        foreach (SafeTensor tensor in ordered)
        {
            if (tensor.Begin != end)
            {
                string before = previous is null ? "it is the first and must begin" : $"the tensor before, {Quoted.Text(previous.Name)}, ends";
                throw new CheckpointException($"The tensor {Quoted.Text(tensor.Name)} begins at offset {tensor.Begin}, but {before} at {end}.", path);
            }

            (end, previous) = (tensor.End, tensor);
        }

        Tensors = Array.AsReadOnly(ordered);
        byName = ordered.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Metadata = new ReadOnlyDictionary<string, string>(metadata);
        (DataStart, DataLength) = (dataStart, end);
    }

    /// <summary>The tensors in the order of their bytes.</summary>
    public ReadOnlyCollection<SafeTensor> Tensors { get; }

    /// <summary>The metadata in the order of the header, without the checksum.</summary>
    public ReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The position of the first byte of data in the file: the size of the header and of its length.</summary>
    public long DataStart { get; }

    /// <summary>The size of the data in bytes.</summary>
    public long DataLength { get; }

    /// <summary>The checksum's digits and their position in the file; <see langword="null"/> for a file without a checksum.</summary>
    public (long Position, byte[] Digits)? Checksum { get; init; }

    /// <summary>The tensor of that name, or <see langword="null"/>.</summary>
    public SafeTensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Requires that what follows the header is the data and nothing else.</summary>
    /// <param name="remaining">The number of bytes after the header.</param>
    /// <param name="path">The path of the file, for the message.</param>
    /// <exception cref="CheckpointException">There are more bytes or fewer.</exception>
    public void RequireDataLength(long remaining, string? path)
    {
        if (remaining < DataLength)
        {
            throw new CheckpointException(
                $"The file is truncated: its header describes {DataLength} bytes of data, and {remaining} follow.{TruncatedTensor(remaining)}", path);
        }

        if (remaining > DataLength)
        {
            throw new CheckpointException($"The header describes {DataLength} bytes of data, but {remaining} follow it.", path);
        }
    }

    /// <exception cref="CheckpointException">The checksum is another.</exception>
    public void RequireChecksum(SafeTensorsChecksum computed, string? path)
    {
        byte[] digits = computed.Digits();
        if (!digits.AsSpan().SequenceEqual(Checksum!.Value.Digits))
        {
            throw new CheckpointException(
                $"The file has changed since it was written: its checksum is {Ascii(Checksum.Value.Digits)}, and that of its bytes is {Ascii(digits)}.", path);
        }
    }

    /// <summary>The error of a file that ends too early.</summary>
    /// <param name="dataRead">The number of bytes of data that it has.</param>
    /// <param name="path">The path of the file, for the message.</param>
    public CheckpointException Truncated(long dataRead, string? path) => new(
        $"The file is truncated: its header describes {DataLength} bytes of data, and it ends after {dataRead} of them.{TruncatedTensor(dataRead)}", path);

    private string TruncatedTensor(long dataRead) =>
        Tensors.FirstOrDefault(tensor => tensor.End > dataRead) is { } tensor
            ? $" The tensor {Quoted.Text(tensor.Name)} of {tensor.ByteCount} bytes begins at offset {tensor.Begin}."
            : "";

    private static string Ascii(byte[] digits) => Encoding.ASCII.GetString(digits);
}
