namespace OptimGen.Tests.Training.Callbacks;

/// <summary>Records a metric after every step from a list of values, the last of which repeats; <see langword="null"/> records none.</summary>
internal sealed class Announcement(string metric, params double?[] values) : TrainingCallback<double>
{
    public override void OnStepCompleted(Trainer<double> trainer, in TrainingProgress progress)
    {
        if (values[Math.Min(progress.Step, values.Length) - 1] is { } value)
        {
            trainer.Metrics.Record(metric, value);
        }
    }
}
