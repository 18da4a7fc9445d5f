using System.Globalization;

namespace OptimGen.Tests.Training;

public class LearningRateScheduleTests
{
    [Fact]
    public void InverseTime_GivesTheWorkedFigures()
    {
        Assert.Equal(["0.1000", "0.0667", "0.0500", "0.0400"], FourDigits(LearningRateSchedule.InverseTime(0.2, decay: 1), 4));
        Assert.Equal(["0.0952", "0.0909", "0.0870"], FourDigits(LearningRateSchedule.InverseTime(0.1, decay: 0.05), 3));
    }

    [Fact]
    public void Constant_NeverChanges() => Assert.Equal([0.3, 0.3, 0.3], Rates(LearningRateSchedule.Constant(0.3), 1, 2, long.MaxValue));

    [Fact]
    public void Exponential_MultipliesEveryTime()
    {
        Assert.Equal([0.5, 0.25, 0.125, 1.0 / 1024], Rates(LearningRateSchedule.Exponential(1, 0.5), 1, 2, 3, 10));
        // 0.2·0.95⁵ and 0.2·0.95¹⁰⁰, by exact arithmetic from the doubles nearest to 0.2 and 0.95.
        double[] rates = Rates(LearningRateSchedule.Exponential(0.2, 0.95), 5, 100);
        Assert.Equal(0.1547561875, rates[0], 1e-16);
        Assert.Equal(0.0011841058440667997, rates[1], 1e-18);
    }

    [Fact]
    public void Exponential_FallsToZeroAndNoLower() =>
        Assert.Equal([0.0], Rates(LearningRateSchedule.Exponential(1, 0.5, ScheduleUnit.Step), long.MaxValue));

    [Fact]
    public void InverseSquareRoot_DividesByTheRoot()
    {
        double[] rates = Rates(LearningRateSchedule.InverseSquareRoot(0.1), 1, 4, 9, 100);
        Assert.Equal([0.1, 0.05, 0.1 / 3, 0.01], rates, (expected, actual) => Math.Abs(expected - actual) < 1e-16);
        Assert.Equal([1.0, 0.5], Rates(LearningRateSchedule.InverseSquareRoot(0.5, scale: 2), 1, 4));
    }

    [Fact]
    public void Staircase_HalvesAfterEachStair()
    {
        Assert.Equal([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2], Rates(LearningRateSchedule.Staircase(0.8, every: 3), 1, 2, 3, 4, 5, 6, 7));
        Assert.Equal([1.0, 0.25, 0.0625], Rates(LearningRateSchedule.Staircase(1, every: 1, factor: 0.25), 1, 2, 3));
    }

    [Fact]
    public void Manual_HoldsTheLastOfTheList()
    {
        double[] list = [0.3, 0.1, 0];
        LearningRateSchedule schedule = LearningRateSchedule.Manual(list);
        list[0] = 99;
        Assert.Equal([0.3, 0.1, 0, 0, 0], Rates(schedule, 1, 2, 3, 4, long.MaxValue));
    }

