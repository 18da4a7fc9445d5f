using System.Globalization;

namespace OptimGen.Tests.Training;

public class DecayTests
{
    [Fact]
    public void InverseTime_GivesTheWorkedFigures()
    {
        Assert.Equal(["0.1000", "0.0667", "0.0500", "0.0400"], FourDigits(Schedule.InverseTime(0.2, decay: 1), 4));
        Assert.Equal(["0.0952", "0.0909", "0.0870"], FourDigits(Schedule.InverseTime(0.1, decay: 0.05), 3));
    }

    [Fact]
    public void Constant_NeverChanges() => Assert.Equal([0.3, 0.3, 0.3], Rates(Schedule.Constant(0.3), 1, 2, long.MaxValue));

    [Fact]
    public void Exponential_MultipliesEveryTime()
    {
        Assert.Equal([0.5, 0.25, 0.125, 1.0 / 1024], Rates(Schedule.Exponential(1, 0.5), 1, 2, 3, 10));
        // 0.2·0.95⁵ and 0.2·0.95¹⁰⁰, by exact arithmetic from the doubles nearest to 0.2 and 0.95.
        double[] rates = Rates(Schedule.Exponential(0.2, 0.95), 5, 100);
        Assert.Equal(0.1547561875, rates[0], 1e-16);
        Assert.Equal(0.0011841058440667997, rates[1], 1e-18);
    }

    [Fact]
    public void Exponential_FallsToZeroAndNoLower() =>
        Assert.Equal([0.0], Rates(Schedule.Exponential(1, 0.5, ScheduleUnit.Step), long.MaxValue));

    [Fact]
    public void InverseSquareRoot_DividesByTheRoot()
    {
        double[] rates = Rates(Schedule.InverseSquareRoot(0.1), 1, 4, 9, 100);
        Assert.Equal([0.1, 0.05, 0.1 / 3, 0.01], rates, (expected, actual) => Math.Abs(expected - actual) < 1e-16);
        Assert.Equal([1.0, 0.5], Rates(Schedule.InverseSquareRoot(0.5, scale: 2), 1, 4));
    }

    [Fact]
    public void Staircase_HalvesAfterEachStair()
    {
        Assert.Equal([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2], Rates(Schedule.Staircase(0.8, every: 3), 1, 2, 3, 4, 5, 6, 7));
        Assert.Equal([1.0, 0.25, 0.0625], Rates(Schedule.Staircase(1, every: 1, factor: 0.25), 1, 2, 3));
    }

    [Fact]
    public void Manual_HoldsTheLastOfTheList()
    {
        double[] list = [0.3, 0.1, 0];
        Schedule schedule = Schedule.Manual(list);
        list[0] = 99;
        Assert.Equal([0.3, 0.1, 0, 0, 0], Rates(schedule, 1, 2, 3, 4, long.MaxValue));
    }

    [Fact]
    public void Manual_AsksTheCallback() => Assert.Equal([1.0, 2.0], Rates(Schedule.Manual(n => n), 1, 2));

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Manual_RefusesWhatTheCallbackMayNotGive(double rate, string text)
    {
        Schedule byEpoch = Schedule.Manual(_ => rate), byStep = Schedule.Manual(_ => rate, ScheduleUnit.Step);
        string ofEpoch = Assert.Throws<InvalidOperationException>(() => byEpoch.ValueAt(7)).Message;
        Assert.Contains($"gives {text} at epoch 7;", ofEpoch, StringComparison.Ordinal);
        string ofStep = Assert.Throws<InvalidOperationException>(() => byStep.ValueAt(8)).Message;
        Assert.Contains($"gives {text} at step 8;", ofStep, StringComparison.Ordinal);
    }

