using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OptimGen.Tests.Training;

/// <summary>What holds for schedules of every kind: <see cref="ScheduleCatalogue"/>.</summary>
public class ScheduleTests
{
    /// <summary>Of the values for n from 1 to 1000, recorded on x64. Other bits on another platform would give another hash.</summary>
    private const string HashOfValues = "D4713B0DAC671833F271647470EED48C2CE5646260E040B2D87BAF59C5FF848F";

    [Fact]
    public void Values_HaveTheSameBitsOnEveryPlatform()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Schedule schedule in ScheduleCatalogue.Make(ScheduleUnit.Step))
        {
            double[] values = [.. Enumerable.Range(1, 1000).Select(n => schedule.ValueAt(n))];
            hash.AppendData(MemoryMarshal.AsBytes<double>(values));
        }

        string actual = Convert.ToHexString(hash.GetHashAndReset());
        Assert.True(actual == HashOfValues, $"The values have the hash {actual}, not {HashOfValues}.");
    }

    [Fact]
    public void EqualSchedules_HaveEqualTexts_AndOthersHaveOthers()
    {
        foreach (ScheduleUnit unit in Enum.GetValues<ScheduleUnit>())
        {
            string[] texts = [.. ScheduleCatalogue.Make(unit).Select(schedule => schedule.ToString())];
            Assert.Equal(texts, ScheduleCatalogue.Make(unit).Select(schedule => schedule.ToString()));
            Assert.All(texts.CountBy(text => text), text => Assert.True(text.Value == 1, $"{text.Value} schedules have the text {text.Key}"));
        }

        Assert.Empty(ScheduleCatalogue.Make(ScheduleUnit.Epoch).Select(schedule => schedule.ToString())
            .Intersect(ScheduleCatalogue.Make(ScheduleUnit.Step).Select(schedule => schedule.ToString())));
    }

    /// <summary>The schedules of the list do differ, so that the test before it compares texts of different functions.</summary>
    [Fact]
    public void DifferentSchedules_HaveDifferentValues()
    {
        IEnumerable<string> values = ScheduleCatalogue.Make(ScheduleUnit.Step)
            .Select(schedule => string.Join(' ', Enumerable.Range(1, 60).Select(n => schedule.ValueAt(n).ToString("R", CultureInfo.InvariantCulture))));

        Assert.All(values.CountBy(text => text), same => Assert.Equal(1, same.Value));
    }

    [Theory]
    [InlineData(ScheduleUnit.Epoch)]
    [InlineData(ScheduleUnit.Step)]
    public void EverySchedule_HasItsUnit(ScheduleUnit unit)
    {
        Assert.All(ScheduleCatalogue.Make(unit), schedule => Assert.Equal(unit, schedule.Unit));
        Assert.All(ScheduleCatalogue.Make(unit), schedule => Assert.EndsWith(unit == ScheduleUnit.Epoch ? " by epoch" : " by step", schedule.ToString(), StringComparison.Ordinal));
    }

    /// <summary>The counts of no training: nothing overflows.</summary>
    [Fact]
    public void EverySchedule_IsFiniteAtTheLastCount() => Assert.All(ScheduleCatalogue.Make(ScheduleUnit.Step), schedule =>
    {
        Assert.InRange(schedule.ValueAt(long.MaxValue), 0, 1);
        Assert.InRange(schedule.ValueAt(long.MaxValue - 1), 0, 1);
    });

    [Fact]
    public void Texts_DoNotDependOnTheCulture()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        string[] expected = [.. ScheduleCatalogue.Make(ScheduleUnit.Step).Select(schedule => schedule.ToString())];
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("sv-SE");
            Assert.Equal(expected, ScheduleCatalogue.Make(ScheduleUnit.Step).Select(schedule => schedule.ToString()));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Texts_AreTheFormulas()
    {
        (string Text, Schedule Schedule)[] cases =
        [
            ("0.3 by epoch", Schedule.Constant(0.3)),
            ("0.1 + (0.01 − 0.1)·min(n − 1, 100)/100 by step", Schedule.Linear(0.1, 0.01, 100, ScheduleUnit.Step)),
            ("0.01 + (0.1 − 0.01)·(1 + cos(π·min(n − 1, 20)/20))/2 by epoch", Schedule.Cosine(0.1, 0.01, 20)),
            ("the nth of [0.3, 0.1, 0] by epoch", Schedule.Manual([0.3, 0.1, 0])),
            ("0.5·(0.1·0.1^(number of [30, 60] below n)) by epoch", Schedule.MultiStep(0.1, [30, 60]).Scaled(0.5)),
            ("(0 + (0.1 − 0)·min(n − 1, 5)/5) for 5, then (0.1) by epoch", Schedule.Constant(0.1).WithLinearWarmup(5)),
            ("lines between (1, 0.1), (9, 0) by epoch", Schedule.PiecewiseLinear([(1, 0.1), (9, 0)])),
            ("my own by step", Schedule.Manual(n => n, ScheduleUnit.Step, "my own")),
        ];
        Assert.All(cases, one => Assert.Equal(one.Text, one.Schedule.ToString()));
        Assert.StartsWith("the nth of [17 numbers, SHA-256 ", Schedule.Manual(new double[17]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsAndPeaks_AreExact()
    {
        Require(Schedule.Linear(0.1, 0.3, 7), (1, 0.1), (8, 0.3), (9, 0.3), (long.MaxValue, 0.3));
        Require(Schedule.Polynomial(0.1, 0.3, 7, 0.5), (1, 0.1), (8, 0.3), (9, 0.3));
        Require(Schedule.Cosine(0.1, 0.3, 7), (1, 0.1), (8, 0.3), (9, 0.3));
        Require(Schedule.CosineWithWarmRestarts(0.1, 0.3, 2, 3), (1, 0.1), (3, 0.1), (9, 0.1), (27, 0.1), (81, 0.1));
        Require(Schedule.OneCycle(0.1, 20, 0.3, 25, 10).LearningRate, (1, 0.1 / 25), (6, 0.1), (20, 0.1 / 25 / 10), (21, 0.1 / 25 / 10), (1000, 0.1 / 25 / 10));
        Require(Schedule.OneCycle(0.1, 20).Momentum, (1, 0.95), (6, 0.85), (20, 0.95), (1000, 0.95));
        Require(Schedule.OneCycle(0.1, 1).LearningRate, (1, 0.1 / 25 / 1e4), (2, 0.1 / 25 / 1e4));
        Require(Schedule.OneCycle(0.1, 1, peak: 1).LearningRate, (1, 0.1), (2, 0.1));
        Require(Schedule.OneCycle(0.1, 10, peak: 0.1).LearningRate, (1, 0.1), (10, 0.1 / 25 / 1e4));
        Require(Schedule.WarmupStableDecay(0.3, 2, 3, 4, 0.1, 0.05), (1, 0.1), (3, 0.3), (6, 0.3), (10, 0.05), (11, 0.05));
        Require(Schedule.WarmupStableDecay(0.3, 0, 0, 4, 0.1), (1, 0.3), (5, 0));
        Require(Schedule.Cyclic(0.1, 0.3, 2, 3), (1, 0.1), (3, 0.3), (6, 0.1), (8, 0.3), (11, 0.1));
        Require(Schedule.MultiStep(0.5, [2, 4], 0.5), (1, 0.5), (2, 0.5), (3, 0.25), (4, 0.25), (5, 0.125), (long.MaxValue, 0.125));
        Require(Schedule.PiecewiseLinear([(3, 0.3), (5, 0.1)]), (1, 0.3), (3, 0.3), (4, 0.2), (5, 0.1), (6, 0.1));
        Require(Schedule.PiecewiseConstant([(3, 0.3), (5, 0.1)]), (1, 0.3), (3, 0.3), (4, 0.3), (5, 0.1), (6, 0.1), (long.MaxValue, 0.1));
    }

    [Fact]
    public void Arguments_AreRefusedByNameAndValue()
    {
        RequireRefused("initial", double.NaN, value => Schedule.Linear(value, 0, 1), value => Schedule.Polynomial(value, 0, 1, 1), value => Schedule.Cosine(value, 0, 1));
        RequireRefused("initial", double.NaN, value => Schedule.MultiStep(value, [1]), value => Schedule.CosineWithWarmRestarts(value, 0, 1));
        RequireRefused("initial", double.NaN, value => Schedule.WarmupStableDecay(1, 1, 1, 1, value), value => Schedule.Constant(1).WithLinearWarmup(1, value));
        RequireRefused("initial", 0, value => Schedule.Constant(1).WithExponentialWarmup(1, value));
        RequireRefused("final", double.PositiveInfinity, value => Schedule.Linear(0, value, 1), value => Schedule.Polynomial(0, value, 1, 1));
        RequireRefused("final", double.PositiveInfinity, value => Schedule.Cosine(0, value, 1), value => Schedule.CosineWithWarmRestarts(0, value, 1));
        RequireRefused("final", double.PositiveInfinity, value => Schedule.WarmupStableDecay(1, 1, 1, 1, 0, value));
        RequireRefused("power", 0, value => Schedule.Polynomial(1, 0, 1, value));
        RequireRefused("factor", 1.5, value => Schedule.MultiStep(1, [1], value));
        RequireRefused("factor", double.NaN, value => Schedule.Constant(1).Scaled(value));
        RequireRefused("factorPerCycle", 0, value => Schedule.Cyclic(0, 1, 1, factorPerCycle: value));
        RequireRefused("factorPerCount", 1.25, value => Schedule.Cyclic(0, 1, 1, factorPerCount: value));
        RequireRefused("minimum", double.NaN, value => Schedule.Cyclic(value, 1, 1));
        RequireRefused("maximum", double.NaN, value => Schedule.Cyclic(0, value, 1), value => Schedule.WarmupStableDecay(value, 1, 1, 1));
        RequireRefused("maximumRate", double.NaN, value => Schedule.OneCycle(value, 1));
        RequireRefused("peak", 1.5, value => Schedule.OneCycle(1, 1, value));
        RequireRefused("peak", double.NaN, value => Schedule.OneCycle(1, 1, value));
        RequireRefused("divisor", 0, value => Schedule.OneCycle(1, 1, divisor: value));
        RequireRefused("finalDivisor", -1, value => Schedule.OneCycle(1, 1, finalDivisor: value));
        RequireRefused("minimumMomentum", double.NaN, value => Schedule.OneCycle(1, 1, minimumMomentum: value));
        RequireRefused("maximumMomentum", double.NaN, value => Schedule.OneCycle(1, 1, maximumMomentum: value));

        RequireOutOfRange("count", "'0'", () => Schedule.Linear(1, 0, 0), () => Schedule.Polynomial(1, 0, 0, 1), () => Schedule.Cosine(1, 0, 0));
        RequireOutOfRange("count", "'0'", () => Schedule.OneCycle(1, 0), () => Schedule.Constant(1).WithLinearWarmup(0), () => Schedule.Constant(1).WithExponentialWarmup(0, 1));
        RequireOutOfRange("period", "'-1'", () => Schedule.CosineWithWarmRestarts(1, 0, -1));
        RequireOutOfRange("multiplier", "'0'", () => Schedule.CosineWithWarmRestarts(1, 0, 1, 0));
        RequireOutOfRange("warmup", "'-1'", () => Schedule.WarmupStableDecay(1, -1, 0, 1));
        RequireOutOfRange("stable", "'-2'", () => Schedule.WarmupStableDecay(1, 0, -2, 1));
        RequireOutOfRange("decay", "'0'", () => Schedule.WarmupStableDecay(1, 0, 0, 0));
        RequireOutOfRange("tail", "tail is 9;", () => Schedule.WarmupStableDecay(1, 0, 0, 1, tail: (Annealing)9));
        RequireOutOfRange("shape", "shape is 9;", () => Schedule.OneCycle(1, 1, shape: (Annealing)9));
        RequireOutOfRange("rise", "'0'", () => Schedule.Cyclic(0, 1, 0));
        RequireOutOfRange("fall", "'0'", () => Schedule.Cyclic(0, 1, 1, 0));
        RequireOutOfRange("after", "'0'", () => Schedule.Constant(1).Then(Schedule.Constant(2), 0));
        RequireOutOfRange("stepsPerEpoch", "'0'", () => Schedule.Constant(1).ByStep(0));

        Refusal.Require<ArgumentException>("milestones", "empty", () => Schedule.MultiStep(1, []));
        Refusal.Require<ArgumentException>("milestones", "position 0 of the list is at 0; it must be at least 1", () => Schedule.MultiStep(1, [0, 3]));
        Refusal.Require<ArgumentException>("milestones", "position 2 of the list is at 3; it must be at least 4", () => Schedule.MultiStep(1, [1, 3, 3]));
        Refusal.Require<ArgumentException>("points", "empty", () => Schedule.PiecewiseLinear([]));
        Refusal.Require<ArgumentException>("points", "position 1 of the list is at 2; it must be at least 4", () => Schedule.PiecewiseConstant([(3, 1), (2, 1)]));
        Refusal.Require<ArgumentException>("points", "position 1 of the list is NaN;", () => Schedule.PiecewiseLinear([(3, 1), (4, double.NaN)]));
        Refusal.Require<ArgumentException>("formula", "", () => Schedule.Manual(n => n, formula: " "));
        Assert.Throws<ArgumentNullException>("milestones", () => Schedule.MultiStep(1, null!));
        Assert.Throws<ArgumentNullException>("points", () => Schedule.PiecewiseLinear(null!));
        Assert.Throws<ArgumentNullException>("next", () => Schedule.Constant(1).Then(null!, 1));
    }

    private static void Require(Schedule schedule, params (long Count, double Value)[] points) =>
        Assert.All(points, point => Assert.Equal(point.Value, schedule.ValueAt(point.Count)));

    private static void RequireRefused(string argument, double value, params Func<double, object>[] make) => Assert.All(make, one =>
        Refusal.Require<ArgumentOutOfRangeException>(argument, FormattableString.Invariant($"The argument {argument} is {value}; it must be"), () => one(value)));

    private static void RequireOutOfRange(string argument, string text, params Func<object>[] make) =>
        Assert.All(make, one => Refusal.Require<ArgumentOutOfRangeException>(argument, text, one));
}
