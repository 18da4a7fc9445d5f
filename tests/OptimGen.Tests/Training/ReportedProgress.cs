namespace OptimGen.Tests.Training;

/// <summary>Receives progress on the training's own thread, unlike <see cref="Progress{T}"/>, so that a test sees every report in order.</summary>
internal sealed class ReportedProgress(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> All { get; } = [];

    public void Report(TrainingProgress value)
    {
        All.Add(value);
        action?.Invoke(value);
    }
}
