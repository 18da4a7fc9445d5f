using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

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

/// <summary>
/// The scalars of one step after the other, for a contestant that computes them itself from the optimizer's hyperparameters; 0 where the rule has none of
/// that name. The powers are kept as running products, so that none pays for a power.
/// </summary>
internal sealed class ScalarSequence
{
    private readonly double beta1, beta2, learningRate;
    private readonly bool corrected;
    private StepScalars scalars;
    private double power1 = 1, power2 = 1;

    public ScalarSequence(Optimizer optimizer, bool corrected)
    {
        double Read(string name) => optimizer.Definition.Hyperparameters.Any(one => one.Name == name)
            ? StepMath.Widen((float)optimizer.GetHyperparameter(name)) : 0;
        this.corrected = corrected;
        (learningRate, beta1, beta2) = (Read("LearningRate"), Read("Beta1"), Read("Beta2"));
        scalars = new StepScalars
        {
            LearningRate = (float)learningRate,
            Beta1 = (float)beta1,
            OneMinusBeta1 = (float)(1 - beta1),
            Beta2 = (float)beta2,
            OneMinusBeta2 = (float)(1 - beta2),
            Momentum = (float)Read("Momentum"),
            WeightDecay = (float)Read("WeightDecay"),
            Epsilon = (float)Read("Epsilon"),
            StepSize = (float)learningRate,
            RootScale = 1,
            Shrinkage = (float)(learningRate * Read("WeightDecay")),
        };
    }

    /// <summary>The scalars of the next step.</summary>
    public ref StepScalars Next()
    {
        if (corrected)
        {
            power1 *= beta1;
            power2 *= beta2;
            scalars.StepSize = (float)(learningRate / (1 - power1));
            scalars.RootScale = (float)(1 / Math.Sqrt(1 - power2));
        }

        return ref scalars;
    }
}
