namespace OptimGen.Tests.Training.Callbacks;

public class EarlyStoppingTests
{
    private const double NaN = double.NaN, Infinity = double.PositiveInfinity;

    /// <summary>The step at which a run with these values stops; 0 if it does not.</summary>
    [Theory]
    [InlineData(0, new[] { 3.0, 2, 1, 1 }, 4)]
    [InlineData(1, new[] { 3.0, 2, 3, 2 }, 4)]
    [InlineData(1, new[] { 3.0, 2, 3, 1, 2, 1 }, 6)]
    [InlineData(2, new[] { 3.0, 4, 4, 2, 3, 3, 1 }, 0)]
    [InlineData(1, new[] { NaN, NaN, 1 }, 2)]
    [InlineData(2, new[] { NaN, NaN, 1, NaN, 1, 0 }, 0)]
    [InlineData(1, new[] { 1.0, NaN, NaN }, 3)]
    [InlineData(1, new[] { Infinity, Infinity, 1 }, 2)]
    [InlineData(1, new[] { -Infinity, -Infinity, -Infinity, 1 }, 3)]
    public void TheRunStops_WhenPatienceIsOver(int patience, double[] values, long stopsAt)
    {
        (Trainer<double> trainer, TrainingResult result) = Run(new EarlyStopping<double>("m", patience), values);
        Assert.Equal(stopsAt == 0 ? values.Length : stopsAt, trainer.StepCount);
        Assert.Equal(stopsAt == 0 ? TrainingOutcome.Completed : TrainingOutcome.Stopped, result.Outcome);
        Assert.Equal(stopsAt == 0, result.StopReason is null);
    }

    [Theory]
    [InlineData(MinimumChangeUnit.Absolute, 0.5, MetricGoal.Minimize, new[] { 10, 9.5, 9.5 }, 2)]
    [InlineData(MinimumChangeUnit.Absolute, 0.5, MetricGoal.Minimize, new[] { 10, 9.4, 9 }, 3)]
    [InlineData(MinimumChangeUnit.Absolute, 0.5, MetricGoal.Maximize, new[] { 1, 2, 2.5 }, 3)]
    [InlineData(MinimumChangeUnit.Relative, 0.1, MetricGoal.Minimize, new[] { 10, 8.9, 8.1 }, 3)]
    [InlineData(MinimumChangeUnit.Relative, 0.1, MetricGoal.Maximize, new[] { 10, 11.1, 12.2 }, 3)]
    [InlineData(MinimumChangeUnit.Relative, 0.1, MetricGoal.Minimize, new[] { -10, -11.1, -12.1 }, 3)]
    [InlineData(MinimumChangeUnit.Relative, 0.1, MetricGoal.Maximize, new[] { -10, -8.9, -8.1 }, 3)]
    [InlineData(MinimumChangeUnit.Relative, 0.1, MetricGoal.Minimize, new[] { 0.0, -1, -1.05 }, 3)]
    public void AnImprovement_IsMoreThanTheMinimumChange(MinimumChangeUnit unit, double change, MetricGoal goal, double[] values, long stopsAt)
    {
        var stopping = new EarlyStopping<double>("m", patience: 0) { MinimumChange = change, MinimumChangeUnit = unit, Goal = goal };
        (Trainer<double> trainer, TrainingResult result) = Run(stopping, values);
        Assert.Equal((stopsAt, TrainingOutcome.Stopped), (trainer.StepCount, result.Outcome));
    }

    [Fact]
    public void TheReason_NamesTheMetricAndItsBestValueAndStep()
    {
        var stopping = new EarlyStopping<double>("m", patience: 1);
        Assert.Equal("m has not improved in 2 evaluations: its best value is 0.25, at step 2.", Run(stopping, [1, 0.25, 2, 3]).Result.StopReason);
        Assert.Equal((0.25, 2L), (stopping.BestValue, stopping.BestStep));
        Assert.Equal(
            "m has not improved in 1 evaluation: it has had no value to compare with; the last one is NaN.",
            Run(new EarlyStopping<double>("m", 0), [NaN]).Result.StopReason);
    }

    [Fact]
    public void TheFirstEvaluations_CanBeLeftOut()
    {
        // Neither do they count as without improvement, nor is the best of them the one to be beaten.
        (Trainer<double> trainer, _) = Run(new EarlyStopping<double>("m", patience: 0) { StartAfter = 3 }, [0, 5, 5, 5, 4, 3, 3]);
        Assert.Equal(7, trainer.StepCount);
        Assert.NotNull(trainer.StopReason);
    }

