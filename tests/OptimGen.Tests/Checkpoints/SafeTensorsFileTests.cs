using OptimGen.Tests.Training;

namespace OptimGen.Tests.Checkpoints;

/// <summary>The public view of a file: listing, and reading in any order.</summary>
public class SafeTensorsFileTests
{
    [Fact]
    public async Task Tensors_AreListedAndReadInAnyOrder()
    {
        using var folder = new TemporaryFolder();
        float[] weights = [.. Enumerable.Range(0, 600_000).Select(value => (float)value)];
        string path = Write(folder, TensorSource.Of<float>("weight", [600, 1000], weights), TensorSource.Of<long>("step", [], new long[] { 1200 }));
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        Assert.Equal(path, file.Path);
        Assert.Equal(["weight F32 [600, 1000]", "step I64 []"], file.Tensors.Select(tensor => tensor.ToString()));
        Assert.Equal("v", file.Metadata["k"]);
        Assert.True(file.HasChecksum);

        long[] step = new long[1];
        file.Read("step", step.AsSpan());
        Assert.Equal(1200, step[0]);
        float[] read = new float[weights.Length];
        file.Read("weight", read.AsSpan());
        Assert.Equal(weights, read);
        float[] readAsync = new float[weights.Length];
        var progress = new Recorded();
        await file.ReadAsync<float>("weight", readAsync, progress);
        Assert.Equal(weights, readAsync);
        Assert.Equal([1 << 20, 2 << 20, 2_400_000], progress.Values);
        byte[] bytes = new byte[4];
        file.ReadBytes("weight", bytes, offset: 4);
        Assert.Equal(1f, BitConverter.ToSingle(bytes));

        var verified = new Recorded();
        Assert.True(file.VerifyChecksum(verified));
        Assert.Equal(new FileInfo(path).Length, verified.Values[^1]);
    }

    [Fact]
    public async Task WhatDoesNotFit_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using SafeTensorsFile file = SafeTensorsFile.Open(Write(folder, TensorSource.Of<float>("a", [2], new float[2])));
        Assert.Contains("has no tensor 'b'", Assert.Throws<KeyNotFoundException>(() => file["b"]).Message, StringComparison.Ordinal);
        Assert.Null(file.TryGetTensor("b"));
        Refusal.Require<ArgumentException>("destination", "destination has 3 elements; the tensor 'a' has 2", () => { file.Read("a", new float[3].AsSpan()); return null; });
        Refusal.Require<ArgumentException>("T", "The tensor 'a' is F32; elements of F64 cannot be read", () => { file.Read("a", new double[2].AsSpan()); return null; });
        Refusal.Require<ArgumentOutOfRangeException>("offset", "offset is 5 and destination has 4 bytes", () => { file.ReadBytes("a", new byte[4], 5); return null; });
        Refusal.Require<ArgumentOutOfRangeException>("offset", "offset is -1", () => { file.ReadBytes("a", new byte[4], -1); return null; });
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await file.ReadAsync<float>("a", new float[2], null, cancelled.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => file.VerifyChecksum(null, cancelled.Token));
    }

    [Fact]
    public void OnlyContentsAreCheckpointErrors()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => SafeTensorsFile.Open(folder.File("missing")));
        string path = folder.File("text");
        File.WriteAllText(path, "no tensors here");
        CheckpointException error = Assert.Throws<CheckpointException>(() => SafeTensorsFile.Open(path));
        Assert.Equal(path, error.Path);
        Assert.StartsWith($"'{path}': The header's length is ", error.Message, StringComparison.Ordinal);
        // The file is closed again.
        File.Delete(path);
    }

    [Fact]
    public void DamageInTheData_IsFoundByTheChecksum()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, TensorSource.Of<float>("a", [2], new float[2]));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        Assert.Throws<CheckpointException>(() => file.VerifyChecksum());
    }

    [Fact]
    public void AFileThatIsTruncatedAfterOpening_IsRefusedAtReading()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, TensorSource.Of<float>("a", [2], new float[2]));
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            stream.SetLength(stream.Length - 1);
        }

        Assert.Contains(
            "ends after 7 of them", Assert.Throws<CheckpointException>(() => file.Read("a", new float[2].AsSpan())).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => file.VerifyChecksum());
    }

    [Fact]
    public void AFileThatIsReplacedWhileOpen_IsReadAsItWasOpened()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, TensorSource.Of<float>("a", [1], new float[] { 1 }));
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        Write(folder, TensorSource.Of<float>("b", [1], new float[] { 2 }));
        float[] value = new float[1];
        file.Read("a", value.AsSpan());
        Assert.Equal(1, value[0]);
        Assert.True(file.VerifyChecksum());
    }

    [Fact]
    public void AFileWithoutAChecksum_HasNothingToVerify()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("plain");
        File.WriteAllBytes(path, SafeTensorsBytes.Compose("""{"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}""", 0x80, 0x3f));
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        Assert.False(file.HasChecksum);
        Assert.False(file.VerifyChecksum());
        byte[] one = new byte[2];
        file.ReadBytes("a", one);
        Assert.Equal([0x80, 0x3f], one);
    }

    private static string Write(TemporaryFolder folder, params TensorSource[] tensors)
    {
        string path = folder.File("model.safetensors");
        DurableFile.Write(path, stream => new SafeTensorsWriter([new("k", "v")], tensors).Write(stream));
        return path;
    }
}
