using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// LAMB, layer-wise adaptive moments for batch training: AdamW, in which every tensor moves by a part of its own norm.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g;
/// v ← β₂v + (1−β₂)g²;
/// u = m̂/(√v̂ + ε) + λθ, m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ);
/// r = ‖θ‖/‖u‖, or 1 where either is 0;
/// θ ← θ − ηru</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m is <c>firstMoment</c>, v <c>secondMoment</c>; η is
/// LearningRate, βᵢ Betaᵢ, ε Epsilon, λ WeightDecay; the norms are Euclidean and over one tensor.</para>
/// <para><b>Epsilon.</b> Outside of the root, after bias correction.</para>
/// <para><b>Defaults.</b> η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-6, λ 0.01.</para>
/// <para><b>Differences.</b> The same rule as optax and Keras, whose weight decay is 0 unless set. torch has no LAMB. Some implementations clip ‖θ‖
/// to 10 or leave bias correction out; this one does neither.</para>
/// <para><b>Reference.</b> You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", 2020, arXiv:1904.00962, algorithm 2
/// with φ the identity</para>
/// </remarks>
[Optimizer(StorageKernels = true)]
public sealed partial class Lamb
{
    /// <summary>η, the learning rate. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>β₁, the weight of the past in the gradient's average; in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>β₂, the weight of the past in the mean square; in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-6.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-6f;

    /// <summary>λ, the weight decay, which the trust ratio scales too. Initially 0.01.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; } = 0.01f;

    [PerStep]
    private static void Prepare(
        long step, double beta1, double beta2, out double weight1, out double weight2, out double correction, out double rootCorrection)
    {
        (weight1, weight2) = (1 - beta1, 1 - beta2);
        correction = 1 / (1 - StepMath.Power(beta1, step));
        rootCorrection = 1 / Math.Sqrt(1 - StepMath.Power(beta2, step));
    }

    [Reduce(Reduction.Norm)]
    private static float ParameterNorm(float parameter) => parameter;

    /// <summary>The update is computed twice, here from the moments before the step, so that it need not be stored.</summary>
    [Reduce(Reduction.Norm)]
    private static float UpdateNorm(
        float parameter, float gradient, float firstMoment, float secondMoment, float beta1, float beta2, float epsilon, float weightDecay,
        float weight1, float weight2, float correction, float rootCorrection) => Direction(
            parameter, beta1 * firstMoment + weight1 * gradient, beta2 * secondMoment + weight2 * gradient * gradient,
            epsilon, weightDecay, correction, rootCorrection);

    [PerTensor]
    private static void Trust(double learningRate, double parameterNorm, double updateNorm, out double length, out double divisor)
    {
        // The trust ratio as two numbers: the quotient itself overflows where the update is tiny.
        bool isScaled = parameterNorm > 0 && updateNorm > 0;
        length = isScaled ? learningRate * parameterNorm : learningRate;
        divisor = isScaled ? updateNorm : 1;
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State(IsNonNegative = true)] ref float secondMoment,
        float beta1, float beta2, float epsilon, float weightDecay,
        float weight1, float weight2, float correction, float rootCorrection, float length, float divisor)
    {
        firstMoment = beta1 * firstMoment + weight1 * gradient;
        secondMoment = beta2 * secondMoment + weight2 * gradient * gradient;
        float direction = Direction(parameter, firstMoment, secondMoment, epsilon, weightDecay, correction, rootCorrection);
        return parameter - length * (direction / divisor);
    }

    private static float Direction(
        float parameter, float firstMoment, float secondMoment, float epsilon, float weightDecay, float correction, float rootCorrection) =>
        firstMoment * correction / (MathF.Sqrt(secondMoment) * rootCorrection + epsilon) + weightDecay * parameter;
}
