using System.Globalization;

namespace OptimGen;

/// <content>What a checkpoint of a training run has beside the optimizer and its parameters.</content>
public partial class Trainer<T>
{
    /// <summary>What the names of its own entries begin with.</summary>
    internal const string Scope = "trainer";
    private const string CallbacksScope = "callbacks";
    private const string ShardCountEntry = "shardCount";

    /// <summary>Saves the run: parameters, optimizer, and where training is.</summary>
    /// <param name="path">The path of the file, which is replaced if it exists. Its folder must exist.</param>
    /// <param name="progress">Receives the number of bytes written so far.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average, or a step is being taken.</exception>
    public void Save(string path, IProgress<long>? progress = null) => Checkpoint.Save(path, this, progress);

    /// <summary>
    /// Loads a run that <see cref="Save"/> has saved into a trainer that is made like the one that was saved: with the same parameters, rule, number of
    /// examples, schedules and callbacks. Settings such as <see cref="BatchSize"/> and <see cref="Seed"/> are those of the file afterwards.
    /// <see cref="TrainUntil"/> then does what is left of the run.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <param name="progress">Receives the number of bytes read so far.</param>
    /// <exception cref="CheckpointException">The file is damaged or does not fit; nothing has changed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The trainer is training, or the parameters stand at an average.</exception>
    public void Load(string path, CheckpointLoadOptions? options = null, IProgress<long>? progress = null) =>
        Checkpoint.Load(path, this, options, progress);

    void ICheckpointable.SaveTo(CheckpointWriter writer)
    {
        if (isInStep)
        {
            throw new InvalidOperationException("The run cannot be saved within a step. Save it from a callback after the step, or when Train has returned.");
        }

        ParameterCheckpoint.Save(Optimizer.Parameters, writer);
        OptimizerCheckpoint<T>.Save(Optimizer, writer);
        CheckpointWriter own = writer.Scope(Scope);
        own.Write("exampleCount", ExampleCount);
        own.Write("batchSize", BatchSize);
        own.Write("shuffle", Shuffle);
        own.Write("seed", Seed);
        own.Write("weightPenalty", WeightPenalty);
        own.Write("microBatchSize", MicroBatchSize ?? 0);
        if (ShardCount is { } count)
        {
            own.Write(ShardCountEntry, count);
        }

        own.Write("watchesCost", WatchesCost);
        own.Write("scheduleFactor", ScheduleFactor);
        own.Write("schedules", SchedulesText);
        own.Write("epochCount", EpochCount);
        own.Write("stepCount", StepCount);
        own.Write("stopReason", StopReason ?? "");
        SaveRunningEpoch(own);
        watch.SaveTo(own.Scope("descentWatch"));
        miniBatchWatch.SaveTo(own.Scope("miniBatchWatch"));
        Curve.SaveTo(own.Scope("curve"));
        Metrics.SaveTo(own.Scope("metrics"));
        TrainingObservation.Save(observations, own.Scope("observations"));
        SaveCallbacks(writer);
    }

    Action ICheckpointable.LoadFrom(CheckpointReader reader)
    {
        RequireIdle();
        Action commit = ParameterCheckpoint.Load(Optimizer.Parameters, reader);
        commit += OptimizerCheckpoint<T>.Load(Optimizer, reader);
        CheckpointReader own = reader.Scope(Scope);
        RequireSame("number of examples", own.ReadInt64("exampleCount"), ExampleCount);
        RequireSame("schedules", own.ReadString("schedules"), SchedulesText);
        commit += LoadSettings(own);
        int epochs = own.ReadInt32("epochCount", minimum: 0);
        int steps = own.ReadInt32("stepCount", minimum: 0, maximum: Array.MaxLength);
        string stopReason = own.ReadString("stopReason");
        commit += () => (EpochCount, StepCount, StopReason) = (epochs, steps, stopReason.Length == 0 ? null : stopReason);
        commit += LoadRunningEpoch(own, epochs);
        commit += watch.LoadFrom(own.Scope("descentWatch"));
        commit += miniBatchWatch.LoadFrom(own.Scope("miniBatchWatch"));
        commit += Curve.LoadFrom(own.Scope("curve"), steps, epochs);
        commit += Metrics.LoadFrom(own.Scope("metrics"));
        TrainingObservation[] savedObservations = TrainingObservation.Load(own.Scope("observations"));
        commit += () =>
        {
            observations.Clear();
            observations.AddRange(savedObservations);
        };
        return commit + LoadCallbacks(reader);

        void RequireSame<TValue>(string what, TValue saved, TValue here)
        {
            if (!Equals(saved, here))
            {
                throw reader.Failure($"Its run has the {what} '{saved}', and this trainer '{here}'.");
            }
        }
    }

