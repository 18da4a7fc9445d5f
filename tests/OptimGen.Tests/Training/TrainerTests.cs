using System.Globalization;

namespace OptimGen.Tests.Training;

public class TrainerTests
{
    [Fact]
    public void Training_FindsTheLine()
    {
        Trainer<double> trainer = Regression.Trainer();
        trainer.Schedule = Schedule.InverseSquareRoot(0.1);
        TrainingResult result = trainer.Train(200);
        Assert.Equal((TrainingOutcome.Completed, 200, 1200L), (result.Outcome, result.Epochs, result.Steps));
        Assert.Equal(2, trainer.Optimizer.Parameters["weight"].Values[0], 0.1);
        Assert.Equal(-1, trainer.Optimizer.Parameters["weight"].Values[1], 0.1);
        Assert.Equal(0.75, trainer.Optimizer.Parameters["bias"].Values[0], 0.1);
        Assert.Equal(result.Curve.EpochMeans[^1], result.FinalMeanCost);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameBits_AndAnotherSeedOthers()
    {
        (double[] values, TrainingResult result) = Run(seed: 5);
        (double[] sameValues, TrainingResult sameResult) = Run(seed: 5);
        (double[] otherValues, _) = Run(seed: 6);
        Assert.Equal(values, sameValues);
        Assert.Equal(result.Curve.Costs, sameResult.Curve.Costs);
        Assert.NotEqual(values, otherValues);

        static (double[] Values, TrainingResult Result) Run(long seed)
        {
            Trainer<double> trainer = Regression.Trainer();
            trainer.Seed = seed;
            TrainingResult result = trainer.Train(3);
            return (Regression.ValuesOf(trainer), result);
        }
    }

    [Fact]
    public void ManyShortCalls_AreOneLongOne_ToTheBit()
    {
        Trainer<double> once = Regression.Trainer(), often = Regression.Trainer();
        foreach (Trainer<double> trainer in new[] { once, often })
        {
            trainer.Schedule = Schedule.InverseTime(0.2, 0.1, ScheduleUnit.Step);
            trainer.WeightPenalty = 0.1;
        }

        TrainingResult whole = once.Train(5);
        often.Train(2);
        often.Train(1);
        TrainingResult resumed = often.Train(2);

        RequireSame(whole, resumed);
        Assert.Equal(Regression.ValuesOf(once), Regression.ValuesOf(often));
    }

    [Fact]
    public void BatchDescent_IsWatchedAcrossCalls()
    {
        Trainer<double> once = Regression.Trainer(), often = Regression.Trainer();
        foreach (Trainer<double> trainer in new[] { once, often })
        {
            trainer.BatchSize = Regression.ExampleCount;
            trainer.Schedule = Schedule.Constant(1);
        }

        TrainingResult whole = once.Train(3);
        often.Train(1);
        often.Train(1);
        RequireSame(whole, often.Train(1));
        Assert.NotEmpty(whole.Observations);
    }

    [Fact]
    public void Cancellation_StopsBetweenSteps_AndTrainingCanGoOn()
    {
        using var cancellation = new CancellationTokenSource();
        Trainer<double> trainer = Regression.Trainer();
        var progress = new ReportedProgress(step =>
        {
            if (step.Step == 8)
            {
                cancellation.Cancel();
            }
        });

        var cancelled = Assert.Throws<OperationCanceledException>(() => trainer.Train(3, progress, cancellation.Token));

        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.Equal((1, 8L, 8L), (trainer.EpochCount, trainer.StepCount, trainer.Optimizer.StepCount));
        Assert.Equal(progress.All.Select(step => step.Cost), trainer.Curve.Costs);
        Assert.Single(trainer.Curve.EpochMeans);

        // The interrupted epoch counts as the first of the two.
        TrainingResult resumed = trainer.Train(2);
        Trainer<double> once = Regression.Trainer();
        RequireSame(once.Train(3), resumed);
        Assert.Equal(Regression.ValuesOf(once), Regression.ValuesOf(trainer));
    }

    [Fact]
    public void CancelledFromTheStart_NothingIsDone()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => throw new InvalidOperationException("Not to be called."));
        Assert.Throws<OperationCanceledException>(() => trainer.Train(1, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(0, trainer.StepCount);
    }

    [Fact]
    public void CancelledDuringTheLastStep_TrainingIsComplete()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new ReportedProgress(step =>
        {
            if (step.Step == 6)
            {
                cancellation.Cancel();
            }
        });
        Assert.Equal(TrainingOutcome.Completed, Regression.Trainer().Train(1, progress, cancellation.Token).Outcome);
    }

