using OptimGen;

namespace TrainingNamespace.Tests;

public class MyOptimizerTests
{
    /// <summary>Every instruction set of this machine, at many lengths, gives the bits of the method.</summary>
    [Fact]
    public void Kernels_give_the_bits_of_the_rule() => RuleCheck.Require(parameters => new MyOptimizer(parameters));

    /// <summary>v = 0.01·g² = 0.04 after a gradient of −2 from v = 0, so the step is −0.5·(−2)/0.2 = 5.</summary>
    [Fact]
    public void First_step_is_the_gradient_divided_by_the_root_of_its_share()
    {
        var parameters = new ParameterSet();
        Parameter<float> weight = parameters.Add("weight", 1);
        weight.Values[0] = 1;
        weight.Gradients[0] = -2;

        new MyOptimizer(parameters) { LearningRate = 0.5f }.Step();

        Assert.Equal(6, weight.Values[0], tolerance: 1e-4f);
    }

    [Fact]
    public void Training_finds_the_line()
    {
        var fit = new LineFit();

        TrainingResult result = fit.Train(new MyOptimizer(fit.Parameters), epochs: 200);

        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal(2, fit.Slope, tolerance: 0.01f);
        Assert.Equal(1, fit.Intercept, tolerance: 0.01f);
    }
}
