using OptimGen.Tests.Kernels;
using OptimGen.Tests.Optimizers;

namespace OptimGen.Tests.Averages;

/// <summary>Several optimizers over one set of parameters, while the parameters are replaced by an average of one of them.</summary>
public class SharedSetTests
{
    /// <summary>The kinds of average that the first optimizer evaluates.</summary>
    public static TheoryData<string> Holders => [nameof(ParameterAverage<float>), nameof(OptimGen.ScheduleFreeSgd), nameof(Asgd)];

    [Theory, MemberData(nameof(Holders))]
    public void AnotherOptimizer_NeitherStepsNorEvaluatesNorStartsAnAverage(string holder)
    {
        (Optimizer<float> first, Func<EvaluatedAverages> evaluate) = Trained(holder);
        var second = new OptimGen.AdamW(first.Parameters);
        var free = new OptimGen.ScheduleFreeAdamW(first.Parameters);
        free.Step();
        ParameterAverage<float> average = second.AverageParameters(0.5);
        second.Step();
        var third = new OptimGen.Sgd(first.Parameters);
        Snapshot before = Snapshot.Of(first), ofSecond = Snapshot.Of(second);
        float[] averageBefore = average.Of(first.Parameters[0]).ToArray();

        using (evaluate())
        {
            Snapshot evaluated = Snapshot.Of(first);
            (string Who, Action Attempt)[] attempts =
            [
                ("AdamW cannot step", () => second.Step()),
                ("AdamW cannot evaluate its average", () => average.Evaluate()),
                ("Sgd cannot start an average", () => third.AverageParameters(0.5)),
                ("ScheduleFreeAdamW cannot evaluate its average", () => free.EvaluateAverages()),
                ("ScheduleFreeAdamW cannot compute averages", () => free.CopyAverages(first.Parameters[0], new float[first.Parameters[0].Length])),
            ];
            foreach ((string who, Action attempt) in attempts)
            {
                var refusal = Assert.Throws<InvalidOperationException>(attempt);
                Assert.StartsWith(
                    $"{who}: the parameters stand at an average of another optimizer, {first.Definition.Name}. Dispose of the EvaluatedAverages first.",
                    refusal.Message, StringComparison.Ordinal);
            }

            Assert.Contains("an average of it.", Assert.Throws<InvalidOperationException>(() => first.Step()).Message, StringComparison.Ordinal);
            Assert.Contains("an average of it.", Assert.Throws<InvalidOperationException>(evaluate).Message, StringComparison.Ordinal);
            evaluated.AssertUnchanged(holder);
        }

        // The refused calls have changed nothing: neither the parameters, nor the states of both optimizers, nor the other average.
        before.AssertUnchanged(holder);
        ofSecond.AssertUnchanged(holder);
        Assert.Equal(averageBefore, average.Of(first.Parameters[0]).ToArray());
        Assert.True(second.Step().WasTaken);
        average.Evaluate().Dispose();
        Assert.True(third.AverageParameters(0.5).Of(first.Parameters[0]).SequenceEqual(first.Parameters[0].Values));
    }

    [Fact]
    public void AnotherSet_IsNotConcerned()
    {
        (_, Func<EvaluatedAverages> evaluate) = Trained(nameof(Asgd));
        (Optimizer<float> other, Func<EvaluatedAverages> evaluateOther) = Trained(nameof(ParameterAverage<float>));
        using (evaluate())
        {
            Assert.True(other.Step().WasTaken);
            evaluateOther().Dispose();
        }
    }

    /// <summary>A second disposal must do nothing, even if another evaluation has begun since the first.</summary>
    [Fact]
    public void DisposingTwice_IsHarmlessToAnEvaluationByAnother()
    {
        (Optimizer<float> first, Func<EvaluatedAverages> evaluate) = Trained(nameof(ParameterAverage<float>));
        var second = new OptimGen.AdamW(first.Parameters);
        ParameterAverage<float> average = second.AverageParameters(0.5);
        second.Step();
        Snapshot before = Snapshot.Of(first);
        EvaluatedAverages ended = evaluate();
        ended.Dispose();
        using (average.Evaluate())
        {
            Snapshot evaluated = Snapshot.Of(first);
            ended.Dispose();
            evaluated.AssertUnchanged("disposed twice");
            Assert.Throws<InvalidOperationException>(() => first.Step());
        }

        before.AssertUnchanged("evaluated by another");
    }

    private static (Optimizer<float> Optimizer, Func<EvaluatedAverages> Evaluate) Trained(string holder)
    {
        ParameterSet parameters = StepPhaseTests.Parameters();
        Optimizer<float> optimizer;
        Func<EvaluatedAverages> evaluate;
        switch (holder)
        {
            case nameof(Asgd):
                var asgd = new Asgd(parameters) { T0 = 0 };
                (optimizer, evaluate) = (asgd, asgd.EvaluateAverages);
                break;

            case nameof(OptimGen.ScheduleFreeSgd):
                var free = new OptimGen.ScheduleFreeSgd(parameters);
                (optimizer, evaluate) = (free, free.EvaluateAverages);
                break;

            default:
                optimizer = new OptimGen.Adam(parameters);
                evaluate = optimizer.AverageParameters(0.9).Evaluate;
                break;
        }

        for (int step = 1; step <= 4; step++)
        {
            StepPhaseTests.FillGradients(optimizer, step);
            optimizer.Step();
        }

        return (optimizer, evaluate);
    }
}