    [Fact]
    public void TheMeanCostOfEpochs_CanBeWatched()
    {
        Trainer<double> trainer = Regression.Trainer((_, batch) => batch.Epoch < 4 ? 10 - batch.Epoch : 8);
        trainer.Callbacks.Add(new EarlyStopping<double>(MetricHistory.Cost, patience: 1));
        TrainingResult result = trainer.Train(50);
        Assert.Equal((TrainingOutcome.Stopped, 5), (result.Outcome, result.Epochs));
        Assert.Equal("cost has not improved in 2 evaluations: its best value is 7, at step 18.", result.StopReason);
    }

    [Fact]
    public void OtherMetrics_AreLeftAlone()
    {
        (Trainer<double> trainer, _) = Run(new EarlyStopping<double>("other", 0), [1, 1, 1, 1]);
        Assert.Null(trainer.StopReason);
    }

    [Fact]
    public void ALaterCall_GoesOn_UntilTheNextEvaluationWithoutImprovement()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => 0);
        trainer.BatchSize = Regression.ExampleCount;
        trainer.Callbacks.Add(new Announcement("m", 3, 3, 2, 2, 2));
        trainer.Callbacks.Add(new EarlyStopping<double>("m", 0));
        Assert.Equal(2, trainer.Train(9).Steps);
        Assert.Equal(4, trainer.Train(9).Steps);
        // What is left of a stopped run is nothing.
        Assert.Equal((TrainingOutcome.Stopped, 4L), (trainer.TrainUntil(20).Outcome, trainer.StepCount));
    }

    [Fact]
    public void BadSettings_AreRefused()
    {
        Refusal.Require<ArgumentException>("metric", "empty", () => new EarlyStopping<double>("", 1));
        Refusal.Require<ArgumentOutOfRangeException>("patience", "-1", () => new EarlyStopping<double>("m", -1));
        Refusal.Require<ArgumentOutOfRangeException>("StartAfter", "StartAfter is -1", () => new EarlyStopping<double>("m", 1) { StartAfter = -1 });
        Refusal.Require<ArgumentOutOfRangeException>("Goal", "Goal is 2", () => new EarlyStopping<double>("m", 1) { Goal = (MetricGoal)2 });
        Refusal.Require<ArgumentOutOfRangeException>(
            "MinimumChange", "MinimumChange is NaN; it must be finite and at least 0.", () => new EarlyStopping<double>("m", 1) { MinimumChange = NaN });
        Refusal.Require<ArgumentOutOfRangeException>(
            "MinimumChangeUnit", "MinimumChangeUnit is 3", () => new EarlyStopping<double>("m", 1) { MinimumChangeUnit = (MinimumChangeUnit)3 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ARunThatIsResumed_StopsAtTheSameStep(int startAfter)
    {
        Trainer<double> whole = Resumption.RequireSameEnd(
            () =>
            {
                Trainer<double> trainer = Regression.Trainer();
                trainer.Callbacks.Add(new Announcement("m", 5, NaN, 4, null, 4, 3, 3, 3, 3));
                trainer.Callbacks.Add(new EarlyStopping<double>("m", 2) { StartAfter = startAfter });
                return trainer;
            },
            epochs: 3);
        Assert.Equal("m has not improved in 3 evaluations: its best value is 3, at step 6.", whole.StopReason);
    }

    [Fact]
    public void DamagedState_IsRefused()
    {
        Trainer<double> saved = Regression.Trainer(), loaded = Regression.Trainer();
        saved.Callbacks.Add(new EarlyStopping<double>("m", 2));
        loaded.Callbacks.Add(new EarlyStopping<double>("other", 2));
        Assert.Contains(
            "a callback 'EarlyStopping(m)', which the trainer has not",
            Assert.Throws<CheckpointException>(() => Checkpoint.Load(new MemoryStream(Resumption.Contents(saved)), loaded)).Message, StringComparison.Ordinal);
    }

    private static (Trainer<double> Trainer, TrainingResult Result) Run(EarlyStopping<double> stopping, double[] values)
    {
        Trainer<double> trainer = Regression.Trainer();
        trainer.BatchSize = Regression.ExampleCount;
        trainer.Callbacks.Add(stopping);
        trainer.Callbacks.Add(new Announcement("m", [.. values.Select(value => (double?)value)]));
        return (trainer, trainer.Train(values.Length));
    }
}
