namespace OptimGen.Tests.Training;

public class LearningRateFinderTests
{
    [Fact]
    public void TheRates_RiseExponentially_FromTheFirstToTheLast()
    {
        LearningRateRange range = LearningRateFinder.Find(Regression.Trainer((_, _) => 1), 1e-6, 1e-2, 41);
        Assert.Equal((41, 1e-6, 1e-2), (range.Rates.Count, range.Rates[0], range.Rates[^1]));
        Assert.All(range.Rates.Zip(range.Rates.Skip(1)), rates => Assert.Equal(Math.Pow(10, 0.1), rates.Second / rates.First, 1e-12));
        Assert.Equal((null, null, null), (range.Suggestion, range.DivergenceRate, range.BelowDivergence));
        Assert.All(range.SmoothedCosts, cost => Assert.Equal(1, cost));
    }

    /// <summary>
    /// Whole batches on θ²/2 from 1 with the rates αᵢ: θ ← (1 − αᵢ)θ, which is known. It falls fastest, per factor of the rate, shortly before α = 1 and
    /// diverges soon after α = 2.
    /// </summary>
    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(200)]
    [InlineData(1000)]
    public void OnAParabola_TheSuggestionLiesBelowTheStableLimit(int steps)
    {
        Trainer<double> trainer = Parabola();
        LearningRateRange range = LearningRateFinder.Find(trainer, 1e-5, 1e3, steps);
        double theta = 1;
        for (int i = 0; i < range.Costs.Count; i++)
        {
            Assert.Equal(theta * theta / 2, range.Costs[i], 1e-12 * theta * theta);
            theta -= range.Rates[i] * theta;
        }

        Assert.InRange(range.Costs.Count, 10, steps - 1);
        Assert.InRange(range.Suggestion!.Value, 0.3 / steps, 1);
        // The first step with a rate above 2 is the first that raises the cost.
        Assert.InRange(range.DivergenceRate!.Value, 2, 2 * Math.Pow(1e8, Math.Max(8, 0.1 * steps) / steps));
        Assert.Equal(range.DivergenceRate / 10, range.BelowDivergence);
        Assert.True(range.SmoothedCosts[^1] > 4 * range.SmoothedCosts.Min());
    }

    [Fact]
    public void OnARealRun_TheSuggestionTrains()
    {
        Trainer<double> trainer = Regression.Trainer();
        LearningRateRange range = LearningRateFinder.Find(trainer, 1e-5, 100, 200);
        trainer.Schedule = Schedule.Constant(range.Suggestion!.Value);
        Assert.True(range.Suggestion < range.DivergenceRate);
        double start = range.Costs.Take(6).Average();
        Assert.True(trainer.Train(30).FinalMeanCost < 0.1 * start, $"{range.Suggestion}: {start}, {string.Join(' ', trainer.Curve.EpochMeans)}");
    }

    [Fact]
    public void NoiseAlone_SuggestsNothing()
    {
        int suggestions = 0;
        const int Seeds = 200;
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            LearningRateRange range = LearningRateFinder.Find(Regression.Trainer((_, _) => 1 + 0.5 * random.NextDouble()), 1e-6, 1, 100);
            Assert.Null(range.DivergenceRate);
            suggestions += range.Suggestion is null ? 0 : 1;
        }

        Assert.InRange(suggestions, 0, Seeds / 50);
    }

    /// <summary>
    /// Everything is back, to the bit, whatever the objective does in between: here with an average, a running epoch, metrics, observations and callbacks.
    /// </summary>
    [Theory]
    [InlineData(0, "end")]
    [InlineData(4, "end")]
    [InlineData(8, "throw")]
    [InlineData(8, "cancel")]
    [InlineData(8, "diverge")]
    [InlineData(8, "change")]
    public void Everything_IsBackToTheBit(int stepsBefore, string what)
    {
        using var cancellation = new CancellationTokenSource();
        bool isFinding = false;
        int calls = 0;
        Trainer<double> trainer = null!;
        trainer = Regression.Trainer((parameters, batch) =>
        {
            if (isFinding && ++calls == 5)
            {
                switch (what)
                {
                    case "throw": throw new InvalidDataException("No data.");
                    case "diverge": return double.NaN;
                    case "cancel": cancellation.Cancel(); break;
                    case "change":
                        trainer.Metrics.Record("m", 5);
                        trainer.Stop("From within.");
                        (trainer.BatchSize, trainer.Seed, trainer.WeightPenalty, trainer.MicroBatchSize) = (7, 9, 1e-6, 2);
                        (trainer.WatchesCost, trainer.ScheduleFactor, trainer.Shuffle) = (false, 0.1, false);
                        trainer.Optimizer.MaxGradientNorm = 1e-3;
                        break;
                    default: break;
                }
            }

            return Regression.Objective(parameters, batch);
        });
        trainer.Optimizer.AverageParameters(0.9);
        trainer.Schedule = Schedule.InverseTime(0.2, 0.1, ScheduleUnit.Step);
        var callback = new CountedCallback();
        trainer.Callbacks.Add(callback);
        trainer.Callbacks.Add(new EarlyStopping<double>("m", 3));
        if (stepsBefore > 0)
        {
            using var interruption = new CancellationTokenSource();
            var interrupt = new ReportedProgress(step =>
            {
                trainer.Metrics.Record("m", step.Cost);
                if (step.Step == stepsBefore)
                {
                    interruption.Cancel();
                }
            });
            Assert.Throws<OperationCanceledException>(() => trainer.Train(5, interrupt, interruption.Token));
        }

        byte[] before = Resumption.Contents(trainer);
        Schedule schedule = trainer.Schedule;
        int calledBefore = callback.Calls;
        isFinding = true;
        Func<LearningRateRange> find = () => LearningRateFinder.Find(trainer, 1e-6, 1e-4, 40, cancellation.Token);
        switch (what)
        {
            case "throw": Assert.Throws<InvalidDataException>(find); break;
            case "cancel": Assert.Throws<OperationCanceledException>(find); break;
            case "diverge":
                LearningRateRange range = find();
                Assert.Equal(4, range.Rates.Count);
                Assert.Equal(range.Rates[3], range.DivergenceRate);
                break;
            default: Assert.Equal(40, find().Rates.Count); break;
        }

        isFinding = false;
        Assert.Equal(before, Resumption.Contents(trainer));
        Assert.Same(schedule, trainer.Schedule);
        Assert.Equal((calledBefore, 2, false), (callback.Calls, trainer.Callbacks.Count, trainer.IsTraining));
        Assert.Same(callback, trainer.Callbacks[0]);
        Assert.Equal(TrainingOutcome.Completed, trainer.TrainUntil(2).Outcome);
        Assert.True(callback.Calls > calledBefore);
    }

    [Fact]
    public void ARunWithATestInTheMiddle_EndsAsOneWithout()
    {
        Trainer<double> with = Regression.Trainer(), without = Regression.Trainer();
        with.Train(2);
        LearningRateFinder.Find(with);
        with.Train(2);
        without.Train(4);
        Assert.Equal(Resumption.Contents(without), Resumption.Contents(with));
    }

    [Fact]
    public void ACostThatIsNotFiniteAtOnce_GivesAnEmptyCurve()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => double.NaN);
        LearningRateRange range = LearningRateFinder.Find(trainer);
        Assert.Equal((0, 0, null, null), (range.Rates.Count, range.Costs.Count, range.DivergenceRate, range.Suggestion));
        Assert.Empty(trainer.Observations);
    }

    [Fact]
    public void WithinTraining_ItIsRefused()
    {
        Trainer<double> trainer = Regression.Trainer();
        Assert.Throws<InvalidOperationException>(() => trainer.Train(1, new ReportedProgress(_ => LearningRateFinder.Find(trainer))));
        ParameterAverage<double> average = trainer.Optimizer.AverageParameters(0.9);
        using (average.Evaluate())
        {
            Assert.Throws<InvalidOperationException>(() => LearningRateFinder.Find(trainer));
        }

        Assert.Equal((1L, false), (trainer.StepCount, trainer.IsTraining));
    }

    [Fact]
    public void WithinATest_TrainingIsRefused()
    {
        Trainer<double> trainer = null!;
        trainer = Regression.Trainer((_, _) =>
        {
            Assert.Throws<InvalidOperationException>(() => trainer.Train(1));
            Assert.Throws<InvalidOperationException>(() => trainer.Callbacks.Add(new CountedCallback()));
            Assert.Throws<InvalidOperationException>(() => LearningRateFinder.Find(trainer));
            Assert.Throws<InvalidOperationException>(() => Resumption.Contents(trainer));
            return 1;
        });
        Assert.Equal(100, LearningRateFinder.Find(trainer).Rates.Count);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => throw new InvalidOperationException("Not to be called."));
        Refusal.Require<ArgumentNullException>("trainer", "", () => LearningRateFinder.Find<double>(null!));
        Refusal.Require<ArgumentOutOfRangeException>("from", "from is 0; it must be finite and greater than 0.", () => LearningRateFinder.Find(trainer, 0));
        Refusal.Require<ArgumentOutOfRangeException>("from", "from is NaN", () => LearningRateFinder.Find(trainer, double.NaN));
        Refusal.Require<ArgumentOutOfRangeException>("to", "to is 0.1; it must be finite and greater than the first.", () => LearningRateFinder.Find(trainer, 0.1, 0.1));
        Refusal.Require<ArgumentOutOfRangeException>("to", "to is Infinity", () => LearningRateFinder.Find(trainer, 0.1, double.PositiveInfinity));
        Refusal.Require<ArgumentOutOfRangeException>("steps", "steps is 9; it must be at least 10.", () => LearningRateFinder.Find(trainer, 0.1, 1, 9));
        var parameters = new ParameterSet();
        parameters.Add("weight", 1);
        var without = new Trainer(new UnitSteps(parameters), 1, (_, _) => 1);
        Refusal.Require<ArgumentException>("trainer", "UnitSteps has no LearningRate to be found.", () => LearningRateFinder.Find(without));
    }

    private static Trainer<double> Parabola()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("theta", 1).Values[0] = 1;
        return new Trainer<double>(new GradientDescent<double>(parameters), 1, (set, _) =>
        {
            double theta = set[0].Values[0];
            set[0].Gradients[0] = theta;
            return theta * theta / 2;
        });
    }

    private sealed class CountedCallback : TrainingCallback<double>
    {
        public int Calls { get; private set; }

        public override void OnEpochStarted(Trainer<double> trainer, int epoch) => Calls++;

        public override void OnStepStarted(Trainer<double> trainer, long step) => Calls++;

        public override void OnMetric(Trainer<double> trainer, string name, MetricPoint point) => Calls++;
    }
}
