using System.Text;

namespace OptimGen.Tests.Checkpoints;

/// <summary>The target has the old contents or the new ones, and nothing else stays.</summary>
public class DurableFileTests
{
    private const string Old = "old contents";
    private const string New = "new";

    [Fact]
    public async Task ANewFile_IsWritten()
    {
        using var folder = new TemporaryFolder();
        DurableFile.Write(folder.File("a"), Writes(New));
        await DurableFile.WriteAsync(folder.File("b"), WritesAsync(New));
        Assert.Equal(["a", "b"], folder.Names);
        Assert.Equal(New, File.ReadAllText(folder.File("a")));
        Assert.Equal(New, File.ReadAllText(folder.File("b")));
    }

    [Fact]
    public async Task AnOldFile_IsReplaced_NotOverwritten()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        File.WriteAllText(path, Old);
        using FileStream reader = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        DurableFile.Write(path, stream =>
        {
            Writes(New)(stream);
            Assert.Equal(Old, File.ReadAllText(path));
        });
        Assert.Equal(New, File.ReadAllText(path));
        using var old = new StreamReader(reader);
        Assert.Equal(Old, await old.ReadToEndAsync());
        await DurableFile.WriteAsync(path, WritesAsync(Old));
        Assert.Equal(Old, File.ReadAllText(path));
        Assert.Equal(["a"], folder.Names);
    }

    /// <summary>The writer's stream fails or is cancelled at each point of a checkpoint's contents.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFailedOrCancelledWrite_LeavesTheFolderAsItWas(bool exists)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        if (exists)
        {
            File.WriteAllText(path, Old);
        }

        var writer = new SafeTensorsWriter([new("k", "v")], [.. Enumerable.Range(0, 5).Select(index => TensorSource.Of<float>($"t{index}", [3], new float[3]))]);
        for (long limit = 0; limit < writer.Length; limit += 7)
        {
            Assert.Throws<IOException>(() => DurableFile.Write(path, stream => WriteUpTo(stream, writer, limit, () => throw new IOException("disk full"))));
            await Assert.ThrowsAsync<IOException>(() => DurableFile.WriteAsync(path, (stream, _) =>
            {
                WriteUpTo(stream, writer, limit, () => throw new IOException("disk full"));
                return Task.CompletedTask;
            }));
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(
                () => DurableFile.Write(path, stream => WriteUpTo(stream, writer, limit, source.Cancel), null, source.Token));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DurableFile.WriteAsync(path, WritesAsync(New), null, source.Token));
            Assert.Equal(exists ? ["a"] : [], folder.Names);
        }

        using var late = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DurableFile.WriteAsync(
            path,
            async (stream, _) =>
            {
                await WritesAsync(New)(stream, default);
                await late.CancelAsync();
            },
            null,
            late.Token));
        Assert.Equal(exists ? ["a"] : [], folder.Names);
        Assert.True(!exists || File.ReadAllText(path) == Old);
    }

    [Fact]
    public void StaleTemporaries_AreDeleted_AndNoOthers()
    {
        using var folder = new TemporaryFolder();
        string[] kept =
        [
            ".a.tmp-0123456789abcde", ".a.tmp-0123456789abcdeg", ".a.tmp-0123456789ABCDEF", ".a.tmp-0123456789abcdef0", ".b.tmp-0123456789abcdef",
            "a.tmp-0123456789abcdef", ".tmp-0123456789abcdef",
        ];
        foreach (string name in (string[])[.. kept, ".a.tmp-0123456789abcdef", ".a.tmp-00000000000000aa"])
        {
            File.WriteAllText(folder.File(name), "half of");
        }

        DurableFile.Write(folder.File("a"), Writes(New));
        Assert.Equal([.. kept.Append("a").Order(StringComparer.Ordinal)], folder.Names);
        DurableFile.Write(folder.File("a"), Writes(New), name => name == "b");
        Assert.DoesNotContain(".b.tmp-0123456789abcdef", folder.Names);
    }

    [Fact]
    public void TheTemporaryOfAWriterThatIsAtWork_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        DurableFile.Write(path, outer =>
        {
            outer.Write("outer"u8);
            string temporary = Assert.Single(folder.Names);
            Assert.Equal("a", DurableFile.TargetOf(temporary));
            for (int time = 0; time < 3; time++)
            {
                DurableFile.Write(path, Writes(New));
                Assert.Equal(New, File.ReadAllText(path));
                Assert.Contains(temporary, folder.Names);
            }
        });
        Assert.Equal("outer", File.ReadAllText(path));
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public async Task ManyWritersOfOneFile_EachReplaceIt()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        string[] contents = [.. Enumerable.Range(0, 40).Select(index => new string((char)('a' + index), 10_000 + index))];
        await Task.WhenAll(contents.Select(text => Task.Run(() => DurableFile.Write(path, Writes(text)))));
        Assert.Contains(File.ReadAllText(path), contents);
        Assert.Equal(["a"], folder.Names);
    }

    [SkippableFact]
    public void ALink_Stays_AndItsTargetIsReplaced()
    {
        Skip.If(OperatingSystem.IsWindows(), "Making links needs a privilege on Windows.");
        using var folder = new TemporaryFolder();
        string inner = Directory.CreateDirectory(folder.File("inner")).FullName;
        File.WriteAllText(Path.Combine(inner, "real"), Old);
        File.CreateSymbolicLink(folder.File("link"), Path.Combine("inner", "real"));
        File.CreateSymbolicLink(folder.File("second"), "link");
        File.CreateSymbolicLink(folder.File("dangling"), Path.Combine("inner", "made"));
        DurableFile.Write(folder.File("second"), Writes(New));
        DurableFile.Write(folder.File("dangling"), Writes(New));
        Assert.Equal("link", new FileInfo(folder.File("second")).LinkTarget);
        Assert.Equal(New, File.ReadAllText(Path.Combine(inner, "real")));
        Assert.Equal(New, File.ReadAllText(Path.Combine(inner, "made")));
        Assert.Equal(["dangling", "inner", "link", "second"], folder.Names);
        File.CreateSymbolicLink(folder.File("loop"), "loop");
        Assert.Throws<IOException>(() => DurableFile.Write(folder.File("loop"), Writes(New)));
    }

    [SkippableFact]
    public void AReplacedFile_KeepsItsMode()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no Unix modes.");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        string path = folder.File("a");
        File.WriteAllText(folder.File("usual"), "");
        DurableFile.Write(path, Writes(Old));
        Assert.Equal(File.GetUnixFileMode(folder.File("usual")), File.GetUnixFileMode(path));
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        File.SetUnixFileMode(path, Mode);
        DurableFile.Write(path, Writes(New));
        Assert.Equal(Mode, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Errors_OfTheFileSystem_ArePassedOn()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<DirectoryNotFoundException>(() => DurableFile.Write(folder.File("missing/a"), Writes(New)));
        Directory.CreateDirectory(folder.File("folder"));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => DurableFile.Write(folder.File("folder"), Writes(New))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("path", () => DurableFile.Write("", Writes(New)));
        Assert.Equal(["folder"], folder.Names);
    }

    [SkippableFact]
    public void FlushingAFolderThatIsNotThere_IsAnError()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows flushes no folders.");
        using var folder = new TemporaryFolder();
        FolderFlush.Flush(folder.Path);
        Assert.Contains(
            "could not be flushed to the disk", Assert.Throws<IOException>(() => FolderFlush.Flush(folder.File("missing"))).Message, StringComparison.Ordinal);
    }

    private static Action<Stream> Writes(string text) => stream => stream.Write(Encoding.UTF8.GetBytes(text));

    private static Func<Stream, CancellationToken, Task> WritesAsync(string text) =>
        (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask();

    private static void WriteUpTo(Stream stream, SafeTensorsWriter writer, long limit, Action atLimit)
    {
        using var contents = new MemoryStream();
        writer.Write(contents);
        stream.Write(contents.ToArray().AsSpan(0, (int)limit));
        atLimit();
    }
}
