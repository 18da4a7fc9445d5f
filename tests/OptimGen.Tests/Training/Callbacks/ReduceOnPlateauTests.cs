using System.Globalization;

namespace OptimGen.Tests.Training.Callbacks;

public class ReduceOnPlateauTests
{
    /// <summary>The decisions of PyTorch, by an independent program: <c>reduce_on_plateau.py</c>. The rates have the same bits.</summary>
    [Fact]
    public void TheRates_ArePyTorchs()
    {
        string[] lines = ReadTable();
        Assert.Equal(120, lines.Length);
        int reductions = 0;
        for (int i = 0; i < lines.Length; i += 2)
        {
            string[] words = lines[i].Split(' ');
            Trainer<double> trainer = Trainer(Number(words[0]));
            var reduce = new ReduceOnPlateau<double>("m", Number(words[2]), (int)Number(words[3]))
            {
                Goal = words[1] == "min" ? MetricGoal.Minimize : MetricGoal.Maximize,
                Threshold = Number(words[4]),
                ThresholdUnit = words[5] == "rel" ? MinimumChangeUnit.Relative : MinimumChangeUnit.Absolute,
                Cooldown = (int)Number(words[6]),
                MinimumRate = Number(words[7]),
            };
            trainer.Callbacks.Add(reduce);
            double[] rates = [.. words.Skip(8).Select(word =>
            {
                trainer.Metrics.Record("m", Number(word));
                return trainer.Optimizer.GetHyperparameter("LearningRate");
            })];
            Assert.Equal([.. lines[i + 1].Split(' ').Select(Number)], rates);
            reductions += reduce.ReductionCount;
        }

        Assert.InRange(reductions, 100, int.MaxValue);
    }

    /// <summary>Where the best value is negative, PyTorch's limit, best·(1 − threshold), lets a worse value pass; this one does not.</summary>
    [Fact]
    public void ARelativeThreshold_IsRelativeToTheSizeOfTheBestValue()
    {
        Trainer<double> trainer = Trainer(1);
        trainer.Callbacks.Add(new ReduceOnPlateau<double>("m", 0.5, patience: 0) { Threshold = 0.1 });
        Assert.Equal([1, 0.5, 0.25, 0.25], Rates(trainer, -10, -9.5, -10.9, -11.1));
    }

    [Fact]
    public void WithASchedule_TheFactorIsOnTopOfItsRate()
    {
        Trainer<double> trainer = Trainer(1);
        trainer.Schedule = Schedule.InverseTime(1, 1, ScheduleUnit.Step);
        trainer.Callbacks.Add(new Announcement("m", 5, 5, 4, 4, 4));
        trainer.Callbacks.Add(new ReduceOnPlateau<double>("m", 0.5, patience: 0) { Cooldown = 1 });
        trainer.Train(6);
        Assert.Equal([1 / 2.0, 1 / 3.0, 1 / 4.0 / 2, 1 / 5.0 / 2, 1 / 6.0 / 4, 1 / 7.0 / 4], trainer.Curve.LearningRates);
        Assert.Equal(1 / 7.0 / 4, trainer.Optimizer.GetHyperparameter("LearningRate"));
        Assert.Equal(0.25 / 2, trainer.ScheduleFactor);
    }

    [Fact]
    public void AFactorOfOne_LeavesTheBitsOfTheSchedule()
    {
        Trainer<double> with = Regression.Trainer(), without = Regression.Trainer();
        with.Schedule = without.Schedule = Schedule.InverseSquareRoot(0.3, 0.7);
        with.Callbacks.Add(new ReduceOnPlateau<double>(MetricHistory.Cost, patience: 100));
        with.Train(3);
        without.Train(3);
        Assert.Equal(without.Curve.LearningRates, with.Curve.LearningRates);
        Assert.Equal(Regression.ValuesOf(without), Regression.ValuesOf(with));
    }

    [Fact]
    public void TheMinimumRate_IsNotPassed_AndOneThatIsLessAlreadyIsLeftAlone()
    {
        Trainer<double> trainer = Trainer(1);
        trainer.Schedule = Schedule.Constant(0.5);
        var reduce = new ReduceOnPlateau<double>("m", 0.1, patience: 0) { MinimumRate = 0.125 };
        trainer.Callbacks.Add(new Announcement("m", 1));
        trainer.Callbacks.Add(reduce);
        trainer.Train(4);
        Assert.Equal([0.5, 0.5, 0.125, 0.125], trainer.Curve.LearningRates);
        Assert.Equal(1, reduce.ReductionCount);
        trainer.Schedule = Schedule.Constant(0.25);
        trainer.Train(2);
        Assert.Equal([0.0625, 0.0625], trainer.Curve.LearningRates.Skip(4));
    }

