namespace OptimGen.Tests.Training;

public class CompositionTests
{
    [Fact]
    public void Then_StartsTheNextFromItsFirstCount()
    {
        Schedule first = Schedule.Manual(n => n), next = Schedule.Manual(n => 100 + n), last = Schedule.Manual(n => 200 + n);
        Assert.Equal([1, 2, 3, 101, 102, 103], Values(first.Then(next, 3), 6));
        Assert.Equal([1, 101, 102, 201, 202], Values(first.Then(next.Then(last, 2), 1), 5));
        Assert.Equal([1, 101, 102, 201, 202], Values(first.Then(next, 1).Then(last, 3), 5));
    }

    [Fact]
    public void Scaled_MultipliesWhatIsInside() => Assert.Equal([-2, 6, 9], Values(
        Schedule.Manual([-1, 3]).Scaled(2).Then(Schedule.Manual([9]), 2), 3));

    [Fact]
    public void ByStep_GivesEachEpochItsSteps()
    {
        Schedule steps = Schedule.Manual([0.3, 0.2, 0.1]).ByStep(2);
        Assert.Equal(ScheduleUnit.Step, steps.Unit);
        Assert.Equal([0.3, 0.3, 0.2, 0.2, 0.1, 0.1, 0.1], Values(steps, 7));
        Assert.Equal("(the nth of [0.3, 0.2, 0.1]) at epochs of 2 by step", steps.ToString());
        Assert.Contains("counts steps already", Assert.Throws<InvalidOperationException>(() => steps.ByStep(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_DoNotMix_UntilTheyAreConverted()
    {
        Schedule epochs = Schedule.Manual([0.3, 0.2]), steps = Schedule.Linear(0, 0.3, 2, ScheduleUnit.Step);
        Refusal.Require<ArgumentException>("next", $"{epochs} cannot follow {steps}", () => steps.Then(epochs, 2));
        Refusal.Require<ArgumentException>("next", "must count the same unit", () => epochs.Then(steps, 2));
        Assert.Equal([0, 0.15, 0.3, 0.3, 0.3, 0.2, 0.2], Values(steps.Then(epochs.ByStep(3), 2), 7));
    }

    /// <summary>A warm-up ends where its schedule begins, and the sum of steps around the junction is the jump that there is not.</summary>
    [Fact]
    public void Warmups_JoinWithoutAJump()
    {
        Schedule[] bodies = [Schedule.Cosine(0.1, 0, 1000), Schedule.InverseSquareRoot(0.1), Schedule.Exponential(0.1, 0.999), Schedule.Linear(0.1, 0, 1000)];
        foreach (Schedule body in bodies)
        {
            foreach (Schedule warm in (Schedule[])[body.WithLinearWarmup(100), body.WithLinearWarmup(100, 0.05), body.WithExponentialWarmup(100, 0.001)])
            {
                Assert.Equal(body.ValueAt(1), warm.ValueAt(101));
                Assert.Equal(body.ValueAt(77), warm.ValueAt(177));
                double step = warm.ValueAt(101) - warm.ValueAt(100);
                Assert.InRange(step, 0.0001, 0.006);
                Assert.Equal(Enumerable.Range(1, 101), Enumerable.Range(1, 101).OrderBy(n => warm.ValueAt(n)));
            }

            Assert.Equal(0.05, body.WithLinearWarmup(100, 0.05).ValueAt(1));
            Assert.Equal(0.001, body.WithExponentialWarmup(100, 0.001).ValueAt(1));
        }
    }

    [Fact]
    public void ExponentialWarmup_NeedsAFirstValueAboveZero() => Assert.Contains(
        "begins with 0;",
        Assert.Throws<InvalidOperationException>(() => Schedule.Linear(0, 1, 5).WithExponentialWarmup(3, 0.1)).Message,
        StringComparison.Ordinal);

    /// <summary>The count in the message is the composition's, so that it is the trainer's.</summary>
    [Fact]
    public void AValueThatIsNotFinite_IsReportedAtTheCountOfTheWhole()
    {
        Schedule composed = Schedule.Constant(1).Then(Schedule.Manual(n => n == 3 ? double.NaN : n), 10).Scaled(2);
        Assert.Contains("gives NaN at epoch 13;", Assert.Throws<InvalidOperationException>(() => composed.ValueAt(13)).Message, StringComparison.Ordinal);
    }

    /// <summary>A schedule of the user's own composes as those of the library do.</summary>
    [Fact]
    public void ADerivedSchedule_Composes()
    {
        Schedule composed = new Squares().Then(Schedule.Constant(7), 3).Scaled(10);
        Assert.Equal([10, 40, 90, 70], Values(composed, 4));
        Assert.Equal("10·((n²) for 3, then (7)) by epoch", composed.ToString());
    }

    private static IEnumerable<double> Values(Schedule schedule, int count) => Enumerable.Range(1, count).Select(n => schedule.ValueAt(n));

    private sealed class Squares() : Schedule(ScheduleUnit.Epoch)
    {
        protected override string Formula => "n²";

        protected override double Compute(long count) => count * (double)count;
    }
}
