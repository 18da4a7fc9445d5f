using OptimGen;

namespace Digits.Training;

/// <summary>Shows training while it goes on. Every call comes on the thread that trains.</summary>
internal interface ITrainingDisplay
{
    /// <summary>A run is about to begin.</summary>
    void Begin(TrainingRun run);

    /// <summary>A step was taken.</summary>
    void Step(TrainingRun run, TrainingProgress progress);

    /// <summary>An epoch is complete and the model has been tried on the held-out examples.</summary>
    void EndEpoch(TrainingRun run);

    /// <summary>The run is over, for whatever reason.</summary>
    void End(TrainingRun run);
}
