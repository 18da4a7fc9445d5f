using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OptimGen;

/// <summary>
/// Writes a safetensors file: the header, padded with spaces so that the data begin at a multiple of 8, then the tensors in the given order. The tensors are
/// copied chunk by chunk while they are written, so there is never a second copy of the data.
/// </summary>
internal sealed class SafeTensorsWriter
{
    /// <summary>The most bytes in one write to the stream, and so between two checks for cancellation.</summary>
    internal const int ChunkSize = 1 << 20;

    private const int Alignment = 8;

    /// <summary>Chunks end at multiples of it, which is one of every element's size.</summary>
    private const int ChunkAlignment = 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TensorSource[] tensors;
    private readonly byte[] header;
    private readonly int? digitsStart;

    /// <summary>Validates the tensors and metadata, and composes the header.</summary>
    /// <param name="metadata">Texts by unique keys, in the order in which they are written.</param>
    /// <param name="tensors">The tensors, in the order in which they are written.</param>
    /// <param name="withChecksum">Whether the metadata gets the checksum that <see cref="SafeTensorsChecksum"/> describes.</param>
    /// <exception cref="ArgumentException">
    /// A name or key occurs twice, is reserved or is not valid UTF-16, or the header or the data are above the limits of the format.
    /// </exception>
    public SafeTensorsWriter(IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<TensorSource> tensors, bool withChecksum = true)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        this.tensors = [.. tensors];
        (header, digitsStart) = ComposeHeader([.. metadata], this.tensors, withChecksum);
        Int128 length = header.Length;
        foreach (TensorSource tensor in this.tensors)
        {
            length += tensor.Size.Bytes;
        }

