using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OptimGen;

/// <summary>
/// A safetensors file, opened to list and read its tensors in any order: a checkpoint of this library or a file of any other
/// (<see href="https://github.com/huggingface/safetensors"/>).
/// </summary>
/// <remarks>
/// Only the header is in memory; a tensor is read into memory that the caller provides. Opening validates the whole header against the file's length, so
/// every listed tensor is within the file. Reading is thread-safe. A file that is replaced while it is open is still read as it was opened.
/// </remarks>
/// <example>
/// <code>
/// using SafeTensorsFile file = SafeTensorsFile.Open("model.safetensors");
/// foreach (SafeTensor tensor in file.Tensors)
/// {
///     Console.WriteLine(tensor);              // dense1.weight F32 [128, 784]
/// }
///
/// float[] weights = new float[file["dense1.weight"].ElementCount];
/// file.Read("dense1.weight", weights);
/// </code>
/// </example>
public sealed class SafeTensorsFile : IDisposable
{
    private const int ChunkSize = SafeTensorsReader.ChunkSize;

    private readonly SafeTensorsHeader header;
    private readonly FileStream stream;
    private readonly SafeFileHandle handle;

    private SafeTensorsFile(FileStream stream, SafeTensorsHeader header) =>
        (this.stream, this.header, handle, Path) = (stream, header, stream.SafeFileHandle, stream.Name);

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their bytes in the file.</summary>
    public IReadOnlyList<SafeTensor> Tensors => header.Tensors;

