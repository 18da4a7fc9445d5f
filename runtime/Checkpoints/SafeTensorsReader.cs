using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Reads a safetensors file from a stream, front to back: the header, then the tensors in the order of their bytes, then the end, where the checksum is
/// compared if the file has one. The stream need not be seekable. <see cref="SafeTensorsFile"/> reads the tensors of a file in any order.
/// </summary>
/// <remarks>
/// What has been read is verified only when <see cref="Finish"/> returns. After an exception the position in the file is unknown; the reader is then to be
/// given up. The stream is the caller's to close.
/// </remarks>
internal sealed class SafeTensorsReader : IDisposable
{
    /// <summary>The most bytes in one read of the stream, and so between two checks for cancellation.</summary>
    internal const int ChunkSize = 1 << 20;

    private readonly Stream stream;
    private readonly string? path;
    private readonly IProgress<long>? progress;
    private readonly SafeTensorsChecksum? checksum;
    private long dataRead;
    private int tensorIndex;

    private SafeTensorsReader(
        Stream stream, (SafeTensorsHeader Header, ReadOnlyMemory<byte> Bytes) header, string? path, IProgress<long>? progress)
    {
        this.stream = stream;
        this.path = path;
        this.progress = progress;
        Header = header.Header;
        if (Header.Checksum is { } stored)
        {
            checksum = new SafeTensorsChecksum(stored.Position);
            checksum.Append(header.Bytes.Span);
        }

        progress?.Report(Header.DataStart);
    }

    /// <summary>The header.</summary>
    public SafeTensorsHeader Header { get; }

    /// <summary>The tensor whose bytes are read next; <see langword="null"/> at the end.</summary>
    public SafeTensor? Next => tensorIndex < Header.Tensors.Count ? Header.Tensors[tensorIndex] : null;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The stream, at the first byte of the file, which extends to the stream's end.</param>
    /// <param name="path">The path of the file for error messages, or <see langword="null"/>.</param>
    /// <param name="progress">Receives the number of bytes read so far, or <see langword="null"/>.</param>
    /// <exception cref="CheckpointException">The header is invalid, or a seekable stream has another length than it describes.</exception>
    public static SafeTensorsReader Open(Stream stream, string? path = null, IProgress<long>? progress = null)
    {
        RequireReadable(stream);
        return new(stream, SafeTensorsHeaderBytes.Read(stream, path), path, progress);
    }

    /// <inheritdoc cref="Open"/>
    public static async ValueTask<SafeTensorsReader> OpenAsync(
        Stream stream, string? path = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        RequireReadable(stream);
        return new(stream, await SafeTensorsHeaderBytes.ReadAsync(stream, path, cancellationToken).ConfigureAwait(false), path, progress);
    }

    /// <summary>Reads bytes of <see cref="Next"/>, from where the last call ended. With the tensor's last byte, the next tensor becomes <see cref="Next"/>.</summary>
    /// <param name="destination">Receives the bytes, little-endian; at most as many as the tensor has left.</param>
    /// <param name="cancellationToken">Is checked before every chunk.</param>
    /// <exception cref="CheckpointException">The file is truncated.</exception>
    public void Read(Span<byte> destination, CancellationToken cancellationToken = default)
    {
        RequireLeft(destination.Length, nameof(destination));
        while (!destination.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> chunk = destination[..Math.Min(destination.Length, ChunkSize)];
            int count = stream.Read(chunk);
            Take(chunk[..count]);
            destination = destination[count..];
        }

        Advance();
    }

    /// <inheritdoc cref="Read(Span{byte}, CancellationToken)"/>
    public async ValueTask ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        RequireLeft(destination.Length, nameof(destination));
        while (!destination.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Memory<byte> chunk = destination[..Math.Min(destination.Length, ChunkSize)];
            int count = await stream.ReadAsync(chunk, cancellationToken).ConfigureAwait(false);
            Take(chunk.Span[..count]);
            destination = destination[count..];
        }