    [Fact]
    public void ByEpochAndByStep_CountWhatTheySay()
    {
        Func<ScheduleUnit, Schedule>[] kinds =
        [
            unit => Schedule.InverseTime(0.2, 1, unit),
            unit => Schedule.Exponential(0.2, 0.9, unit),
            unit => Schedule.InverseSquareRoot(0.2, 1, unit),
            unit => Schedule.Staircase(0.2, 1, 0.5, unit),
            unit => Schedule.Manual([0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0], unit),
            unit => Schedule.Manual(n => 1.0 / n, unit),
        ];
        foreach (Func<ScheduleUnit, Schedule> kind in kinds)
        {
            Schedule byEpoch = kind(ScheduleUnit.Epoch), byStep = kind(ScheduleUnit.Step);
            Assert.Equal([1, 1, 1, 2, 2, 2], CountsInTraining(byEpoch));
            Assert.Equal([1, 2, 3, 4, 5, 6], CountsInTraining(byStep));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void EverySchedule_RefusesAValueThatIsNotFinite(double value)
    {
        RequireRefused("value", value, () => Schedule.Constant(value));
        RequireRefused("initial", value, () => Schedule.InverseTime(value, 1));
        RequireRefused("initial", value, () => Schedule.Exponential(value, 0.5));
        RequireRefused("initial", value, () => Schedule.InverseSquareRoot(value));
        RequireRefused("initial", value, () => Schedule.Staircase(value, 1));
        RequireRefused("scale", value, () => Schedule.InverseSquareRoot(0.1, value));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Decay_RefusesAFactorThatDoesNotDecay(double factor)
    {
        RequireRefused("factor", factor, () => Schedule.Exponential(0.1, factor));
        RequireRefused("factor", factor, () => Schedule.Staircase(0.1, 5, factor));
    }

    [Fact]
    public void OtherArguments_AreRefusedByNameAndValue()
    {
        RequireRefused("decay", -0.1, () => Schedule.InverseTime(0.1, -0.1));
        RequireRefused("decay", double.NaN, () => Schedule.InverseTime(0.1, double.NaN));
        Refusal.Require<ArgumentOutOfRangeException>("every", "'0'", () => Schedule.Staircase(0.1, 0));
        Refusal.Require<ArgumentOutOfRangeException>("unit", "is 7;", () => Schedule.InverseTime(0.1, 1, (ScheduleUnit)7));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Schedule.Constant(1).ValueAt(0));
        Refusal.Require<ArgumentException>("values", "empty", () => Schedule.Manual([]));
        Refusal.Require<ArgumentException>("values", "position 1 of the list is NaN;", () => Schedule.Manual([1, double.NaN]));
        Assert.Throws<ArgumentNullException>("values", () => Schedule.Manual((IReadOnlyList<double>)null!));
        Assert.Throws<ArgumentNullException>("value", () => Schedule.Manual((Func<long, double>)null!));
    }

    [Fact]
    public void Messages_DoNotDependOnTheCulture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            RequireRefused("factor", 1.5, () => Schedule.Exponential(0.1, 1.5));
            Assert.Equal("0.2/(1 + 0.5·n) by epoch", Schedule.InverseTime(0.2, 0.5).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static double[] Rates(Schedule schedule, params long[] counts) => [.. counts.Select(schedule.ValueAt)];

    private static string[] FourDigits(Schedule schedule, int epochs) =>
        [.. Enumerable.Range(1, epochs).Select(epoch => schedule.ValueAt(epoch).ToString("F4", CultureInfo.InvariantCulture))];

    /// <summary>Trains two epochs of three steps, and finds for each step the n whose rate the optimizer had.</summary>
    private static IEnumerable<int> CountsInTraining(Schedule schedule)
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
        return had.Select(rate => Enumerable.Range(1, 6).Single(n => schedule.ValueAt(n) == rate));
    }

    private static void RequireRefused(string argument, double value, Func<Schedule> make)
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(argument, make).Message;
        Assert.StartsWith(FormattableString.Invariant($"The argument {argument} is {value}; it must be"), message, StringComparison.Ordinal);
    }
}
