namespace OptimGen;

/// <summary>Reads a <see cref="TrainingRun"/> from a checkpoint.</summary>
internal static class CheckpointRun
{
    private const string TrainerPrefix = Trainer<float>.Scope + ".";

    public static TrainingRun Load(string name, string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);

        // A tensor without a name is read past, and only counts for the checksum.
        var staged = StagedCheckpoint.Read(
            stream, path, tensor => tensor.StartsWith(TrainerPrefix, StringComparison.Ordinal) ? tensor : null, progress: null, CancellationToken.None);
        var reader = new CheckpointReader(staged, CheckpointLoadOptions.Default);
        CheckpointReader trainer = reader.Scope(Trainer<float>.Scope), optimizer = reader.Scope(OptimizerCheckpoint<float>.Scope);
        int epochs = trainer.ReadInt32("epochCount", minimum: 0);
        int steps = trainer.ReadInt32("stepCount", minimum: 0, maximum: Array.MaxLength);
        int examples = trainer.ReadInt32("exampleCount", minimum: 1);
        var curve = new CostCurve();
        curve.LoadFrom(trainer.Scope("curve"), steps, epochs)();
        var metrics = new MetricHistory(static () => default, static (_, _) => { });
        metrics.LoadFrom(trainer.Scope("metrics"))();
        var rule = RuleIdentity.Read(optimizer);
        string stopReason = trainer.ReadString("stopReason");
        return new TrainingRun
        {
            Name = name,
            Optimizer = rule.Optimizer,
            Equations = rule.Equations.Split('\n'),
            Hyperparameters = [.. HyperparameterEntries.ReadAll(optimizer)],
            ExampleCount = examples,
            BatchSize = trainer.ReadInt32("batchSize", minimum: 1, maximum: examples),
            Seed = trainer.ReadInt64("seed"),
            Curve = curve,
            Metrics = [.. metrics.Names.Select(metric => new TrainingMetric(metric, metrics[metric]))],
            Observations = TrainingObservation.Load(trainer.Scope("observations")),
            StopReason = stopReason.Length == 0 ? null : stopReason,
        };
    }
}
