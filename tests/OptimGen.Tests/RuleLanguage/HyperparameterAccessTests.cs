using static OptimGen.Tests.RuleLanguage.Language;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>Hyperparameters read and set by their names: for the optimizer, and for a group.</summary>
public sealed partial class HyperparameterAccessTests
{
#pragma warning disable IDE1006, SA1300 // The names are what is tested.
    [Optimizer]
    private sealed partial class NamedValue
    {
        [Hyperparameter]
        public float value { get; set; } = 1;

        [Hyperparameter]
        public float LearningRate { get; set; } = 1;

        [Hyperparameter]
        public float index { get; set; } = 1;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float value, float learningRate, float index) =>
            parameter - learningRate * value * index * gradient;
    }
#pragma warning restore IDE1006, SA1300

    [Optimizer]
    private sealed partial class BelowOne
    {
        [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
        public float Beta { get; set; } = 0.5f;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float beta) => parameter - beta * gradient;
    }

    [Optimizer]
    private sealed partial class BelowOneInDouble
    {
        [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
        public double Beta { get; set; } = 0.5;

        [UpdateRule]
        private static double Update(double parameter, double gradient, double beta) => parameter - beta * gradient;
    }

    [Fact]
    public void APropertyNamedValue_CanBeSetByItsName()
    {
        var optimizer = new NamedValue(SetOf(10));
        optimizer.SetHyperparameter("value", 2);
        optimizer.SetHyperparameter("index", 0.5);
        Assert.Equal((2f, 0.5f), (optimizer.value, optimizer.index));
        Assert.Equal((2.0, 0.5), (optimizer.GetHyperparameter("value"), optimizer.GetHyperparameter("index")));
        Assert.Equal([9], optimizer.StepOn(1));
        optimizer.value = 3;
        Assert.Equal(3, optimizer.GetHyperparameter("value"));
        Assert.Equal([7.5f], optimizer.StepOn(1));
        RuleCheck.Require(p => new NamedValue(p));
    }

    [Fact]
    public void ANumberThatRoundsToItsBound_IsRefused()
    {
        var parameters = SetOf(1);
        var optimizer = new BelowOne(parameters);
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>("Beta", () => optimizer.SetHyperparameter("Beta", 0.99999999999));
        Assert.Contains("0.99999999999", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("Beta", () => optimizer.SetHyperparameter(parameters.Groups[0], "Beta", 0.99999999999));
        Assert.Equal(0.5, optimizer.GetHyperparameter("Beta"));
        Assert.Null(optimizer.GetHyperparameter(parameters.Groups[0], "Beta"));

        // What rounds into the bounds is refused all the same: it was not meant.
        Assert.Throws<ArgumentOutOfRangeException>("Beta", () => optimizer.SetHyperparameter("Beta", -1e-60));
        optimizer.SetHyperparameter("Beta", 0.9999999);
        Assert.Equal([1 - 0.9999999f], optimizer.StepOn(1));
    }

    [Fact]
    public void InDouble_TheSameNumberIsBelowItsBound()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("w", 1);
        var optimizer = new BelowOneInDouble(parameters);
        optimizer.SetHyperparameter("Beta", 0.99999999999);
        Assert.Equal(0.99999999999, optimizer.Beta);
    }

    [Fact]
    public void AGroupsHyperparameter_IsReadAndSetByItsName()
    {
        var parameters = SetOf(10);
        ParameterGroup<float> group = parameters.AddGroup("biases");
        parameters[0].Values[0] = 10;
        Parameter<float> bias = group.Add("b", 1);
        bias.Values[0] = 10;
        bias.Gradients[0] = 1;
        var optimizer = new NamedValue(parameters);
        Assert.Null(optimizer.GetHyperparameter(group, "value"));
        Assert.Equal(1.0, optimizer.GetHyperparameter(group, "LearningRateScale"));

        optimizer.SetHyperparameter(group, "value", 3);
        optimizer.SetHyperparameter(group, "LearningRateScale", 0.5);
        Assert.Equal((3.0, 0.5), (optimizer.GetHyperparameter(group, "value"), optimizer.GetHyperparameter(group, "LearningRateScale")));
        Assert.Equal(3f, optimizer.For(group).value);
        for (int step = 1; step <= 3; step++)
        {
            // It holds at every step, and not just at the first one.
            Assert.Equal([10f - step], optimizer.StepOn(1));
            Assert.Equal(10 - (1.5f * step), bias.Values[0]);
        }

        optimizer.SetHyperparameter(group, "value", null);
        optimizer.SetHyperparameter(group, "LearningRateScale", null);
        Assert.Null(optimizer.GetHyperparameter(group, "value"));
        optimizer.StepOn(1);
        Assert.Equal(4.5f, bias.Values[0]);
        Assert.Throws<ArgumentException>(() => optimizer.SetHyperparameter(group, "Other", 1));
        Assert.Throws<ArgumentException>(() => optimizer.GetHyperparameter(new ParameterSet().AddGroup("biases"), "value"));
    }
}
