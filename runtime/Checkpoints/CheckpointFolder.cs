using System.Globalization;

namespace OptimGen;

/// <summary>A checkpoint in a <see cref="CheckpointFolder"/>.</summary>
/// <param name="Step">The step after which it was written, from 0.</param>
/// <param name="Path">The path of its file.</param>
public readonly record struct CheckpointFile(long Step, string Path);

/// <summary>
/// A folder of checkpoints, numbered by their step: <c>step-00001200.safetensors</c>. It keeps the last few and, on request, every n-th, and finds the newest
/// one that is intact. Other files in the folder are left alone.
/// </summary>
/// <remarks>One writer at a time; readers may read meanwhile.</remarks>
public sealed class CheckpointFolder
{
    private const string Prefix = "step-";
    private const string Extension = ".safetensors";
    private const string NumberFormat = "D8";

    private int keepLast = 3;
    private long? keepEvery;

    /// <summary>Names the folder, which need not exist; it is made when the first checkpoint is saved.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public CheckpointFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>The full path of the folder.</summary>
    public string Path { get; }

    /// <summary>The number of newest checkpoints that are kept. Default: 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int KeepLast
    {
        get => keepLast;
        set => keepLast = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(KeepLast), value, $"KeepLast is {value}; it must be at least 1.");
    }

    /// <summary>
    /// Checkpoints whose step is a multiple of this are kept forever, beside the newest. Default: <see langword="null"/>, none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long? KeepEvery
    {
        get => keepEvery;
        set => keepEvery = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(KeepEvery), value, $"KeepEvery is {value}; it must be at least 1.");
    }

    /// <summary>The checkpoints that are in the folder now, newest step first; empty if there is no folder.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public IReadOnlyList<CheckpointFile> List()
    {
        if (!Directory.Exists(Path))
        {
            return [];
        }

        List<CheckpointFile> files = [];
        foreach (string file in Directory.EnumerateFiles(Path))
        {
            if (StepOf(System.IO.Path.GetFileName(file)) is { } step)
            {
                files.Add(new CheckpointFile(step, file));
            }
        }

        files.Sort((left, right) => right.Step.CompareTo(left.Step));
        return files;
    }

    /// <summary>The path of the checkpoint of a step, whether it exists or not.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public string PathOf(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return System.IO.Path.Combine(Path, NameOf(step));
    }

    /// <summary>Loads the newest checkpoint that is intact.</summary>
    /// <typeparam name="T">What a checkpoint is loaded as.</typeparam>
    /// <param name="load">
    /// Loads the file of a path. A <see cref="CheckpointException"/> says that the file is damaged, and the one before is tried. Any other exception ends the
    /// search: after an I/O error that may pass, going on from an older checkpoint would lose the steps in between.
    /// </param>
    /// <param name="loaded">What <paramref name="load"/> returned; the default if there is no checkpoint.</param>
    /// <param name="observations">A sentence for each checkpoint that was passed over, newest first, with its path and what is wrong with it.</param>
    /// <returns><see langword="false"/> if the folder has no checkpoint.</returns>
    /// <exception cref="CheckpointException">There are checkpoints, and none is intact.</exception>
    public bool TryLoadNewest<T>(Func<string, T> load, out T? loaded, out IReadOnlyList<string> observations)
    {
        ArgumentNullException.ThrowIfNull(load);
        List<string> passedOver = [];
        observations = passedOver.AsReadOnly();
        CheckpointException? newest = null;
        foreach (CheckpointFile file in List())
        {
            try
            {
                loaded = load(file.Path);
                return true;
            }
            catch (CheckpointException e)
            {
                newest ??= e;
                string finding = e.Path is null ? $"'{file.Path}': {e.Message}" : e.Message;
                passedOver.Add($"The checkpoint of step {file.Step} is passed over. {finding}");
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !File.Exists(file.Path))
            {
                // A writer has deleted it since it was listed; a newer one has then been written.
                passedOver.Add($"The checkpoint of step {file.Step} is passed over. '{file.Path}' was deleted meanwhile.");
            }
        }

        loaded = default;
        return newest is null
            ? false
            : throw new CheckpointException(
                $"None of the {passedOver.Count} checkpoints in '{Path}' can be loaded. {string.Join(' ', passedOver)}", innerException: newest);
    }

    /// <summary>Writes the checkpoint of a step, then deletes what is not to be kept.</summary>
    /// <param name="step">The step, from 0. A checkpoint of the same step is replaced.</param>
    /// <param name="write">Writes the contents to a stream that is empty and seekable.</param>
    /// <param name="cancellationToken">When cancelled before the file is complete, the folder is unchanged.</param>
    /// <returns>The path of the checkpoint.</returns>
    /// <exception cref="IOException">The checkpoint cannot be written. The folder is unchanged.</exception>
    internal string Save(long step, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        string path = PathOf(step);
        CreateFolder();
        DurableFile.Write(path, write, IsCheckpoint, cancellationToken);
        DeleteOld(step);
        return path;
    }

    /// <inheritdoc cref="Save"/>
    internal async Task<string> SaveAsync(long step, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        string path = PathOf(step);
        CreateFolder();
        await DurableFile.WriteAsync(path, write, IsCheckpoint, cancellationToken).ConfigureAwait(false);
        DeleteOld(step);
        return path;
    }

    private void CreateFolder()
    {
        // A folder is an entry of its parent, which is as durable as the parent's last flush.
        Stack<string> parents = [];
        for (string folder = Path; !Directory.Exists(folder) && System.IO.Path.GetDirectoryName(folder) is { } parent; folder = parent)
        {
            parents.Push(parent);
        }

        Directory.CreateDirectory(Path);
        foreach (string parent in parents)
        {
            FolderFlush.Flush(parent);
        }
    }

    private static string NameOf(long step) => $"{Prefix}{step.ToString(NumberFormat, CultureInfo.InvariantCulture)}{Extension}";

    private static bool IsCheckpoint(string fileName) => StepOf(fileName) is not null;

    private static long? StepOf(string fileName) =>
        fileName.StartsWith(Prefix, StringComparison.Ordinal) && fileName.EndsWith(Extension, StringComparison.Ordinal)
            && fileName.Length > Prefix.Length + Extension.Length
            && long.TryParse(fileName.AsSpan(Prefix.Length..^Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            && NameOf(step) == fileName
            ? step
            : null;

    // Checkpoints of later steps neither count nor are deleted. They are what a run has left that was resumed from an older checkpoint, perhaps because
    // they are damaged; if they counted, they could be kept instead of the one just saved.
    private void DeleteOld(long saved)
    {
        foreach (CheckpointFile file in List().Where(file => file.Step <= saved).Skip(KeepLast))
        {
            if (file.Step % KeepEvery == 0)
            {
                continue;
            }

            try
            {
                File.Delete(file.Path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Being read, on Windows. The next save tries again; this one has done what it had to.
            }
        }
    }
}