    [Fact]
    public void Manual_AsksTheCallback() => Assert.Equal([1.0, 2.0], Rates(LearningRateSchedule.Manual(n => n), 1, 2));

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(-0.5, "-0.5")]
    public void Manual_RefusesWhatTheCallbackMayNotGive(double rate, string text)
    {
        LearningRateSchedule byEpoch = LearningRateSchedule.Manual(_ => rate), byStep = LearningRateSchedule.Manual(_ => rate, ScheduleUnit.Step);
        string ofEpoch = Assert.Throws<InvalidOperationException>(() => byEpoch.RateAt(7)).Message;
        Assert.Contains($"gives {text} at epoch 7;", ofEpoch, StringComparison.Ordinal);
        string ofStep = Assert.Throws<InvalidOperationException>(() => byStep.RateAt(8)).Message;
        Assert.Contains($"gives {text} at step 8;", ofStep, StringComparison.Ordinal);
    }

    [Fact]
    public void ByEpochAndByStep_CountWhatTheySay()
    {
        Func<ScheduleUnit, LearningRateSchedule>[] kinds =
        [
            unit => LearningRateSchedule.InverseTime(0.2, 1, unit),
            unit => LearningRateSchedule.Exponential(0.2, 0.9, unit),
            unit => LearningRateSchedule.InverseSquareRoot(0.2, 1, unit),
            unit => LearningRateSchedule.Staircase(0.2, 1, 0.5, unit),
            unit => LearningRateSchedule.Manual([0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0], unit),
            unit => LearningRateSchedule.Manual(n => 1.0 / n, unit),
        ];
        foreach (Func<ScheduleUnit, LearningRateSchedule> kind in kinds)
        {
            LearningRateSchedule byEpoch = kind(ScheduleUnit.Epoch), byStep = kind(ScheduleUnit.Step);
            Assert.Equal([1, 1, 1, 2, 2, 2], CountsInTraining(byEpoch));
            Assert.Equal([1, 2, 3, 4, 5, 6], CountsInTraining(byStep));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void EverySchedule_RefusesABadInitialRate(double rate)
    {
        RequireRefused("rate", rate, () => LearningRateSchedule.Constant(rate));
        RequireRefused("initialRate", rate, () => LearningRateSchedule.InverseTime(rate, 1));
        RequireRefused("initialRate", rate, () => LearningRateSchedule.Exponential(rate, 0.5));
        RequireRefused("initialRate", rate, () => LearningRateSchedule.InverseSquareRoot(rate));
        RequireRefused("initialRate", rate, () => LearningRateSchedule.Staircase(rate, 1));
        RequireRefused("scale", rate, () => LearningRateSchedule.InverseSquareRoot(0.1, rate));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Decay_RefusesAFactorThatDoesNotDecay(double factor)
    {
        RequireRefused("factor", factor, () => LearningRateSchedule.Exponential(0.1, factor));
        RequireRefused("factor", factor, () => LearningRateSchedule.Staircase(0.1, 5, factor));
    }

    [Fact]
    public void OtherArguments_AreRefusedByNameAndValue()
    {
        RequireRefused("decay", -0.1, () => LearningRateSchedule.InverseTime(0.1, -0.1));
        RequireRefused("decay", double.NaN, () => LearningRateSchedule.InverseTime(0.1, double.NaN));
        Refusal.Require<ArgumentOutOfRangeException>("every", "'0'", () => LearningRateSchedule.Staircase(0.1, 0));
        Refusal.Require<ArgumentOutOfRangeException>("unit", "is 7;", () => LearningRateSchedule.InverseTime(0.1, 1, (ScheduleUnit)7));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => LearningRateSchedule.Constant(1).RateAt(0));
        Refusal.Require<ArgumentException>("rates", "empty", () => LearningRateSchedule.Manual([]));
        Refusal.Require<ArgumentException>("rates", "position 1 of the list is -2;", () => LearningRateSchedule.Manual([1, -2]));
        Assert.Throws<ArgumentNullException>("rates", () => LearningRateSchedule.Manual((IReadOnlyList<double>)null!));
        Assert.Throws<ArgumentNullException>("rate", () => LearningRateSchedule.Manual((Func<long, double>)null!));
    }

    [Fact]
    public void Messages_DoNotDependOnTheCulture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            RequireRefused("factor", 1.5, () => LearningRateSchedule.Exponential(0.1, 1.5));
            Assert.Equal("0.2/(1 + 0.5·n) by epoch", LearningRateSchedule.InverseTime(0.2, 0.5).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static double[] Rates(LearningRateSchedule schedule, params long[] counts) => [.. counts.Select(schedule.RateAt)];

    private static string[] FourDigits(LearningRateSchedule schedule, int epochs) =>
        [.. Enumerable.Range(1, epochs).Select(epoch => schedule.RateAt(epoch).ToString("F4", CultureInfo.InvariantCulture))];

    /// <summary>Trains two epochs of three steps, and finds for each step the n whose rate the optimizer had.</summary>
    private static IEnumerable<int> CountsInTraining(LearningRateSchedule schedule)
    {
        var optimizer = new GradientDescent<double>(Regression.Parameters());
        var had = new List<double>();
        var trainer = new Trainer<double>(optimizer, 6, (_, _) =>
        {
            had.Add(optimizer.LearningRate);
            return 0;
        })
        {
            BatchSize = 2,
            Schedule = schedule,
        };
        TrainingResult result = trainer.Train(2);
        Assert.Equal(had, result.Curve.LearningRates);
        return had.Select(rate => Enumerable.Range(1, 6).Single(n => schedule.RateAt(n) == rate));
    }

    private static void RequireRefused(string argument, double value, Func<LearningRateSchedule> make)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(argument, make).Message;
        Assert.StartsWith(FormattableString.Invariant($"The argument {argument} is {value}; it must be"), message, StringComparison.Ordinal);
    }
}
