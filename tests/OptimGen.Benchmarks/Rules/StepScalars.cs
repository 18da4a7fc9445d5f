using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Rules;

/// <summary>What is the same for every element of a step, computed once, in double, and narrowed. Laid out as <c>struct scalars</c> of rules.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StepScalars
{
    public float LearningRate;
    public float Beta1;
    public float OneMinusBeta1;
    public float Beta2;
    public float OneMinusBeta2;
    public float Momentum;
    public float WeightDecay;
    public float Epsilon;

    /// <summary>η/(1−β₁ᵗ).</summary>
    public float StepSize;

    /// <summary>1/√(1−β₂ᵗ).</summary>
    public float RootScale;

    /// <summary>ηλ.</summary>
    public float Shrinkage;
}

/// <summary>The hyperparameters of an optimizer, for contestants that compute its scalars themselves; 0 where the rule has none of that name.</summary>
internal sealed class Hyperparameters
{
    private readonly double learningRate, beta1, beta2, momentum, weightDecay, epsilon;
    private readonly bool corrected;

    public Hyperparameters(Optimizer optimizer, bool corrected)
    {
        double Read(string name) => optimizer.Definition.Hyperparameters.Any(one => one.Name == name)
            ? StepMath.Widen((float)optimizer.GetHyperparameter(name)) : 0;
        (learningRate, beta1, beta2) = (Read("LearningRate"), Read("Beta1"), Read("Beta2"));
        (momentum, weightDecay, epsilon) = (Read("Momentum"), Read("WeightDecay"), Read("Epsilon"));
        this.corrected = corrected;
    }

    /// <summary>The scalars of step <paramref name="step"/>, counted from 1.</summary>
    public StepScalars At(long step) => new()
    {
        LearningRate = (float)learningRate,
        Beta1 = (float)beta1,
        OneMinusBeta1 = (float)(1 - beta1),
        Beta2 = (float)beta2,
        OneMinusBeta2 = (float)(1 - beta2),
        Momentum = (float)momentum,
        WeightDecay = (float)weightDecay,
        Epsilon = (float)epsilon,
        StepSize = (float)(corrected ? learningRate / (1 - Math.Pow(beta1, step)) : learningRate),
        RootScale = (float)(corrected ? 1 / Math.Sqrt(1 - Math.Pow(beta2, step)) : 1),
        Shrinkage = (float)(learningRate * weightDecay),
    };
}
