namespace OptimGen.Tests.Checkpoints;

public sealed class CheckpointPolicyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("optimgen-policy-").FullName;

    private string Run => Path.Combine(folder, "run");

    [Fact]
    public void EveryFewEachStepTheLastAreKept_AndTheEndIsSaved()
    {
        Trainer trainer = Train(new CheckpointPolicy(Run) { EverySteps = 1, KeepLast = 2 }, waits: true);
        Assert.Equal([18, 17], Steps());
        Assert.Equal(SavedRun.Bytes(trainer), File.ReadAllBytes(new CheckpointFolder(Run).PathOf(18)));
    }

    [Fact]
    public void MultiplesOfSteps()
    {
        Train(new CheckpointPolicy(Run) { EverySteps = 4, KeepLast = 10, SavesAtEnd = false }, waits: true);
        Assert.Equal([16, 12, 8, 4], Steps());
    }

    [Fact]
    public void Epochs_AndCheckpointsThatAreKeptForever()
    {
        Train(new CheckpointPolicy(Run) { EveryEpochs = 1, KeepLast = 1, KeepEvery = 12, SavesAtEnd = false }, waits: true);
        Assert.Equal([18, 12], Steps());
    }

    [Fact]
    public void AnInterval_IsMeasuredFromTheLastCheckpoint()
    {
        var clock = new Clock();
        var policy = new CheckpointPolicy(Run) { Interval = TimeSpan.FromMinutes(10), KeepLast = 10, SavesAtEnd = false, TimeProvider = clock };
        // Each step takes four minutes.
        Train(policy, waits: true, _ => clock.Now += TimeSpan.FromMinutes(4));
        Assert.Equal([18, 15, 12, 9, 6, 3], Steps());
    }

    [Fact]
    public void ACancelledRun_IsSavedWhereItWasCancelled_AndResumed()
    {
        Trainer whole = SavedRun.Make(nameof(Adam)), cancelled = SavedRun.Make(nameof(Adam)), resumed = SavedRun.Make(nameof(Adam));
        whole.TrainUntil(SavedRun.Epochs);
        cancelled.Checkpoints = new CheckpointPolicy(Run);
        SavedRun.TrainToStep(cancelled, 8);
        Assert.Equal([8], Steps());
        ResumedCheckpoint found = Checkpoint.LoadNewest(Run, resumed);
        Assert.True(found.WasLoaded);
        Assert.Empty(found.Observations);
        Assert.Equal(8, resumed.StepCount);
        resumed.TrainUntil(SavedRun.Epochs);
        Assert.Equal(SavedRun.Bytes(whole), SavedRun.Bytes(resumed));
    }

    [Fact]
    public void AFolderWithoutCheckpoints_ChangesNothing()
    {
        Trainer trainer = SavedRun.Make(nameof(Adam));
        byte[] before = SavedRun.Bytes(trainer);
        Assert.Equal((null, false), (Checkpoint.LoadNewest(Run, trainer).Path, Checkpoint.LoadNewest(Run, trainer).WasLoaded));
        Assert.Equal(before, SavedRun.Bytes(trainer));
    }

    [Fact]
    public void ADamagedCheckpoint_IsPassedOver_WithAWord()
    {
        Train(new CheckpointPolicy(Run) { EverySteps = 6, SavesAtEnd = false }, waits: true);
        var files = new CheckpointFolder(Run);
        byte[] bytes = File.ReadAllBytes(files.PathOf(18));
        bytes[^9] ^= 1;
        File.WriteAllBytes(files.PathOf(18), bytes);
        Trainer resumed = SavedRun.Make(nameof(Adam));
        ResumedCheckpoint found = Checkpoint.LoadNewest(Run, resumed);
        Assert.Equal(files.PathOf(12), found.Path);
        Assert.Contains("step-00000018", Assert.Single(found.Observations), StringComparison.Ordinal);
        Assert.Equal(12, resumed.StepCount);
    }

    /// <summary>An older checkpoint would be of the other rule too, and loading it would hide the mistake.</summary>
    [Fact]
    public void ACheckpointOfAnotherRule_IsRefused_AndNoneBeforeIsTried()
    {
        Train(new CheckpointPolicy(Run) { EverySteps = 6 }, waits: true);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Checkpoint.LoadNewest(Run, SavedRun.Make(nameof(AdamW))));
        Assert.Contains("step-00000018", refused.Message, StringComparison.Ordinal);
        Assert.Contains("of the optimizer Adam, and not of AdamW", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailure_EndsTheTraining_UnlessItIsHandled()
    {
        File.WriteAllText(Run, "A file where the folder should be.");
        Assert.ThrowsAny<IOException>(() => Train(new CheckpointPolicy(Run) { EverySteps = 6 }, waits: true));
        var failures = new List<Exception>();
        Trainer trainer = Train(new CheckpointPolicy(Run) { EverySteps = 6, OnFailure = failures.Add }, waits: true);
        Assert.Equal(18, trainer.StepCount);
        Assert.Equal(4, failures.Count);
        Assert.All(failures, failure => Assert.Contains(Run, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void TheCopy_IsNotChangedByStepsThatFollow()
    {
        Trainer trainer = SavedRun.Make(nameof(Adam));
        SavedRun.TrainToStep(trainer, 5);
        byte[] expected = SavedRun.Bytes(trainer);
        SafeTensorsWriter copy = new CheckpointSnapshot().Copy(CheckpointContents.Of(trainer));
        SavedRun.TrainToStep(trainer, 9);
        using var stream = new MemoryStream();
        copy.Write(stream);
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void TheMemoryOfACopy_IsUsedAgain()
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 1 << 20);
        var snapshot = new CheckpointSnapshot();
        snapshot.Copy(CheckpointContents.Of(parameters));
        long before = GC.GetAllocatedBytesForCurrentThread();
        snapshot.Copy(CheckpointContents.Of(parameters));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
    }

    [Fact]
    public void BadSettings_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new CheckpointPolicy(" "));
        var policy = new CheckpointPolicy(Run);
        Assert.Contains("EverySteps is 0", Assert.Throws<ArgumentOutOfRangeException>(() => policy.EverySteps = 0).Message, StringComparison.Ordinal);
        Assert.Contains("EveryEpochs is -1", Assert.Throws<ArgumentOutOfRangeException>(() => policy.EveryEpochs = -1).Message, StringComparison.Ordinal);
        Assert.Contains("Interval is 00:00:00", Assert.Throws<ArgumentOutOfRangeException>(() => policy.Interval = TimeSpan.Zero).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.KeepLast = 0);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private IEnumerable<long> Steps() => new CheckpointFolder(Run).List().Select(file => file.Step);

    /// <param name="policy">The policy.</param>
    /// <param name="waits">Whether each step waits for the checkpoint of the step before, so that none is put off.</param>
    /// <param name="onStep">Is called for each step.</param>
    private static Trainer Train(CheckpointPolicy policy, bool waits, Action<TrainingProgress>? onStep = null)
    {
        Trainer trainer = SavedRun.Make(nameof(Adam));
        trainer.Checkpoints = policy;
        trainer.TrainUntil(SavedRun.Epochs, new EachStep(progress =>
        {
            onStep?.Invoke(progress);
            if (waits)
            {
                policy.Wait();
            }
        }));
        return trainer;
    }

    private sealed class EachStep(Action<TrainingProgress> step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => step(value);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
