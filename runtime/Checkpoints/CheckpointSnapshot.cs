namespace OptimGen;

/// <summary>
/// A copy of the contents of a checkpoint, which is written to disk while training goes on. Its memory is used again for the next copy.
/// </summary>
internal sealed class CheckpointSnapshot
{
    /// <summary>A tensor can be larger than an array of bytes, so it is copied in segments. A multiple of every element's size.</summary>
    private const int SegmentLength = 1 << 28;

    private readonly Dictionary<string, byte[][]> memory = new(StringComparer.Ordinal);

    /// <summary>Copies the contents, over those of the last call.</summary>
    /// <returns>The file of the copy.</returns>
    public SafeTensorsWriter Copy(CheckpointContents contents)
    {
        TensorSource[] copies = [.. contents.Tensors.Select(Copy)];
        foreach (string gone in memory.Keys.Except(copies.Select(copy => copy.Name)).ToArray())
        {
            memory.Remove(gone);
        }

        return new SafeTensorsWriter(contents.Texts, copies);
    }

    private TensorSource Copy(TensorSource tensor)
    {
        byte[][] segments = SegmentsOf(tensor.Name, tensor.Size.Bytes);
        long offset = 0;
        foreach (byte[] segment in segments)
        {
            tensor.Copy(offset, segment);
            offset += segment.Length;
        }

        return new TensorSource(tensor.Name, tensor.Dtype, [.. tensor.Shape], (start, destination) => CopyTo(destination, segments, start));
    }

    private static void CopyTo(Span<byte> destination, byte[][] segments, long start)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> segment = segments[(int)(start / SegmentLength)].AsSpan((int)(start % SegmentLength));
            int count = Math.Min(segment.Length, destination.Length);
            segment[..count].CopyTo(destination);
            destination = destination[count..];
            start += count;
        }
    }

    private byte[][] SegmentsOf(string name, long length)
    {
        if (memory.TryGetValue(name, out byte[][]? segments) && segments.Sum(segment => (long)segment.Length) == length)
        {
            return segments;
        }

        int count = (int)((length + SegmentLength - 1) / SegmentLength);
        segments = [.. Enumerable.Range(0, count).Select(index => new byte[Math.Min(SegmentLength, length - ((long)index * SegmentLength))])];
        memory[name] = segments;
        return segments;
    }
}
