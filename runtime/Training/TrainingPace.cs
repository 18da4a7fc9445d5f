namespace OptimGen;

/// <summary>
/// How fast a call of <see cref="Trainer{T}.Train"/> trains. The time within steps is averaged over the last steps, so that it follows changes; the time
/// between steps, where callbacks validate now and then, over the whole call. Nothing of training depends on it.
/// </summary>
internal sealed class TrainingPace(TimeProvider clock)
{
    /// <summary>The weight of the past at each step: an average over about the last 100 steps.</summary>
    private const double Beta = 0.99;

    // Neither average is corrected for its start from 0: the correction cancels in their ratio.
    private double secondsInStep, examplesInStep;
    private double secondsBetween;
    private long examplesBetween;
    private long stepStarted, stepEnded;
    private bool hasEnded;

    /// <summary>Examples in a second of step time; <see langword="null"/> if no time has been measured.</summary>
    public double? ExamplesPerSecond => secondsInStep > 0 ? examplesInStep / secondsInStep : null;

    public void BeginStep()
    {
        stepStarted = clock.GetTimestamp();
        if (hasEnded)
        {
            secondsBetween += Seconds(stepEnded, stepStarted);
        }
    }

    /// <param name="examples">The number of examples of the step.</param>
    public void EndStep(int examples)
    {
        stepEnded = clock.GetTimestamp();
        hasEnded = true;
        secondsInStep = Beta * secondsInStep + (1 - Beta) * Seconds(stepStarted, stepEnded);
        examplesInStep = Beta * examplesInStep + (1 - Beta) * examples;
        examplesBetween += examples;
    }

    /// <summary>The time that as many examples will take.</summary>
    /// <returns><see langword="null"/> if no time has been measured, or the time is longer than a <see cref="TimeSpan"/> can be.</returns>
    public TimeSpan? TimeFor(long examples)
    {
        if (ExamplesPerSecond is not { } pace)
        {
            return null;
        }

        double seconds = examples / pace + examples * (secondsBetween / examplesBetween);
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private double Seconds(long from, long to) => Math.Max(0, clock.GetElapsedTime(from, to).TotalSeconds);
}
