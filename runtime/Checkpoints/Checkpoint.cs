namespace OptimGen;

/// <summary>
/// Saves and loads checkpoints: safetensors files (<see href="https://github.com/huggingface/safetensors"/>) of a whole training run, of an optimizer, or of
/// parameters. A run that is resumed from a checkpoint ends with the same bits as one that was never stopped, on any instruction set and with any number of
/// threads.
/// </summary>
/// <remarks>
/// <para>
/// A file is written beside its place, flushed to the disk and renamed, so its path never has half a checkpoint. Its metadata has a checksum. Loading reads
/// and checks everything, in memory of its own, before it changes anything: if it throws, nothing has changed.
/// </para>
/// <para>
/// A file does not know the number of ranks (<see cref="OptimizerOptions.Communicator"/>). All of them save or load together: rank 0 collects the parts of the others
/// and writes the file that one process would write, for which it needs the memory of all states; every rank reads the file. A stream gets the whole on every rank.
/// </para>
/// <para>
/// Not saved are the model's code, the objective and its own state (a random generator, say), data, gradients, and settings of the machine: instruction set
/// and number of threads.
/// </para>
/// </remarks>
public static class Checkpoint
{
    /// <summary>The rank that writes a file for all.</summary>
    internal const int FileWriter = 0;

    /// <summary>Saves to a file, which is replaced if it exists.</summary>
    /// <param name="path">The path of the file. Its folder must exist.</param>
    /// <param name="source">A trainer, an optimizer or a parameter set.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average.</exception>
    public static void Save(string path, ICheckpointable source, IProgress<long>? progress = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckpointContents contents = CheckpointContents.Of(source, FileWriter);
        contents.WriteFile(() =>
        {
            SafeTensorsWriter file = contents.ToFile();
            DurableFile.Write(path, stream => file.Write(stream, progress));
        });
    }

    /// <summary>Saves to a stream.</summary>
    /// <param name="stream">The stream, written from its position on. It stays open.</param>
    /// <param name="source">A trainer, an optimizer or a parameter set.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average.</exception>
    public static void Save(Stream stream, ICheckpointable source, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        CheckpointContents.Of(source).ToFile().Write(stream, progress);
    }

    /// <summary>Saves to a file, which is replaced if it exists. Nothing that is saved may change until the task has completed: no step may be taken.</summary>
    /// <param name="path">The path of the file. Its folder must exist.</param>
    /// <param name="source">A trainer, an optimizer or a parameter set.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <param name="cancellationToken">Ends the write; the old file is kept.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average.</exception>
    /// <exception cref="NotSupportedException">Ranks have parts of it (<see cref="OptimizerOptions.Communicator"/>).</exception>
    public static Task SaveAsync(
        string path, ICheckpointable source, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckpointContents contents = CheckpointContents.Of(source, FileWriter);
        if (contents.Communicator is not null)
        {
            throw new NotSupportedException($"What {contents.Communicator.Size} ranks have cannot be saved to a file asynchronously; use {nameof(Save)}.");
        }

        SafeTensorsWriter file = contents.ToFile();
        return DurableFile.WriteAsync(
            path, (stream, cancellation) => file.WriteAsync(stream, progress, cancellation).AsTask(), cancellationToken: cancellationToken);
    }

    /// <summary>Saves to a stream. Nothing that is saved may change until the task has completed: no step may be taken.</summary>
    /// <inheritdoc cref="Save(Stream, ICheckpointable, IProgress{long}?)"/>
    /// <param name="stream">The stream, written from its position on. It stays open.</param>
    /// <param name="source">A trainer, an optimizer or a parameter set.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <param name="cancellationToken">Ends the write; what is written is incomplete.</param>
    public static Task SaveAsync(
        Stream stream, ICheckpointable source, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CheckpointContents.Of(source).ToFile().WriteAsync(stream, progress, cancellationToken).AsTask();
    }

    /// <summary>Loads a file into a trainer, an optimizer or a parameter set that is made like the one that was saved.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="target">A trainer, an optimizer or a parameter set.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <param name="progress">Receives the number of bytes read so far.</param>
    /// <exception cref="CheckpointException">The file is damaged or does not fit; the message says what and where. Nothing has changed.</exception>
    /// <exception cref="IOException">The file cannot be read. Nothing has changed.</exception>
    public static void Load(string path, ICheckpointable target, CheckpointLoadOptions? options = null, IProgress<long>? progress = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(target);
        Restore(Stage(path, options, progress), target, options);
    }

