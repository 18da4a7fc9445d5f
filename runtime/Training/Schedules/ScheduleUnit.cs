namespace OptimGen;

/// <summary>What a <see cref="Schedule"/> counts, from 1, over the whole run of a trainer.</summary>
public enum ScheduleUnit
{
    /// <summary>Passes over all examples. The value is constant within an epoch.</summary>
    Epoch,

    /// <summary>Steps of the optimizer, one for each mini-batch.</summary>
    Step,
}