        Advance();
    }

    /// <summary>Reads the whole of <see cref="Next"/> as elements of the machine's byte order.</summary>
    /// <param name="destination">Receives the elements; as many as the tensor has, of its type.</param>
    /// <param name="cancellationToken">Is checked before every chunk.</param>
    /// <exception cref="CheckpointException">The file is truncated, or the tensor has another type or number of elements.</exception>
    public void ReadElements<T>(Span<T> destination, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        RequireElements<T>(destination.Length);
        if (destination.IsEmpty)
        {
            Read([], cancellationToken);
        }

        int elements = ChunkSize / Unsafe.SizeOf<T>();
        while (!destination.IsEmpty)
        {
            Span<T> chunk = destination[..Math.Min(destination.Length, elements)];
            Read(MemoryMarshal.AsBytes(chunk), cancellationToken);
            LittleEndian.ToNative(chunk);
            destination = destination[chunk.Length..];
        }
    }

    /// <inheritdoc cref="ReadElements{T}(Span{T}, CancellationToken)"/>
    public async ValueTask ReadElementsAsync<T>(Memory<T> destination, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        RequireElements<T>(destination.Length);
        if (destination.IsEmpty)
        {
            Read([], cancellationToken);
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            int elements = ChunkSize / Unsafe.SizeOf<T>();
            while (!destination.IsEmpty)
            {
                Memory<T> chunk = destination[..Math.Min(destination.Length, elements)];
                Memory<byte> bytes = buffer.AsMemory(0, chunk.Length * Unsafe.SizeOf<T>());
                await ReadAsync(bytes, cancellationToken).ConfigureAwait(false);
                bytes.Span.CopyTo(MemoryMarshal.AsBytes(chunk.Span));
                LittleEndian.ToNative(chunk.Span);
                destination = destination[chunk.Length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the rest of <see cref="Next"/> and drops it.</summary>
    public void Skip(CancellationToken cancellationToken = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (int index = tensorIndex; index == tensorIndex && Next is not null;)
            {
                Read(buffer.AsSpan(0, (int)Math.Min(Left, ChunkSize)), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc cref="Skip"/>
    public async ValueTask SkipAsync(CancellationToken cancellationToken = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (int index = tensorIndex; index == tensorIndex && Next is not null;)
            {
                await ReadAsync(buffer.AsMemory(0, (int)Math.Min(Left, ChunkSize)), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Skips the tensors that have not been read, requires the stream to end, and compares the checksum if the file has one.</summary>
    /// <exception cref="CheckpointException">The file is truncated or too long, or its checksum is another.</exception>
    public void Finish(CancellationToken cancellationToken = default)
    {
        while (Next is not null)
        {
            Skip(cancellationToken);
        }

        RequireEnd(stream.ReadByte() < 0);
    }

    /// <inheritdoc cref="Finish"/>
    public async ValueTask FinishAsync(CancellationToken cancellationToken = default)
    {
        while (Next is not null)
        {
            await SkipAsync(cancellationToken).ConfigureAwait(false);
        }

        RequireEnd(await stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 0);
    }

    /// <summary>Releases the checksum's state; the stream stays open.</summary>
    public void Dispose() => checksum?.Dispose();

    private long Left => Next is { } next ? next.End - dataRead : 0;

    private static void RequireReadable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        }
    }

    private void RequireLeft(int length, string argument)
    {
        if (length > Left || Next is null)
        {
            throw new ArgumentException(
                Next is { } next
                    ? $"destination has {length} bytes, and the tensor '{next.Name}' has {Left} left."
                    : "There is no further tensor.",
                argument);
        }
    }

    private void RequireElements<T>(int length)
        where T : unmanaged
    {
        SafeTensorsDtype dtype = SafeTensorsDtypes.Of<T>();
        if (Next is { } next && (next.Dtype != dtype || next.ElementCount != length || dataRead != next.Begin))
        {
            throw new CheckpointException(
                $"The tensor {Quoted.Text(next.Name)} is {next.Dtype.FormatName()} {SafeTensor.ShapeText(next.Shape)} with {Left} bytes to be read; "
                    + $"expected were {length} elements of {dtype.FormatName()}.",
                path);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw Header.Truncated(dataRead, path);
        }

        checksum?.Append(bytes);
        dataRead += bytes.Length;
        progress?.Report(Header.DataStart + dataRead);
    }

    private void Advance()
    {
        if (Left == 0)
        {
            tensorIndex++;
        }
    }

    private void RequireEnd(bool isEnd)
    {
        if (!isEnd)
        {
            throw new CheckpointException($"The header describes {Header.DataLength} bytes of data, but more follow it.", path);
        }

        if (checksum is not null)
        {
            Header.RequireChecksum(checksum, path);
        }
    }
}