    [Fact]
    public void AnExceptionOfTheObjective_PassesUntouched_AndTheStepIsRepeated()
    {
        var failure = new InvalidDataException("example 3 is missing");
        bool broken = true;
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            double loss = Regression.Objective(parameters, batch);
            return broken && batch.Step == 4 ? throw failure : loss;
        });

        Assert.Same(failure, Assert.Throws<InvalidDataException>(() => trainer.Train(2)));
        Assert.Equal((0, 3L, 3L, 3), (trainer.EpochCount, trainer.StepCount, trainer.Optimizer.StepCount, trainer.Curve.Costs.Count));

        broken = false;
        TrainingResult resumed = trainer.Train(2);
        Trainer<double> once = Regression.Trainer();
        RequireSame(once.Train(2), resumed);
        Assert.Equal(Regression.ValuesOf(once), Regression.ValuesOf(trainer));
    }

    [Fact]
    public void ARateThatTheScheduleMayNotGive_IsRefusedBeforeTheStep()
    {
        int calls = 0;
        Trainer<double> trainer = Regression.Trainer((_, _) => ++calls);
        trainer.Schedule = Schedule.Manual(step => step == 3 ? double.NaN : 0.1, ScheduleUnit.Step);
        Assert.Contains("NaN at step 3", Assert.Throws<InvalidOperationException>(() => trainer.Train(1)).Message, StringComparison.Ordinal);
        Assert.Equal((2, 2L), (calls, trainer.StepCount));
    }

    [Fact]
    public void TheGradient_IsZeroAtEveryCallOfTheObjective()
    {
        var seen = new List<double>();
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            seen.AddRange(parameters.SelectMany(parameter => parameter.Gradients.ToArray()));
            return Regression.Objective(parameters, batch);
        });
        trainer.WeightPenalty = 1;
        trainer.Train(1);
        Assert.Equal(new double[6 * 3], seen);
    }

    [Fact]
    public void TheCurve_HasEveryStepAndTheMeanOfEveryEpoch()
    {
        // 10 examples in batches of 4, 4 and 2; the loss is the number of the step.
        Trainer<double> trainer = new(new GradientDescent<double>(Regression.Parameters()), 10, (_, batch) => batch.Step) { BatchSize = 4 };
        CostCurve curve = trainer.Train(2).Curve;
        Assert.Equal([1, 2, 3, 4, 5, 6], curve.Costs);
        Assert.Equal(2, curve.EpochMeans.Count);
        Assert.Equal((4 * 1 + 4 * 2 + 2 * 3) / 10.0, curve.EpochMeans[0], 1e-15);
        Assert.Equal((4 * 4 + 4 * 5 + 2 * 6) / 10.0, curve.EpochMeans[1], 1e-14);
        Assert.Equal([3, 6], curve.EpochEnds);
        Assert.Equal(Enumerable.Repeat(0.1, 6), curve.LearningRates);
    }

    [Fact]
    public void TheMeanOfAnEpoch_DoesNotOverflow()
    {
        Trainer<double> trainer = new(new GradientDescent<double>(Regression.Parameters()), 10, (_, _) => double.MaxValue) { BatchSize = 4 };
        Assert.Equal([double.MaxValue], trainer.Train(1).Curve.EpochMeans);
    }

    [Fact]
    public void Progress_TellsEveryStep()
    {
        var progress = new ReportedProgress();
        Trainer<double> trainer = new(new GradientDescent<double>(Regression.Parameters()), 10, (_, batch) => batch.Step) { BatchSize = 4 };
        trainer.Train(1);
        trainer.Schedule = Schedule.Constant(0.25);
        trainer.Train(2, progress);

        Assert.Equal([4L, 5L, 6L, 7L, 8L, 9L], progress.All.Select(step => step.Step));
        Assert.Equal([2, 2, 2, 3, 3, 3], progress.All.Select(step => step.Epoch));
        Assert.Equal([1, 2, 3, 1, 2, 3], progress.All.Select(step => step.StepInEpoch));
        Assert.All(progress.All, step => Assert.Equal((3, 3, 0.25), (step.Epochs, step.StepsPerEpoch, step.LearningRate)));
        Assert.All(progress.All, step => Assert.Null(step.Observation));
        Assert.Equal([4, 4.5, 4.8, 7, 7.5, 7.8], progress.All.Select(step => Math.Round(step.EpochMeanCost, 12)));
        Assert.Equal([4, 5, 6, 7, 8, 9], progress.All.Select(step => step.Cost));
    }

    [Fact]
    public void AStep_AllocatesNothing()
    {
        const int Steps = 10_000;
        var parameters = new ParameterSet();
        parameters.Add("weight", 100);
        var trainer = new Trainer(new GradientDescent<float>(parameters), Steps, (_, _) => 1) { BatchSize = 1, WeightPenalty = 0.1 };
        var progress = new DiscardedProgress();
        // Leaves the curve's lists with room for 2¹⁵ steps.
        trainer.Train(2, progress);
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Train(1, progress);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Steps);
    }

    [Fact]
    public void ARateInSinglePrecision_IsReportedAsItWasWritten()
    {
        var parameters = new ParameterSet();
        parameters.Add("weight", 1);
        var trainer = new Trainer(new GradientDescent<float>(parameters) { LearningRate = 0.001f }, 1, (_, _) => 0);
        Assert.Equal([0.001], trainer.Train(1).Curve.LearningRates);
    }

    [Fact]
    public void WithoutASchedule_TheRateIsLeftAlone()
    {
        Trainer<double> trainer = Regression.Trainer();
        var optimizer = (GradientDescent<double>)trainer.Optimizer;
        optimizer.LearningRate = 0.01;
        trainer.Train(1);
        optimizer.LearningRate = 0.02;
        Assert.Equal([0.01, 0.02], trainer.Train(1).Curve.LearningRates.Distinct());
    }

    [Fact]
    public void BatchSize_IsTheUsualOneOrTheWholeOfASmallSet()
    {
        Assert.Equal(64, Of(65).BatchSize);
        Assert.Equal(10, Of(10).BatchSize);

        static Trainer<double> Of(int examples) => new(new GradientDescent<double>(Regression.Parameters()), examples, (_, _) => 0);
    }

    [Fact]
    public void ABatchSizeThatIsSetWithinAnEpoch_HoldsForTheNext()
    {
        var counts = new List<int>();
        Trainer<double> trainer = Regression.Trainer((_, batch) =>
        {
            counts.Add(batch.Count);
            return 0;
        });
        trainer.BatchSize = 10;
        trainer.Train(2, new ReportedProgress(step => trainer.BatchSize = 20));
        Assert.Equal([10, 10, 3, 20, 3], counts);
    }

    [Fact]
    public void BadArguments_AreRefusedByNameAndValue()
    {
        var optimizer = new GradientDescent<double>(Regression.Parameters());
        Assert.Throws<ArgumentNullException>("optimizer", () => new Trainer<double>(null!, 1, Regression.Objective));
        Assert.Throws<ArgumentNullException>("objective", () => new Trainer<double>(optimizer, 1, null!));
        Refusal.Require<ArgumentOutOfRangeException>("exampleCount", "'0'", () => new Trainer<double>(optimizer, 0, Regression.Objective));

        Trainer<double> trainer = Regression.Trainer();
        Refusal.Require<ArgumentOutOfRangeException>("epochs", "'0'", () => trainer.Train(0));
        Refusal.Require<ArgumentOutOfRangeException>("epochs", "'-3'", () => trainer.Train(-3));
        Refusal.Require<ArgumentOutOfRangeException>("BatchSize", "BatchSize is 0; it must be at least 1 and at most 23,", () => trainer.BatchSize = 0);
        Refusal.Require<ArgumentOutOfRangeException>("BatchSize", "BatchSize is 24; it must be at least 1 and at most 23,", () => trainer.BatchSize = 24);
        Assert.Equal((4, 0L), (trainer.BatchSize, trainer.StepCount));

        trainer.Train(1);
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => trainer.Train(int.MaxValue));
    }

    [Theory]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void ABadWeightPenalty_IsRefusedByNameAndValue(double value, string text)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Trainer<double> trainer = Regression.Trainer();
            string message = Assert.Throws<ArgumentOutOfRangeException>("WeightPenalty", () => trainer.WeightPenalty = value).Message;
            Assert.StartsWith($"WeightPenalty is {text}; it must be finite and at least 0.", message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void AScheduleForARuleWithoutARate_IsRefused()
    {
        var parameters = new ParameterSet();
        parameters.Add("weight", 1);
        var trainer = new Trainer(new UnitSteps(parameters), 1, (_, _) => 0);
        string message = Assert.Throws<ArgumentException>("Schedule", () => trainer.Schedule = Schedule.Constant(1)).Message;
        Assert.StartsWith("UnitSteps has no LearningRate", message, StringComparison.Ordinal);
        trainer.Schedule = null;
    }

    [Fact]
    public void TrainWithinTraining_IsRefused_AndTheOuterCallGoesOn()
    {
        Trainer<double> trainer = Regression.Trainer();
        var progress = new ReportedProgress(_ => Assert.Throws<InvalidOperationException>(() => trainer.Train(1)));
        Assert.Equal(6, trainer.Train(1, progress).Steps);
        Assert.Equal(12, trainer.Train(1).Steps);
    }

    private static void RequireSame(TrainingResult expected, TrainingResult actual)
    {
        Assert.Equal((expected.Outcome, expected.Epochs, expected.Steps), (actual.Outcome, actual.Epochs, actual.Steps));
        Assert.Equal(expected.Curve.Costs, actual.Curve.Costs);
        Assert.Equal(expected.Curve.LearningRates, actual.Curve.LearningRates);
        Assert.Equal(expected.Curve.EpochMeans, actual.Curve.EpochMeans);
        Assert.Equal(expected.Curve.EpochEnds, actual.Curve.EpochEnds);
        Assert.Equal(expected.Observations, actual.Observations);
        Assert.Equal(expected.FinalMeanCost, actual.FinalMeanCost);
    }

    private sealed class DiscardedProgress : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
        }
    }
}
