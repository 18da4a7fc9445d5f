using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen.Tests.Training;

/// <summary>θ ← θ − η·g, by hand: the training loop is tested apart from what is generated.</summary>
internal sealed class GradientDescent<T>(ParameterSet<T> parameters) : Optimizer<T>(parameters, Rule)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OptimizerDefinition Rule = new(
        "GradientDescent", ["θ ← θ − η·g"], [new HyperparameterDefinition("LearningRate", 0.1, Minimum: 0)], []);

    public T LearningRate { get; set; } = T.CreateTruncating(0.1);

    protected override double ReadHyperparameter(int index) => double.CreateTruncating(LearningRate);

    protected override void WriteHyperparameter(int index, double value) => LearningRate = T.CreateTruncating(value);

    protected override void PrepareStep(long step, int group) =>
        Definition.Hyperparameters[0].Require(double.CreateTruncating(LearningRate));

    protected override void UpdateElements(int group, in KernelStreams<T> streams)
    {
        for (nuint i = 0; i < streams.Count; i++)
        {
            Unsafe.Add(ref streams.Parameter, i) -=
                LearningRate * Unsafe.Add(ref streams.Gradient, i);
        }
    }
}

/// <summary>A rule without a learning rate: θ ← θ − sign(g).</summary>
internal sealed class UnitSteps(ParameterSet<float> parameters) : Optimizer<float>(parameters, Rule)
{
    private static readonly OptimizerDefinition Rule = new("UnitSteps", ["θ ← θ − sign(g)"], [], []);

    protected override double ReadHyperparameter(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    protected override void WriteHyperparameter(int index, double value) => throw new ArgumentOutOfRangeException(nameof(index));

    protected override void PrepareStep(long step, int group)
    {
    }

    protected override void UpdateElements(int group, in KernelStreams<float> streams)
    {
        for (nuint i = 0; i < streams.Count; i++)
        {
            Unsafe.Add(ref streams.Parameter, i) -=
                float.Sign(Unsafe.Add(ref streams.Gradient, i));
        }
    }
}