    [Fact]
    public void GroupsThatFollowTheRate_FollowIt_AndOthersKeepTheirs()
    {
        var parameters = new ParameterSet();
        parameters.Add("a", 1);
        ParameterGroup<float> follows = parameters.AddGroup("follows"), keeps = parameters.AddGroup("keeps");
        follows.Add("b", 1);
        keeps.Add("c", 1);
        var optimizer = new Sgd(parameters) { LearningRate = 1 };
        optimizer.SetHyperparameter(follows, "LearningRateScale", 0.5);
        optimizer.SetHyperparameter(keeps, "LearningRate", 1);
        var trainer = new Trainer(optimizer, 1, (set, _) =>
        {
            foreach (Parameter<float> parameter in set)
            {
                parameter.Values[0] = 0;
                parameter.Gradients[0] = -1;
            }

            return 1;
        });
        trainer.Callbacks.Add(new ReduceOnPlateau<float>(MetricHistory.Cost, 0.25, patience: 0));
        trainer.Train(3);
        Assert.Equal([0.25f, 0.125f, 1], parameters.Select(parameter => parameter.Values[0]));
    }

    [Fact]
    public void ARuleWithoutARate_IsRefusedBeforeTheFirstStep()
    {
        var parameters = new ParameterSet();
        parameters.Add("weight", 1);
        var trainer = new Trainer(new UnitSteps(parameters), 1, (_, _) => throw new InvalidOperationException("Not to be called."));
        trainer.Callbacks.Add(new ReduceOnPlateau<float>("m"));
        Assert.Equal(
            "UnitSteps has no LearningRate for ReduceOnPlateau(m) to reduce.", Assert.Throws<InvalidOperationException>(() => trainer.Train(1)).Message);
    }

    [Fact]
    public void BadSettings_AreRefused()
    {
        Refusal.Require<ArgumentException>("metric", "empty", () => new ReduceOnPlateau<double>(""));
        foreach (double factor in new[] { 0, 1, -0.5, double.NaN })
        {
            Refusal.Require<ArgumentOutOfRangeException>(
                "factor", FormattableString.Invariant($"factor is {factor}; it must be greater than 0"), () => new ReduceOnPlateau<double>("m", factor));
        }

        Refusal.Require<ArgumentOutOfRangeException>("patience", "-2", () => new ReduceOnPlateau<double>("m", 0.1, -2));
        Refusal.Require<ArgumentOutOfRangeException>("Threshold", "Threshold is -1;", () => new ReduceOnPlateau<double>("m") { Threshold = -1 });
        Refusal.Require<ArgumentOutOfRangeException>(
            "ThresholdUnit", "ThresholdUnit is 9", () => new ReduceOnPlateau<double>("m") { ThresholdUnit = (MinimumChangeUnit)9 });
        Refusal.Require<ArgumentOutOfRangeException>("Cooldown", "Cooldown is -1", () => new ReduceOnPlateau<double>("m") { Cooldown = -1 });
        Refusal.Require<ArgumentOutOfRangeException>(
            "MinimumRate", "MinimumRate is Infinity", () => new ReduceOnPlateau<double>("m") { MinimumRate = double.PositiveInfinity });
        Trainer<double> trainer = Trainer(1);
        Refusal.Require<ArgumentOutOfRangeException>("ScheduleFactor", "ScheduleFactor is -1", () => trainer.ScheduleFactor = -1);
        Refusal.Require<ArgumentOutOfRangeException>("ScheduleFactor", "ScheduleFactor is NaN", () => trainer.ScheduleFactor = double.NaN);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunThatIsResumed_EndsTheSame(bool hasSchedule)
    {
        Trainer<double> whole = Resumption.RequireSameEnd(
            () =>
            {
                Trainer<double> trainer = Regression.Trainer();
                trainer.Schedule = hasSchedule ? Schedule.InverseTime(0.2, 0.1, ScheduleUnit.Step) : null;
                trainer.Callbacks.Add(new Announcement("m", 5, 5, 5, double.NaN, 4, 4, 4, 4, 4, 3, 3, 3, 3));
                trainer.Callbacks.Add(new ReduceOnPlateau<double>("m", 0.7, patience: 1) { Cooldown = 2 });
                return trainer;
            },
            epochs: 3);
        Assert.InRange(((ReduceOnPlateau<double>)whole.Callbacks[1]).ReductionCount, 2, 18);
    }

    private static string[] ReadTable()
    {
        using Stream stream = typeof(ReduceOnPlateauTests).Assembly.GetManifestResourceStream("reduce_on_plateau.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static Trainer<double> Trainer(double rate)
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("theta", 1);
        return new Trainer<double>(new GradientDescent<double>(parameters) { LearningRate = rate }, 1, (_, _) => 1);
    }

    private static double[] Rates(Trainer<double> trainer, params double[] values) =>
    [
        .. values.Select(value =>
        {
            trainer.Metrics.Record("m", value);
            return trainer.Optimizer.GetHyperparameter("LearningRate");
        }),
    ];
}
