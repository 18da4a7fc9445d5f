using OptimGen;

namespace TrainingNamespace;

/// <summary>
/// RMSProp: each step is divided by the root of an average of squared gradients. The generator compiles <see cref="Update"/> to a kernel for each
/// instruction set; the kernel gives the bits of the method.
/// </summary>
[Optimizer]
public sealed partial class MyOptimizer
{
    /// <summary>The learning rate η.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 0.01f;

    /// <summary>The weight ρ of the past in the average of squared gradients.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Decay { get; set; } = 0.99f;

    /// <summary>Added to the denominator, which is zero while all gradients were.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>v ← ρv + (1 − ρ)g², θ ← θ − ηg / (√v + ε), for one element.</summary>
    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float meanSquare, float learningRate, float decay, float epsilon)
    {
        meanSquare = decay * meanSquare + (1 - decay) * gradient * gradient;
        return parameter - learningRate * gradient / (MathF.Sqrt(meanSquare) + epsilon);
    }
}
