namespace OptimGen.Tests.Training;

public class TrainingPaceTests
{
    [Fact]
    public void TheRateAndTheTimeLeft_AreThoseOfTheSteps()
    {
        var clock = new SteppedClock();
        Trainer<double> trainer = Trainer(clock, secondsForExample: 0.5);
        var progress = new ReportedProgress();
        trainer.Train(2, progress);
        // 23 examples in batches of 4: 12 steps, two of which have 3.
        Assert.All(progress.All, step => Assert.Equal(2, step.ExamplesPerSecond!.Value, 1e-6));
        Assert.Equal(
            [42, 38, 34, 30, 26, 23, 19, 15, 11, 7, 3, 0],
            progress.All.Select(step => (int)Math.Round(2 * step.TimeLeft!.Value.TotalSeconds)));
        Assert.Equal(TimeSpan.Zero, progress.All[^1].TimeLeft);
    }

    [Fact]
    public void TimeBetweenTheSteps_DoesNotChangeTheRate_AndRecursInTheTimeLeft()
    {
        var clock = new SteppedClock();
        Trainer<double> trainer = Trainer(clock, secondsForExample: 1);
        // After each epoch of 23 examples a validation of 46 seconds: two more for each example.
        var progress = new ReportedProgress(step => clock.Advance(step.StepInEpoch == 6 ? 46 : 0));
        trainer.Train(10, progress);
        Assert.All(progress.All, step => Assert.Equal(1, step.ExamplesPerSecond!.Value, 1e-6));
        // After 23 + 4 examples of 230, the pause is counted once for 27.
        Assert.Equal(203 * (1 + 46 / 27.0), progress.All[6].TimeLeft!.Value.TotalSeconds, 1e-3);
        Assert.Equal(3 * (1 + 9 * 46 / 227.0), progress.All[58].TimeLeft!.Value.TotalSeconds, 1e-3);
    }

    [Fact]
    public void TheRate_FollowsAChange_AndForgetsASlowStart()
    {
        var clock = new SteppedClock();
        Trainer<double> trainer = Regression.Trainer((_, batch) =>
        {
            clock.Advance(batch.Count * (batch.Step == 1 ? 100 : 1));
            return 1;
        });
        trainer.Clock = clock;
        var progress = new ReportedProgress();
        trainer.Train(100, progress);
        Assert.Equal(0.01, progress.All[0].ExamplesPerSecond!.Value, 1e-9);
        Assert.InRange(progress.All[^1].ExamplesPerSecond!.Value, 0.9, 1);
        double[] rates = [.. progress.All.Select(step => step.ExamplesPerSecond!.Value)];
        Assert.Equal(rates.Order(), rates);
    }

    [Fact]
    public void EachCall_IsMeasuredAnew()
    {
        var clock = new SteppedClock();
        Trainer<double> trainer = Trainer(clock, secondsForExample: 1);
        trainer.Train(1);
        clock.Advance(1e6);
        var progress = new ReportedProgress();
        trainer.Train(1, progress);
        Assert.Equal(19, progress.All[0].TimeLeft!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void WithoutATime_NothingIsSaid()
    {
        var progress = new ReportedProgress();
        Trainer(new SteppedClock(), secondsForExample: 0).Train(1, progress);
        Assert.All(progress.All, step => Assert.Equal((null, null), (step.ExamplesPerSecond, step.TimeLeft)));
    }

    [Fact]
    public void ATimeThatIsTooLong_IsNotSaid()
    {
        var progress = new ReportedProgress();
        Trainer<double> trainer = Trainer(new SteppedClock(), secondsForExample: 1e8);
        trainer.Callbacks.Add(new StopAtOnce());
        trainer.Train(1_000_000, progress);
        Assert.Null(Assert.Single(progress.All).TimeLeft);
        Assert.Equal(1e-8, progress.All[0].ExamplesPerSecond!.Value, 1e-12);
    }

    private static Trainer<double> Trainer(SteppedClock clock, double secondsForExample)
    {
        Trainer<double> trainer = Regression.Trainer((_, batch) =>
        {
            clock.Advance(batch.Count * secondsForExample);
            return 1;
        });
        trainer.Clock = clock;
        return trainer;
    }

    private sealed class StopAtOnce : TrainingCallback<double>
    {
        public override void OnStepCompleted(Trainer<double> trainer, in TrainingProgress progress) => trainer.Stop("Once is enough.");
    }

    /// <summary>A clock that only the test moves.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => now;

        public void Advance(double seconds) => now += (long)(seconds * TimestampFrequency);
    }
}
