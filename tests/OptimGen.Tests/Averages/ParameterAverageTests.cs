using OptimGen.Tests.Kernels;
using OptimGen.Tests.Optimizers;

namespace OptimGen.Tests.Averages;

/// <summary>The moving average of the parameters, and evaluating it.</summary>
public class ParameterAverageTests
{
    [Fact]
    public void Evaluation_ExchangesAndPutsBackBitByBit()
    {
        (Adam optimizer, ParameterAverage<float> average) = Trained();
        Snapshot before = Snapshot.Of(optimizer);
        float[][] averages = [.. optimizer.Parameters.Select(parameter => average.Of(parameter).ToArray())];
        float[][] values = [.. optimizer.Parameters.Select(parameter => parameter.Values.ToArray())];
        Assert.NotEqual(averages[0], values[0]);

        EvaluatedAverages evaluated = average.Evaluate();
        Assert.Equal(averages, optimizer.Parameters.Select(parameter => parameter.Values.ToArray()));
        Assert.Equal(values, optimizer.Parameters.Select(parameter => average.Of(parameter).ToArray()));
        evaluated.Dispose();
        evaluated.Dispose();
        before.AssertUnchanged("evaluated");
        Assert.Equal(averages, optimizer.Parameters.Select(parameter => average.Of(parameter).ToArray()));
    }

    [Fact]
    public void WhileEvaluated_AStepAndASecondEvaluationAreRefused()
    {
        (Adam optimizer, ParameterAverage<float> average) = Trained();
        using (average.Evaluate())
        {
            Snapshot snapshot = Snapshot.Of(optimizer);
            Assert.Contains("Adam", Assert.Throws<InvalidOperationException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(average.Evaluate);
            snapshot.AssertUnchanged("refused");
        }

        optimizer.Step();
        Assert.Equal(4, optimizer.StepCount);
    }

    [Fact]
    public void TheAverage_StartsAtTheParametersAndComesToThem()
    {
        var parameters = new ParameterSet();
        Parameter<float> weight = parameters.Add("weight", 40);
        weight.Values.Fill(2);
        var optimizer = new Sgd(parameters) { LearningRate = 1 };
        ParameterAverage<float> average = optimizer.AverageParameters(0.5);
        Assert.Equal(2, average.Of(weight)[39]);
        weight.Gradients.Fill(2);
        optimizer.Step();
        Assert.Equal(1, average.Of(weight)[39]);
        weight.Gradients.Clear();
        optimizer.Step();
        Assert.Equal(0.5f, average.Of(weight)[39]);
    }

    [Fact]
    public void ASecondCall_ChangesTheDecayOfTheSameAverage()
    {
        (Adam optimizer, ParameterAverage<float> average) = Trained();
        Assert.Same(average, optimizer.AverageParameters(0.25));
        Assert.Equal(0.25, average.Decay);
    }

    [Theory]
    [InlineData(-0.1), InlineData(1.0), InlineData(double.NaN)]
    public void ADecayOutsideItsRange_IsRefused(double decay)
    {
        var optimizer = new Adam(StepPhaseTests.Parameters());
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.AverageParameters(decay));
        Assert.StartsWith(FormattableString.Invariant($"Decay is {decay}; "), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AParameterOfAnotherSet_IsRefused()
    {
        (_, ParameterAverage<float> average) = Trained();
        Assert.Throws<ArgumentException>(() => average.Of(StepPhaseTests.Parameters()[0]).Length);
    }

    private static (Adam Optimizer, ParameterAverage<float> Average) Trained()
    {
        var optimizer = new Adam(StepPhaseTests.Parameters());
        ParameterAverage<float> average = optimizer.AverageParameters(0.9);
        for (int step = 1; step <= 3; step++)
        {
            StepPhaseTests.FillGradients(optimizer, step);
            optimizer.Step();
        }

        return (optimizer, average);
    }
}
