namespace OptimGen.Tests.Checkpoints;

/// <summary>A stream that cannot seek and reads one byte at a time.</summary>
internal sealed class TrickleStream(byte[] bytes) : Stream
{
    private int position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || position == bytes.Length)
        {
            return 0;
        }

        buffer[0] = bytes[position++];
        return 1;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A stream that is written to memory, and fails or cancels when it has as many bytes.</summary>
internal sealed class SinkStream(bool canSeek, long limit = long.MaxValue, Action? atLimit = null) : MemoryStream
{
    public override bool CanSeek => canSeek;

    /// <summary>The longest single write.</summary>
    public int LongestWrite { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Length + buffer.Length > limit)
        {
            atLimit!();
        }

        LongestWrite = Math.Max(LongestWrite, buffer.Length);
        // The base class asks for the position, whether it can seek or not.
        base.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A stream whose length is not that of its bytes.</summary>
internal sealed class LyingStream(byte[] bytes, long length) : MemoryStream(bytes)
{
    public override long Length => length;
}

/// <summary>Progress that is recorded where it is reported.</summary>
internal sealed class Recorded : IProgress<long>
{
    public List<long> Values { get; } = [];

    public void Report(long value) => Values.Add(value);
}

/// <summary>A folder for the files of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("optimgen-checkpoints-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