    private string SchedulesText => Schedules.All.Count == 0
        ? "none"
        : string.Join("; ", Schedules.All.Select(one => $"{one.Hyperparameter}{(one.Group is { } group ? $" of group '{group.Name}'" : "")}: {one.Schedule}"));

    private Action LoadSettings(CheckpointReader own)
    {
        int size = own.ReadInt32("batchSize", minimum: 1, maximum: ExampleCount);
        bool shuffles = own.ReadBoolean("shuffle");
        long seed = own.ReadInt64("seed");
        double penalty = own.ReadDouble("weightPenalty");
        if (!(double.IsFinite(penalty) && penalty >= 0))
        {
            throw own.Failure(FormattableString.Invariant($"The penalty on its weights is {penalty}; it must be finite and at least 0."));
        }

        double factor = own.ReadDouble("scheduleFactor");
        if (!(double.IsFinite(factor) && factor >= 0))
        {
            throw own.Failure(FormattableString.Invariant($"The factor of its schedule is {factor}; it must be finite and at least 0."));
        }

        int microSize = own.ReadInt32("microBatchSize", minimum: 0);
        bool watches = own.ReadBoolean("watchesCost");
        int? shardsOfStep = own.Contains(ShardCountEntry) ? own.ReadInt32(ShardCountEntry, minimum: 1) : null;
        return () =>
        {
            (BatchSize, Shuffle, Seed, WeightPenalty) = (size, shuffles, seed, penalty);
            (ScheduleFactor, MicroBatchSize, WatchesCost) = (factor, microSize == 0 ? null : microSize, watches);
            ShardCount = shardsOfStep;
        };
    }

    // The settings of an epoch are those with which it began, which may have been changed since.
    private void SaveRunningEpoch(CheckpointWriter own)
    {
        CheckpointWriter epoch = own.Scope("runningEpoch");
        epoch.Write("stepsTaken", running?.StepsTaken ?? 0);
        if (running is { StepsTaken: > 0 })
        {
            epoch.Write("batchSize", running.BatchSize);
            epoch.Write("seed", running.Seed is { } seed ? seed.ToString(CultureInfo.InvariantCulture) : "");
            epoch.Write("meanCost", running.MeanCost);
        }
    }

    private Action LoadRunningEpoch(CheckpointReader own, int epochs)
    {
        CheckpointReader epoch = own.Scope("runningEpoch");
        int taken = epoch.ReadInt32("stepsTaken", minimum: 0);
        if (taken == 0)
        {
            return () => running = null;
        }

        int size = epoch.ReadInt32("batchSize", minimum: 1, maximum: ExampleCount);
        long? seed = epoch.ReadString("seed").Length == 0 ? null : epoch.ReadInt64("seed");
        double mean = epoch.ReadDouble("meanCost");
        int stepCount = RunningEpoch.StepsOf(ExampleCount, size);
        if (taken >= stepCount || epochs == int.MaxValue)
        {
            throw own.Failure($"{taken} steps of its epoch {epochs + 1L} are taken, and the epoch has {stepCount}.");
        }

        return () =>
        {
            running = new RunningEpoch(epochs + 1, ExampleCount, size, seed, ref indices);
            running.Restore(taken, mean);
        };
    }

    private void SaveCallbacks(CheckpointWriter writer)
    {
        var saved = new List<string>();
        foreach (TrainingCallback<T> callback in Callbacks)
        {
            int before = writer.EntryCount;
            callback.SaveState(writer.Scope($"{CallbacksScope}.{callback.Name}"));
            if (writer.EntryCount > before)
            {
                saved.Add(callback.Name);
            }
        }

        // One name in each line: a name may have commas.
        writer.Write(CallbacksScope, string.Join('\n', saved));
    }

    private Action LoadCallbacks(CheckpointReader reader)
    {
        string[] saved = reader.ReadString(CallbacksScope).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (saved.FirstOrDefault(name => Callbacks.All(callback => callback.Name != name)) is { } missing)
        {
            throw reader.Failure($"It has the state of a callback '{missing}', which the trainer has not.");
        }

        Action commit = () => { };
        foreach (TrainingCallback<T> callback in Callbacks)
        {
            if (saved.Contains(callback.Name))
            {
                commit += callback.LoadState(reader.Scope($"{CallbacksScope}.{callback.Name}"));
            }
            else
            {
                var contents = new CheckpointContents();
                callback.SaveState(new CheckpointWriter(contents));
                if (contents.EntryCount > 0)
                {
                    throw reader.Failure($"It has no state of the callback '{callback.Name}', which the trainer has.");
                }
            }
        }

        return commit;
    }
}
