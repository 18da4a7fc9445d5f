using OptimGen.Tests.Kernels;
using OptimGen.Tests.Optimizers;

namespace OptimGen.Tests.Gradients;

/// <summary>What a step does about gradients that are not finite. That the default throws and changes nothing is tested with the kernels.</summary>
public class NonFiniteGradientTests
{
    [Theory]
    [InlineData(null), InlineData(1.0)]
    public void ASkippedStep_ChangesNothingAndSaysWhy(double? maxGradientNorm)
    {
        var optimizer = new Adam(StepPhaseTests.Parameters())
        {
            NonFiniteGradients = NonFiniteGradientPolicy.SkipStep, ZeroGradientsAfterStep = true, MaxGradientNorm = maxGradientNorm, GradientScale = 0.5,
        };
        ParameterAverage<float> average = optimizer.AverageParameters(0.9);
        StepPhaseTests.FillGradients(optimizer, 1);
        Assert.True(optimizer.Step().WasTaken);

        StepPhaseTests.FillGradients(optimizer, 2);
        optimizer.Parameters["second"].Gradients[20] = float.NegativeInfinity;
        optimizer.Parameters["wrapped"].Gradients[3] = float.NaN;
        float[] before = average.Of(optimizer.Parameters[0]).ToArray();
        Snapshot snapshot = Snapshot.Of(optimizer);
        StepResult result = optimizer.Step();
        Assert.False(result.WasTaken);
        Assert.Equal(new NonFiniteGradient("second", 20, "[20]", double.NegativeInfinity), result.NonFiniteGradient);
        snapshot.AssertUnchanged("skipped");
        Assert.Equal(before, average.Of(optimizer.Parameters[0]).ToArray());

        StepPhaseTests.FillGradients(optimizer, 2);
        result = optimizer.Step();
        Assert.True(result.WasTaken);
        Assert.Null(result.NonFiniteGradient);
        Assert.Equal(2, optimizer.StepCount);
    }

    [Fact]
    public void WithANorm_TheDefaultStillThrowsAndNamesTheElement()
    {
        var optimizer = new Adam(StepPhaseTests.Parameters()) { MaxGradientNorm = 1 };
        optimizer.Parameters["first"].Gradients[8] = float.PositiveInfinity;
        Snapshot snapshot = Snapshot.Of(optimizer);
        var refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal(("first", 8, double.PositiveInfinity), (refusal.ParameterName, refusal.Element, refusal.Value));
        Assert.Contains("at [1, 1]", refusal.Message, StringComparison.Ordinal);
        snapshot.AssertUnchanged("thrown");
    }

    [Fact]
    public void ManyThreads_FindTheFirst()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 200_000);
        var optimizer = new Sgd(parameters) { MaxDegreeOfParallelism = 8, NonFiniteGradients = NonFiniteGradientPolicy.SkipStep };
        weights.Gradients[199_999] = float.NaN;
        weights.Gradients[70_001] = float.PositiveInfinity;
        Assert.Equal(70_001, optimizer.Step().NonFiniteGradient!.Element);
    }

    [Fact]
    public void Allowed_ANormThatIsNotFiniteSpreads()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 3);
        weights.Gradients[1] = float.NaN;
        var optimizer = new Sgd(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow, MaxGradientNorm = 1 };
        Assert.Equal(double.NaN, optimizer.Step().GradientNorm);
        Assert.All(weights.Values.ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void TrainingThatSkipsAStep_SaysSoAndGoesOn()
    {
        var parameters = new ParameterSet();
        Parameter<float> weight = parameters.Add("weight", 1);
        var optimizer = new Sgd(parameters) { LearningRate = 1, NonFiniteGradients = NonFiniteGradientPolicy.SkipStep };
        var trainer = new Trainer(optimizer, 4, (set, batch) =>
        {
            set[0].Gradients[0] = batch.Step == 2 ? float.NaN : 1;
            return 1;
        })
        { BatchSize = 1 };
        TrainingResult result = trainer.Train(1);
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal(-3, weight.Values[0]);
        Assert.Equal((4, 3), (trainer.StepCount, optimizer.StepCount));
        TrainingObservation observation = Assert.Single(result.Observations);
        Assert.Equal((TrainingObservationKind.StepSkipped, 2), (observation.Kind, observation.Step));
        Assert.Equal("Step 2 (epoch 1) was skipped: the gradient of parameter 'weight' at [0] is NaN. Parameters and state are unchanged.", observation.Message);
    }
}
