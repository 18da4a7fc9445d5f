namespace OptimGen;

/// <summary>
/// When a trainer saves checkpoints, where, and how many are kept (<see cref="Trainer{T}.Checkpoints"/>). Training waits only for a copy in memory; the copy
/// is written by another thread. Resume with <see cref="Checkpoint.LoadNewest"/>.
/// </summary>
/// <remarks>
/// The copy takes as much memory as the checkpoint, and is kept for the next. A checkpoint that is due while the last one is still being written is taken
/// after the step at which that one is complete.
/// </remarks>
/// <example>
/// <code>
/// trainer.Checkpoints = new CheckpointPolicy("run1") { EverySteps = 1000, Interval = TimeSpan.FromMinutes(10) };
/// Checkpoint.LoadNewest("run1", trainer);     // nothing happens on the first run
/// trainer.TrainUntil(epoch: 20);
/// </code>
/// </example>
public sealed class CheckpointPolicy
{
    private readonly CheckpointFolder folder;
    private readonly CheckpointSnapshot snapshot = new();
    private long? everySteps;
    private int? everyEpochs;
    private TimeSpan? interval;
    private Task<string>? writing;
    private (long Steps, int Epochs, long Time) last;

    /// <summary>Names the folder, which is made when the first checkpoint is saved. It should have the checkpoints of one run only.</summary>
    /// <param name="folder">The path of the folder.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    public CheckpointPolicy(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.folder = new CheckpointFolder(folder);
    }

    /// <summary>The full path of the folder.</summary>
    public string Folder => folder.Path;

    /// <summary>A checkpoint is saved whenever the number of steps reaches a multiple of this. Default: <see langword="null"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long? EverySteps
    {
        get => everySteps;
        set => everySteps = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(EverySteps), value, $"EverySteps is {value}; it must be at least 1.");
    }

    /// <summary>A checkpoint is saved whenever the number of epochs reaches a multiple of this. Default: <see langword="null"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? EveryEpochs
    {
        get => everyEpochs;
        set => everyEpochs = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(EveryEpochs), value, $"EveryEpochs is {value}; it must be at least 1.");
    }

    /// <summary>A checkpoint is saved after the first step that ends this long after the last one. Default: <see langword="null"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? Interval
    {
        get => interval;
        set => interval = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Interval), value, $"Interval is {value}; it must be positive.");
    }

    /// <summary>
    /// Whether the end of <see cref="Trainer{T}.Train"/> saves a checkpoint, and waits until it is written: also when training was stopped, diverged or was
    /// cancelled, but not when another exception ends it. Default: <see langword="true"/>.
    /// </summary>
    public bool SavesAtEnd { get; set; } = true;

    /// <summary>The number of newest checkpoints that are kept. Default: 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int KeepLast
    {
        get => folder.KeepLast;
        set => folder.KeepLast = value;
    }

    /// <summary>Checkpoints whose step is a multiple of this are kept forever. Default: <see langword="null"/>, none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long? KeepEvery
    {
        get => folder.KeepEvery;
        set => folder.KeepEvery = value;
    }

    /// <summary>
    /// Is called, on the thread that trains, with the exception of a checkpoint that could not be written, as when the disk is full; training goes on.
    /// Default: <see langword="null"/>, <see cref="Trainer{T}.Train"/> throws the exception after the step.
    /// </summary>
    public Action<Exception>? OnFailure { get; set; }

    /// <summary>
    /// Is called, on the thread that trains, with the path of each checkpoint that has been written, after the step at which it is complete. Default:
    /// <see langword="null"/>.
    /// </summary>
    public Action<string>? OnSaved { get; set; }

    /// <summary>The clock of <see cref="Interval"/>. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Starts counting from where the run is.</summary>
    internal void Begin(long steps, int epochs) => last = (steps, epochs, TimeProvider.GetTimestamp());

    /// <summary>Called after each step and everything that follows it; on all ranks, of which rank 0 decides and writes.</summary>
    internal void AfterStep(ICheckpointable run, long steps, int epochs, ICommunicator? communicator)
    {
        if (writing is { IsCompleted: true })
        {
            Wait();
        }

        bool isDue = writing is null && IsDue(steps, epochs);
        if (communicator is null ? isDue : communicator.AllGather(isDue)[Checkpoint.FileWriter])
        {
            last = (steps, epochs, TimeProvider.GetTimestamp());
            var contents = CheckpointContents.Of(run, Checkpoint.FileWriter);
            if (communicator is null || communicator.Rank == Checkpoint.FileWriter)
            {
                SafeTensorsWriter file = snapshot.Copy(contents);
                writing = Task.Run(() => folder.Save(steps, stream => file.Write(stream)));
            }
        }
    }

    /// <summary>Called at the end of training: saves the last checkpoint, and returns when it is written.</summary>
    internal void AtEnd(ICheckpointable run, long steps)
    {
        Wait();
        if (SavesAtEnd)
        {
            // Written on this thread and from live memory, since no step follows.
            var contents = CheckpointContents.Of(run, Checkpoint.FileWriter);
            contents.WriteFile(() =>
            {
                SafeTensorsWriter file = contents.ToFile();
                Report(() => folder.Save(steps, stream => file.Write(stream)));
            });
        }
    }

    /// <summary>Waits until what is being written is complete.</summary>
    internal void Wait()
    {
        if (writing is { } task)
        {
            writing = null;
            Report(() => task.GetAwaiter().GetResult());
        }
    }

    private void Report(Func<string> write)
    {
        string path;
        try
        {
            path = write();
        }
        catch (Exception failure) when (OnFailure is not null && (failure is IOException or UnauthorizedAccessException))
        {
            OnFailure(failure);
            return;
        }

        OnSaved?.Invoke(path);
    }

    private bool IsDue(long steps, int epochs) =>
        (everySteps is { } stepCount && steps / stepCount > last.Steps / stepCount)
        || (everyEpochs is { } epochCount && epochs / epochCount > last.Epochs / epochCount)
        || (interval is { } time && TimeProvider.GetElapsedTime(last.Time) >= time);
}