        Length = length <= long.MaxValue
            ? (long)length
            : throw new ArgumentException($"The tensors have {length - header.Length} bytes, which no file can have.", nameof(tensors));
    }

    /// <summary>The size of the file in bytes.</summary>
    public long Length { get; }

    /// <summary>
    /// Writes the file. The checksum precedes the data that it is of. A seekable stream gets it afterwards; for any other stream, the data are hashed in a
    /// pass of their own before they are written.
    /// </summary>
    /// <param name="stream">The stream, written from its position on.</param>
    /// <param name="progress">Receives the number of bytes written so far, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Is checked before every chunk. A cancelled file is incomplete.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A tensor changed between the two passes.</exception>
    public void Write(Stream stream, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        using var run = new Run(this, stream, progress, cancellationToken);
        while (run.NextChunk() is { IsEmpty: false } chunk)
        {
            stream.Write(chunk.Span);
            run.Report();
        }

        if (run.DigitsToPatch() is { } digits)
        {
            run.SeekToDigits();
            stream.Write(digits);
            run.SeekToEnd();
        }
    }

    /// <inheritdoc cref="Write"/>
    public async ValueTask WriteAsync(Stream stream, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        using var run = new Run(this, stream, progress, cancellationToken);
        while (run.NextChunk() is { IsEmpty: false } chunk)
        {
            await stream.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
            run.Report();
        }

        if (run.DigitsToPatch() is { } digits)
        {
            run.SeekToDigits();
            await stream.WriteAsync(digits, cancellationToken).ConfigureAwait(false);
            run.SeekToEnd();
        }
    }

    private static void RequireText(string text, string what, string argument)
    {
        ArgumentNullException.ThrowIfNull(text, argument);
        try
        {
            _ = Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{what} {Quoted.Text(text)} is not valid Unicode: it has half of a surrogate pair.", argument, e);
        }
    }

    private static (byte[] Header, int? DigitsStart) ComposeHeader(
        KeyValuePair<string, string>[] metadata, TensorSource[] tensors, bool withChecksum)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write<byte>(new byte[SafeTensorsHeader.LengthSize]);
        int? start = null;
        // Relaxed: names stay readable. The header is no part of a web page.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Length > 0 || withChecksum)
            {
                WriteMetadata(json, metadata);
                if (withChecksum)
                {
                    json.WriteString(SafeTensorsChecksum.Key, SafeTensorsChecksum.Placeholder);
                    json.Flush();
                    const int Quote = 1;
                    start = buffer.WrittenCount - Quote - SafeTensorsChecksum.DigitCount;
                }

                json.WriteEndObject();
            }

            WriteTensors(json, tensors);
            json.WriteEndObject();
        }

        int padding = (Alignment - (buffer.WrittenCount % Alignment)) % Alignment;
        byte[] bytes = new byte[buffer.WrittenCount + padding];
        buffer.WrittenSpan.CopyTo(bytes);
        bytes.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        int length = bytes.Length - SafeTensorsHeader.LengthSize;
        if (length > SafeTensorsHeader.MaxLength)
        {
            throw new ArgumentException(
                $"The header of {tensors.Length} tensors and {metadata.Length} metadata has {length} bytes; the limit of the format is {SafeTensorsHeader.MaxLength}.",
                nameof(tensors));
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        return (bytes, start);
    }

    private static void WriteMetadata(Utf8JsonWriter json, KeyValuePair<string, string>[] metadata)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject(SafeTensorsHeader.MetadataKey);
        foreach ((string key, string value) in metadata)
        {
            RequireText(key, "The key", nameof(metadata));
            RequireText(value, $"The value of '{key}',", nameof(metadata));
            if (key == SafeTensorsChecksum.Key || value.StartsWith(SafeTensorsChecksum.Prefix, StringComparison.Ordinal))
            {
                throw new ArgumentException($"The metadata '{key}' has the key or the form of the checksum, which the writer adds itself.", nameof(metadata));
            }

            if (!keys.Add(key))
            {
                throw new ArgumentException($"The key '{key}' occurs more than once in the metadata.", nameof(metadata));
            }

            json.WriteString(key, value);
        }
    }

    private static void WriteTensors(Utf8JsonWriter json, TensorSource[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Int128 offset = 0;
        foreach (TensorSource tensor in tensors)
        {
            RequireText(tensor.Name, "The name", nameof(tensors));
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"The name '{tensor.Name}' occurs more than once.", nameof(tensors));
            }

            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype"u8, tensor.Dtype.FormatName());
            json.WriteStartArray("shape"u8);
            foreach (long size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets"u8);
            json.WriteNumberValue((long)Int128.Min(offset, long.MaxValue));
            offset += tensor.Size.Bytes;
            json.WriteNumberValue((long)Int128.Min(offset, long.MaxValue));
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>One writing of the file: yields its chunks and computes the checksum of what it yields.</summary>
    private sealed class Run : IDisposable
    {
        private readonly SafeTensorsWriter writer;
        private readonly Stream stream;
        private readonly IProgress<long>? progress;
        private readonly CancellationToken cancellationToken;
        private readonly SafeTensorsChecksum? checksum;
        private readonly byte[] header;
        private readonly byte[] buffer;
        private readonly byte[]? digits;
        private readonly long start;
        private Cursor cursor;

        public Run(SafeTensorsWriter writer, Stream stream, IProgress<long>? progress, CancellationToken cancellationToken)
        {
            ArgumentNullException.ThrowIfNull(stream);
            if (!stream.CanWrite)
            {
                throw new ArgumentException("The stream cannot be written.", nameof(stream));
            }

            (this.writer, this.stream, this.progress, this.cancellationToken) = (writer, stream, progress, cancellationToken);
            start = stream.CanSeek ? stream.Position : 0;
            header = writer.header;
            buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ChunkSize, writer.Length));
            if (writer.digitsStart is { } digitsStart)
            {
                if (!stream.CanSeek)
                {
                    digits = HashFirst(digitsStart);
                    header = [.. writer.header];
                    digits.CopyTo(header, digitsStart);
                }

                checksum = new SafeTensorsChecksum(digitsStart);
            }
        }

        /// <summary>The next bytes of the file; none at its end.</summary>
        public ReadOnlyMemory<byte> NextChunk()
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = cursor.Fill(writer, header, buffer.AsSpan(0, Math.Min(buffer.Length, ChunkSize)));
            checksum?.Append(buffer.AsSpan(0, count));
            return buffer.AsMemory(0, count);
        }

        public void Report() => progress?.Report(cursor.Position);

        /// <summary>After the last chunk, the digits that are to be written over the placeholder; <see langword="null"/> if they have been written.</summary>
        public byte[]? DigitsToPatch()
        {
            byte[]? computed = checksum?.Digits();
            if (digits is null)
            {
                return computed;
            }

            return computed.AsSpan().SequenceEqual(digits)
                ? null
                : throw new InvalidOperationException("A tensor changed while it was being written. The file has a checksum that does not fit.");
        }

        public void SeekToDigits() => stream.Position = start + writer.digitsStart!.Value;

        public void SeekToEnd() => stream.Position = start + writer.Length;

        public void Dispose()
        {
            checksum?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }

        private byte[] HashFirst(int digitsStart)
        {
            using var first = new SafeTensorsChecksum(digitsStart);
            Cursor pass = default;
            int count;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                count = pass.Fill(writer, header, buffer.AsSpan(0, Math.Min(buffer.Length, ChunkSize)));
                first.Append(buffer.AsSpan(0, count));
            }
            while (count > 0);

            return first.Digits();
        }
    }

    /// <summary>A position in the file that is being composed.</summary>
    private struct Cursor
    {
        private int index;
        private long offset;

        /// <summary>The number of bytes before it, those of the header included.</summary>
        public long Position { get; private set; }

        /// <summary>Copies the next bytes of the file.</summary>
        /// <returns>Their number; 0 at the end.</returns>
        public int Fill(SafeTensorsWriter writer, byte[] header, Span<byte> destination)
        {
            int filled = 0;
            if (Position < header.Length)
            {
                filled = (int)Math.Min(header.Length - Position, destination.Length);
                header.AsSpan((int)Position, filled).CopyTo(destination);
            }

            while (Position + filled >= header.Length && index < writer.tensors.Length)
            {
                TensorSource tensor = writer.tensors[index];
                long rest = tensor.Size.Bytes - offset;
                int count = (int)Math.Min(rest, destination.Length - filled);
                if (count < rest)
                {
                    count -= count % ChunkAlignment;
                    if (count == 0)
                    {
                        break;
                    }
                }

                if (count > 0)
                {
                    tensor.Copy(offset, destination.Slice(filled, count));
                }

                (filled, offset) = (filled + count, offset + count);
                if (offset == tensor.Size.Bytes)
                {
                    (index, offset) = (index + 1, 0);
                }
            }

            Position += filled;
            return filled;
        }
    }
}
