namespace OptimGen;

/// <summary>What a <see cref="LearningRateSchedule"/> counts. Both count from 1, over the whole run of a trainer.</summary>
public enum ScheduleUnit
{
    /// <summary>Passes over all examples: the rate stays the same within each.</summary>
    Epoch,

    /// <summary>Steps of the optimizer, one a mini-batch.</summary>
    Step,
}
