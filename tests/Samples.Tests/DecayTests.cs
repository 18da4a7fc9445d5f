using Digits;
using OptimGen;

namespace Samples.Tests;

public sealed class DecayTests
{
    [Theory]
    [InlineData("inverse-time:1", 0.2, 1, 0.1)]
    [InlineData("inverse-time:1", 0.2, 4, 0.04)]
    [InlineData("exponential:0.5", 0.2, 2, 0.05)]
    [InlineData("sqrt:2", 0.2, 4, 0.2)]
    [InlineData("staircase:2", 0.2, 2, 0.2)]
    [InlineData("staircase:2", 0.2, 3, 0.1)]
    public void Gives_the_rate_of_its_formula(string text, double rate, long epoch, double expected)
    {
        Schedule? schedule = Decay.Parse(text).From(rate);

        Assert.NotNull(schedule);
        Assert.Equal(ScheduleUnit.Epoch, schedule.Unit);
        Assert.Equal(expected, schedule.ValueAt(epoch), 12);
    }

    [Fact]
    public void Counts_steps_on_demand() => Assert.Equal(ScheduleUnit.Step, Decay.Parse("sqrt:1/step").From(0.1)?.Unit);

    [Fact]
    public void None_has_no_schedule() => Assert.Null(Decay.Parse("none").From(0.1));

    [Theory]
    [InlineData("")]
    [InlineData("None")]
    [InlineData("none/step")]
    [InlineData("linear:1")]
    [InlineData("sqrt")]
    [InlineData("sqrt:")]
    [InlineData("sqrt:one")]
    [InlineData("sqrt:1:2")]
    [InlineData("sqrt:0")]
    [InlineData("sqrt:NaN")]
    [InlineData("sqrt:1e7")]
    [InlineData("sqrt:1,5")]
    [InlineData("inverse-time:-1")]
    [InlineData("inverse-time:Infinity")]
    [InlineData("exponential:0")]
    [InlineData("exponential:1.01")]
    [InlineData("staircase:0")]
    [InlineData("staircase:1.5")]
    [InlineData("staircase:3e9")]
    public void Refuses_what_is_no_decay(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => Decay.Parse(text));

        Assert.StartsWith($"'{text}' is no decay", refusal.Message, StringComparison.Ordinal);
    }
}
