using System.Buffers.Binary;
using System.Text;

namespace OptimGen.Tests.Checkpoints;

/// <summary>Files composed from their published layout, and read to the end by the library.</summary>
internal static class SafeTensorsBytes
{
    /// <summary>The length, the header as it is, the data.</summary>
    public static byte[] Compose(string header, params byte[] data) => Compose(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Compose(byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. data];
    }

    /// <summary>Writes with the library.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<TensorSource> tensors, bool withChecksum = true)
    {
        using var stream = new MemoryStream();
        new SafeTensorsWriter(metadata, tensors, withChecksum).Write(stream);
        return stream.ToArray();
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <returns>The header and each tensor's bytes.</returns>
    public static (SafeTensorsHeader Header, List<byte[]> Tensors) Read(Stream stream)
    {
        using SafeTensorsReader reader = SafeTensorsReader.Open(stream);
        List<byte[]> tensors = [];
        while (reader.Next is { } tensor)
        {
            byte[] bytes = new byte[tensor.ByteCount];
            reader.Read(bytes);
            tensors.Add(bytes);
        }

        reader.Finish();
        return (reader.Header, tensors);
    }

    public static (SafeTensorsHeader Header, List<byte[]> Tensors) Read(byte[] file) => Read(new MemoryStream(file));

    /// <summary>Reads without seeking, asynchronously, a byte at a time.</summary>
    public static async Task<(SafeTensorsHeader Header, List<byte[]> Tensors)> ReadTrickleAsync(byte[] file)
    {
        using SafeTensorsReader reader = await SafeTensorsReader.OpenAsync(new TrickleStream(file));
        List<byte[]> tensors = [];
        while (reader.Next is { } tensor)
        {
            byte[] bytes = new byte[tensor.ByteCount];
            await reader.ReadAsync(bytes);
            tensors.Add(bytes);
        }

        await reader.FinishAsync();
        return (reader.Header, tensors);
    }

    /// <summary>Requires that a file is refused, seekable or not, whole or a byte at a time, with the same kind of error.</summary>
    public static void RequireRefused(byte[] file, string text)
    {
        Assert.Contains(text, Assert.Throws<CheckpointException>(() => Read(file)).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => Read(new TrickleStream(file)));
    }
}