    /// <summary>The metadata of the header, in its order; empty if it has none. The checksum of this library is left out.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Whether the file has a checksum of this library, which <see cref="VerifyChecksum"/> compares. Files of other libraries have none.</summary>
    public bool HasChecksum => header.Checksum is not null;

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    public SafeTensor this[string name] => TryGetTensor(name) ?? throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'.");

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="CheckpointException">
    /// The file is not a valid safetensors file: the header is malformed, tensors overlap or leave a gap, or the file is too short or too long.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // No buffer: the header is read by itself, and tensors straight into the caller's memory. Delete: the file may be replaced meanwhile.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            return stream.CanSeek
                ? new SafeTensorsFile(stream, SafeTensorsHeaderBytes.Read(stream, stream.Name).Header)
                : throw new IOException($"'{stream.Name}' is not a file that can be read at any position.");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, or <see langword="null"/> if the file has none of that name.</summary>
    /// <param name="name">The name.</param>
    public SafeTensor? TryGetTensor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return header.Find(name);
    }

    /// <summary>Reads all elements of a tensor.</summary>
    /// <typeparam name="T">The type that corresponds to the tensor's: float to F32, double to F64, <see cref="Half"/> to F16, bool to BOOL, byte to U8, …</typeparam>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Receives the elements in row-major order; as long as the tensor.</param>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    /// <exception cref="ArgumentException">The tensor has another type or number of elements.</exception>
    /// <exception cref="NotSupportedException">The format has no element type for <typeparamref name="T"/>.</exception>
    /// <exception cref="CheckpointException">The file has been truncated since it was opened.</exception>
    public void Read<T>(string name, Span<T> destination)
        where T : unmanaged
    {
        SafeTensor tensor = RequireElements<T>(name, destination.Length, nameof(destination));
        int elements = ChunkSize / Unsafe.SizeOf<T>();
        for (long offset = 0; !destination.IsEmpty;)
        {
            Span<T> chunk = destination[..Math.Min(destination.Length, elements)];
            ReadBytes(tensor, offset, MemoryMarshal.AsBytes(chunk));
            LittleEndian.ToNative(chunk);
            offset += (long)chunk.Length * Unsafe.SizeOf<T>();
            destination = destination[chunk.Length..];
        }
    }

    /// <inheritdoc cref="Read{T}(string, Span{T})"/>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Receives the elements in row-major order; as long as the tensor.</param>
    /// <param name="progress">Receives the number of bytes read so far, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Is checked before every chunk of 1 MiB.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled. A part of the elements may have been read.</exception>
    public async ValueTask ReadAsync<T>(
        string name, Memory<T> destination, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged
    {
        SafeTensor tensor = RequireElements<T>(name, destination.Length, nameof(destination));
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ChunkSize, tensor.ByteCount));
        try
        {
            int elements = ChunkSize / Unsafe.SizeOf<T>();
            for (long offset = 0; !destination.IsEmpty;)
            {
                Memory<T> chunk = destination[..Math.Min(destination.Length, elements)];
                Memory<byte> bytes = buffer.AsMemory(0, chunk.Length * Unsafe.SizeOf<T>());
                for (int read = 0; read < bytes.Length;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    read += RequireBytes(
                        await RandomAccess.ReadAsync(handle, bytes[read..], Position(tensor, offset + read), cancellationToken).ConfigureAwait(false),
                        tensor.Begin + offset + read);
                }

                bytes.Span.CopyTo(MemoryMarshal.AsBytes(chunk.Span));
                LittleEndian.ToNative(chunk.Span);
                offset += bytes.Length;
                destination = destination[chunk.Length..];
                progress?.Report(offset);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads bytes of a tensor of any type, little-endian as they are in the file.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="offset">The first byte to be read, counted from the tensor's first.</param>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative, or the destination extends past the tensor's end.</exception>
    /// <exception cref="CheckpointException">The file has been truncated since it was opened.</exception>
    public void ReadBytes(string name, Span<byte> destination, long offset = 0)
    {
        SafeTensor tensor = this[name];
        if (offset < 0 || offset > tensor.ByteCount - destination.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"offset is {offset} and destination has {destination.Length} bytes; '{name}' has {tensor.ByteCount} bytes.");
        }

        ReadBytes(tensor, offset, destination);
    }

    /// <summary>Reads the whole file and compares its checksum. Any changed byte is found, in the header or the data.</summary>
    /// <param name="progress">Receives the number of bytes read so far, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Is checked before every chunk of 1 MiB.</param>
    /// <returns><see langword="false"/> if the file has no checksum; nothing is read then.</returns>
    /// <exception cref="CheckpointException">The checksum is another, or the file has been truncated since it was opened.</exception>
    public bool VerifyChecksum(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (header.Checksum is not { } stored)
        {
            return false;
        }

        using var checksum = new SafeTensorsChecksum(stored.Position);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long end = header.DataStart + header.DataLength;
            for (long position = 0; position < end; progress?.Report(position))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(ChunkSize, end - position));
                int count = RequireBytes(RandomAccess.Read(handle, chunk, position), position - header.DataStart);
                checksum.Append(chunk[..count]);
                position += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        header.RequireChecksum(checksum, Path);
        return true;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private SafeTensor RequireElements<T>(string name, int length, string argument)
        where T : unmanaged
    {
        SafeTensor tensor = this[name];
        SafeTensorsDtype dtype = SafeTensorsDtypes.Of<T>();
        if (tensor.Dtype != dtype)
        {
            throw new ArgumentException($"The tensor '{name}' is {tensor.Dtype.FormatName()}; elements of {dtype.FormatName()} cannot be read from it.", nameof(T));
        }

        return tensor.ElementCount == length
            ? tensor
            : throw new ArgumentException($"destination has {length} elements; the tensor '{name}' has {tensor.ElementCount}.", argument);
    }

    private void ReadBytes(SafeTensor tensor, long offset, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = RequireBytes(RandomAccess.Read(handle, destination, Position(tensor, offset)), tensor.Begin + offset);
            offset += count;
            destination = destination[count..];
        }
    }

    private long Position(SafeTensor tensor, long offset) => header.DataStart + tensor.Begin + offset;

    private int RequireBytes(int count, long dataRead) => count > 0 ? count : throw header.Truncated(Math.Max(dataRead, 0), Path);
}
