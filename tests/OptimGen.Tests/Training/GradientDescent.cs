using System.Numerics;
using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen.Tests.Training;

/// <summary>θ ← θ − η·g, written by hand, so that the training loop is tested without generated code.</summary>
internal sealed class GradientDescent<T>(ParameterSet<T> parameters) : Optimizer<T>(parameters, new Descent())
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T LearningRate
    {
        get => ReadHyperparameter(0);
        set => WriteHyperparameter(0, value);
    }

    private sealed class Descent() : StepRule<T>(new(
        "GradientDescent", ["θ ← θ − η·g"], [new HyperparameterDefinition("LearningRate", 0.1, Minimum: 0)], []))
    {
        public T LearningRate { get; private set; }

        public override RuleKernels<T> KernelsFor(InstructionSet instructionSet) => new Kernels(this);

        public override void PrepareSettings(int group, ReadOnlySpan<T> hyperparameters) => LearningRate = hyperparameters[0];
    }

    private sealed class Kernels(Descent rule) : RuleKernels<T>(vectorLength: 1)
    {
        public override void Update(in KernelStreams<T> streams)
        {
            for (nuint i = 0; i < streams.Count; i++)
            {
                Unsafe.Add(ref streams.Parameter, i) -= rule.LearningRate * Unsafe.Add(ref streams.Gradient, i);
            }
        }
    }
}

/// <summary>A rule without a learning rate: θ ← θ − sign(g).</summary>
internal sealed class UnitSteps(ParameterSet<float> parameters) : Optimizer<float>(parameters, new SignRule())
{
    private sealed class SignRule() : StepRule<float>(new("UnitSteps", ["θ ← θ − sign(g)"], [], []))
    {
        public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new Kernels();
    }

    private sealed class Kernels() : RuleKernels<float>(vectorLength: 1)
    {
        public override void Update(in KernelStreams<float> streams)
        {
            for (nuint i = 0; i < streams.Count; i++)
            {
                Unsafe.Add(ref streams.Parameter, i) -= float.Sign(Unsafe.Add(ref streams.Gradient, i));
            }
        }
    }
}