    /// <summary>Loads a stream into a trainer, an optimizer or a parameter set that is made like the one that was saved.</summary>
    /// <param name="stream">The stream, read from its position to its end. It stays open.</param>
    /// <param name="target">A trainer, an optimizer or a parameter set.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <param name="progress">Receives the number of bytes read so far.</param>
    /// <exception cref="CheckpointException">The contents are damaged or do not fit; the message says what and where. Nothing has changed.</exception>
    public static void Load(Stream stream, ICheckpointable target, CheckpointLoadOptions? options = null, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(target);
        Restore(StagedCheckpoint.Read(stream, null, options?.Rename, progress, CancellationToken.None), target, options);
    }

    /// <inheritdoc cref="Load(string, ICheckpointable, CheckpointLoadOptions?, IProgress{long}?)"/>
    /// <param name="path">The path of the file.</param>
    /// <param name="target">A trainer, an optimizer or a parameter set. It is changed when everything has been read, before the task completes.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <param name="progress">Receives the number of bytes read so far.</param>
    /// <param name="cancellationToken">Ends the load; nothing has changed.</param>
    public static async Task LoadAsync(
        string path, ICheckpointable target, CheckpointLoadOptions? options = null, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(target);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
        await using (stream.ConfigureAwait(false))
        {
            Restore(
                await StagedCheckpoint.ReadAsync(stream, path, options?.Rename, progress, cancellationToken).ConfigureAwait(false), target, options);
        }
    }

    /// <inheritdoc cref="Load(Stream, ICheckpointable, CheckpointLoadOptions?, IProgress{long}?)"/>
    /// <param name="stream">The stream, read from its position to its end. It stays open.</param>
    /// <param name="target">A trainer, an optimizer or a parameter set. It is changed when everything has been read, before the task completes.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <param name="progress">Receives the number of bytes read so far.</param>
    /// <param name="cancellationToken">Ends the load; nothing has changed.</param>
    public static async Task LoadAsync(
        Stream stream, ICheckpointable target, CheckpointLoadOptions? options = null, IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(target);
        Restore(await StagedCheckpoint.ReadAsync(stream, null, options?.Rename, progress, cancellationToken).ConfigureAwait(false), target, options);
    }

    /// <summary>
    /// Loads the newest checkpoint of a folder that is not damaged. The folder is one that a <see cref="CheckpointPolicy"/> writes to.
    /// </summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="target">A trainer, an optimizer or a parameter set.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <returns>Which file was loaded, if any, and what was wrong with newer ones.</returns>
    /// <exception cref="CheckpointException">
    /// Every checkpoint is damaged, or the newest that is not does not fit the target. Nothing has changed.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read. Nothing has changed.</exception>
    public static ResumedCheckpoint LoadNewest(string folder, ICheckpointable target, CheckpointLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(target);
        bool found = new CheckpointFolder(folder).TryLoadNewest(
            path => Stage(path, options, null), out StagedCheckpoint? staged, out IReadOnlyList<string> observations);
        if (found)
        {
            Restore(staged!, target, options);
        }

        return new ResumedCheckpoint(staged?.Path, observations);
    }

    private static StagedCheckpoint Stage(string path, CheckpointLoadOptions? options, IProgress<long>? progress)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        return StagedCheckpoint.Read(stream, path, options?.Rename, progress, CancellationToken.None);
    }

    private static void Restore(StagedCheckpoint staged, ICheckpointable target, CheckpointLoadOptions? options)
    {
        var reader = new CheckpointReader(staged, options ?? CheckpointLoadOptions.Default);
        Action commit = target.LoadFrom(reader);
        reader.RequireAllUsed();
        commit();
    }
}

/// <summary>What <see cref="Checkpoint.LoadNewest"/> found.</summary>
/// <param name="Path">The file that was loaded; <see langword="null"/> if the folder has no checkpoint, and nothing was loaded.</param>
/// <param name="Observations">A sentence for each newer file that was passed over because it is damaged, newest first.</param>
public sealed record ResumedCheckpoint(string? Path, IReadOnlyList<string> Observations)
{
    /// <summary>Whether a checkpoint was loaded.</summary>
    public bool WasLoaded => Path is not null;
}
