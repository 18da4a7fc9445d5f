using OptimGen;

namespace Digits.Training;

/// <summary>Shows training while it runs. Every method is called on the thread that trains.</summary>
internal interface ITrainingDisplay
{
    /// <summary>A run is about to begin.</summary>
    void Begin(DigitsRun run);

    /// <summary>A step was taken.</summary>
    void Step(DigitsRun run, TrainingProgress progress);

    /// <summary>An epoch is complete and the model has been evaluated on the held-out examples.</summary>
    void EndEpoch(DigitsRun run);

    /// <summary>The run has ended: completed, diverged or cancelled.</summary>
    void End(DigitsRun run);
}
