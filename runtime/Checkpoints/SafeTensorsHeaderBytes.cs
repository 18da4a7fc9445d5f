using System.Buffers.Binary;

namespace OptimGen;

/// <summary>
/// The bytes of a header while they arrive from a stream. The buffer grows with what has been read, never with what the header's length claims, so a
/// hundred bytes that claim a gigabyte cost no gigabyte.
/// </summary>
internal sealed class SafeTensorsHeaderBytes
{
    private const int FirstBuffer = 1 << 12;
    private const byte Brace = (byte)'{';

    private readonly string? path;
    private readonly long? available;
    private byte[] buffer = new byte[SafeTensorsHeader.LengthSize];
    private int count;
    private int total = SafeTensorsHeader.LengthSize;

    private SafeTensorsHeaderBytes(Stream stream, string? path)
    {
        this.path = path;
        available = stream.CanSeek ? stream.Length - stream.Position : null;
    }

    private bool IsComplete => count == total && total > SafeTensorsHeader.LengthSize;

    private Memory<byte> Free => buffer.AsMemory(count);

    /// <summary>Reads the length and the header, and for a seekable stream compares the size of the data with the stream's.</summary>
    /// <param name="stream">The stream, at the first byte of the file; afterwards at the first byte of the data.</param>
    /// <param name="path">The path of the file, for messages.</param>
    /// <returns>The header, and its bytes with those of the length.</returns>
    /// <exception cref="CheckpointException">The header is truncated or invalid.</exception>
    public static (SafeTensorsHeader Header, ReadOnlyMemory<byte> Bytes) Read(Stream stream, string? path)
    {
        var bytes = new SafeTensorsHeaderBytes(stream, path);
        while (!bytes.IsComplete)
        {
            bytes.Take(stream.Read(bytes.Free.Span));
        }

        return bytes.Parse();
    }

    /// <inheritdoc cref="Read(Stream, string?)"/>
    public static async ValueTask<(SafeTensorsHeader Header, ReadOnlyMemory<byte> Bytes)> ReadAsync(
        Stream stream, string? path, CancellationToken cancellationToken)
    {
        var bytes = new SafeTensorsHeaderBytes(stream, path);
        while (!bytes.IsComplete)
        {
            bytes.Take(await stream.ReadAsync(bytes.Free, cancellationToken).ConfigureAwait(false));
        }

        return bytes.Parse();
    }

    private void Take(int read)
    {
        if (read == 0)
        {
            throw new CheckpointException(
                total == SafeTensorsHeader.LengthSize
                    ? $"The file is truncated: it has {count} bytes, and begins with the header's length in 8 bytes."
                    : $"The file is truncated: it ends after {count} bytes, and its header is to end after {total}.",
                path);
        }

        bool isNew = count <= SafeTensorsHeader.LengthSize;
        count += read;
        if (count == SafeTensorsHeader.LengthSize)
        {
            ReadLength();
        }
        else if (isNew && count > SafeTensorsHeader.LengthSize && buffer[SafeTensorsHeader.LengthSize] != Brace)
        {
            // Before anything else is read: most files of other formats end here.
            throw new CheckpointException($"The header begins with the byte 0x{buffer[SafeTensorsHeader.LengthSize]:x2}; it must begin with '{{', 0x7b.", path);
        }

        if (count == buffer.Length && count < total)
        {
            Array.Resize(ref buffer, (int)Math.Min(total, Math.Max(FirstBuffer, 2L * count)));
        }
    }

    private void ReadLength()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(buffer);
        if (length > SafeTensorsHeader.MaxLength)
        {
            throw new CheckpointException($"The header's length is {length}; the limit of the format is {SafeTensorsHeader.MaxLength}.", path);
        }

        if (length < 2)
        {
            throw new CheckpointException($"The header's length is {length}; the shortest header, '{{}}', has 2 bytes.", path);
        }

        total = SafeTensorsHeader.LengthSize + (int)length;
        if (available < total)
        {
            throw new CheckpointException($"The file is truncated: it has {available} bytes, and its header is to end after {total}.", path);
        }
    }

    private (SafeTensorsHeader Header, ReadOnlyMemory<byte> Bytes) Parse()
    {
        SafeTensorsHeader header = SafeTensorsHeaderParser.Parse(buffer.AsSpan(SafeTensorsHeader.LengthSize, total - SafeTensorsHeader.LengthSize), path);
        if (available is { } length)
        {
            header.RequireDataLength(length - total, path);
        }

        return (header, buffer.AsMemory(0, total));
    }
}
