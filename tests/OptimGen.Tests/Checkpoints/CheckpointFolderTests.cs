using OptimGen.Tests.Training;

namespace OptimGen.Tests.Checkpoints;

/// <summary>Numbered files: which are kept, and which one is loaded.</summary>
public class CheckpointFolderTests
{
    [Fact]
    public async Task Save_KeepsTheLast_AndEveryNth()
    {
        using var temporary = new TemporaryFolder();
        var folder = new CheckpointFolder(temporary.File("runs/one")) { KeepLast = 2, KeepEvery = 300 };
        Assert.Empty(folder.List());
        for (long step = 0; step <= 1000; step += 100)
        {
            string path = step % 200 == 0
                ? folder.Save(step, Write(step))
                : await folder.SaveAsync(step, (stream, _) => { Write(step)(stream); return Task.CompletedTask; });
            Assert.Equal(folder.PathOf(step), path);
            Assert.True(File.Exists(path));
        }

        Assert.Equal([1000, 900, 600, 300, 0], folder.List().Select(file => file.Step));
        Assert.Equal(Path.Combine(folder.Path, "step-00000900.safetensors"), folder.List()[1].Path);
        Assert.Equal(5, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Save_NeitherCountsNorDeletesLaterSteps_NorOtherFiles()
    {
        using var temporary = new TemporaryFolder();
        var folder = new CheckpointFolder(temporary.Path) { KeepLast = 1 };
        foreach (string name in new[] { "step-00002000.safetensors", "step-00000001.safetensors", "step-1.safetensors", "notes.txt", "step-x.safetensors" })
        {
            File.WriteAllText(temporary.File(name), "");
        }

        Directory.CreateDirectory(temporary.File("step-00000002.safetensors"));
        folder.Save(1500, Write(1500));
        Assert.Equal([2000, 1500], folder.List().Select(file => file.Step));
        Assert.Equal(
            ["notes.txt", "step-00000002.safetensors", "step-00001500.safetensors", "step-00002000.safetensors", "step-1.safetensors", "step-x.safetensors"],
            temporary.Names);
    }

    [Fact]
    public void StaleTemporariesOfAnyStep_AreDeleted()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary.File(".step-00000700.safetensors.tmp-0123456789abcdef"), "half of");
        File.WriteAllText(temporary.File(".other.tmp-0123456789abcdef"), "not ours");
        new CheckpointFolder(temporary.Path).Save(800, Write(800));
        Assert.Equal([".other.tmp-0123456789abcdef", "step-00000800.safetensors"], temporary.Names);
    }

    [Fact]
    public void AFailedSave_LeavesTheFolderAsItWas()
    {
        using var temporary = new TemporaryFolder();
        var folder = new CheckpointFolder(temporary.Path) { KeepLast = 1 };
        folder.Save(1, Write(1));
        Assert.Throws<IOException>(() => folder.Save(2, _ => throw new IOException("disk full")));
        Assert.Equal(["step-00000001.safetensors"], temporary.Names);
    }

    [Fact]
    public void Steps_SortAsNumbers()
    {
        using var temporary = new TemporaryFolder();
        var folder = new CheckpointFolder(temporary.Path) { KeepLast = 10 };
        foreach (long step in new[] { 99_999_999, 100_000_000, 5, long.MaxValue })
        {
            folder.Save(step, Write(step));
        }

        Assert.Equal([long.MaxValue, 100_000_000, 99_999_999, 5], folder.List().Select(file => file.Step));
    }

    [Fact]
    public void TheNewestIntactCheckpoint_IsLoaded_WithAWordAboutTheDamagedOnes()
    {
        using var temporary = new TemporaryFolder();
        var folder = new CheckpointFolder(temporary.Path);
        Assert.False(folder.TryLoadNewest(Load, out _, out IReadOnlyList<string> observations));
        Assert.Empty(observations);
        foreach (long step in new[] { 10, 20, 30 })
        {
            folder.Save(step, Write(step));
        }

        Assert.True(folder.TryLoadNewest(Load, out long loaded, out observations));
        Assert.Equal(30, loaded);
        Assert.Empty(observations);

        byte[] bytes = File.ReadAllBytes(folder.PathOf(30));
        bytes[^1] ^= 1;
        File.WriteAllBytes(folder.PathOf(30), bytes);
        File.WriteAllBytes(folder.PathOf(20), File.ReadAllBytes(folder.PathOf(20))[..100]);
        Assert.True(folder.TryLoadNewest(Load, out loaded, out observations));
        Assert.Equal(10, loaded);
        Assert.Equal(2, observations.Count);
        Assert.StartsWith(
            $"The checkpoint of step 30 is passed over. '{folder.PathOf(30)}': The file has changed since it was written", observations[0], StringComparison.Ordinal);
        Assert.StartsWith($"The checkpoint of step 20 is passed over. '{folder.PathOf(20)}': The file is truncated", observations[1], StringComparison.Ordinal);

        File.WriteAllBytes(folder.PathOf(10), []);
        CheckpointException none = Assert.Throws<CheckpointException>(() => folder.TryLoadNewest(Load, out loaded, out observations));
        Assert.StartsWith($"None of the 3 checkpoints in '{folder.Path}' can be loaded.", none.Message, StringComparison.Ordinal);
        Assert.IsType<CheckpointException>(none.InnerException);
    }

    [Fact]
    public void OtherErrors_EndTheSearch_ButADeletedFileDoesNot()
    {
        using var temporary = new TemporaryFolder();
        var folder = new CheckpointFolder(temporary.Path);
        folder.Save(1, Write(1));
        folder.Save(2, Write(2));
        Assert.Throws<IOException>(() => folder.TryLoadNewest<long>(_ => throw new IOException("network"), out _, out _));
        Assert.True(folder.TryLoadNewest(
            path =>
            {
                File.Delete(folder.PathOf(2));
                return Load(path);
            },
            out long loaded,
            out IReadOnlyList<string> observations));
        Assert.Equal(1, loaded);
        Assert.Contains("was deleted meanwhile", Assert.Single(observations), StringComparison.Ordinal);
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        Refusal.Require<ArgumentException>("path", "", () => new CheckpointFolder(""));
        var folder = new CheckpointFolder("runs");
        Refusal.Require<ArgumentOutOfRangeException>("KeepLast", "KeepLast is 0; it must be at least 1.", () => folder.KeepLast = 0);
        Refusal.Require<ArgumentOutOfRangeException>("KeepEvery", "KeepEvery is 0; it must be at least 1.", () => folder.KeepEvery = 0);
        Refusal.Require<ArgumentOutOfRangeException>("step", "-1", () => folder.PathOf(-1));
        folder.KeepEvery = null;
        Assert.Null(folder.KeepEvery);
        Assert.Equal(Path.GetFullPath("runs"), folder.Path);
    }

    private static Action<Stream> Write(long step) => stream =>
        new SafeTensorsWriter([], [TensorSource.Of<long>("step", [], new long[] { step })]).Write(stream);

    private static long Load(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        file.VerifyChecksum();
        long[] step = new long[1];
        file.Read("step", step.AsSpan());
        return step[0];
    }
}
