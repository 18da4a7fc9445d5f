using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Adan, adaptive Nesterov momentum: the gradient's average, corrected by the average of its change, over the root of the mean square of the
/// gradient that the change extrapolates.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> d = g − gₜ₋₁ (0 at t = 1);
/// m ← β₁m + (1−β₁)g;
/// v ← β₂v + (1−β₂)d;
/// n ← β₃n + (1−β₃)(g + β₂d)²;
/// θ ← (θ − η(m/(1−β₁ᵗ) + β₂·v/(1−β₂ᵗ)) / (√(n/(1−β₃ᵗ)) + ε)) / (1 + ηλ)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m is <c>firstMoment</c>, v <c>differenceMoment</c>, n
/// <c>secondMoment</c>, gₜ₋₁ <c>previousGradient</c>; η is LearningRate, βᵢ Betaᵢ, ε Epsilon, λ WeightDecay.</para>
/// <para><b>Epsilon.</b> Outside of the root, after bias correction.</para>
/// <para><b>Defaults.</b> η 1e-3, β₁ 0.98, β₂ 0.92, β₃ 0.99, ε 1e-8, λ 0.</para>
/// <para><b>Differences.</b> optax weighs the change by 1−β₂ where the paper, in these names, has β₂, and adds 1e-8 under the root too. torch has no
/// Adan. The division by 1 + ηλ is the paper's proximal decay; the authors' <c>no_prox</c> multiplies by 1−ηλ before the step.</para>
/// <para><b>Reference.</b> Xie, Zhou, Li, Lin and Yan, "Adan: adaptive Nesterov momentum algorithm for faster optimizing deep models", 2022,
/// arXiv:2208.06677. The paper calls 1−β what is β here; its authors' code has the names and values used here</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Adan
{
    /// <summary>η, the learning rate. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>β₁, the weight of the past in the gradient's average; in [0, 1). Initially 0.98.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.98f;

    /// <summary>β₂, the weight of the past in the average of the gradient's change; in [0, 1). Initially 0.92.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.92f;

    /// <summary>β₃, the weight of the past in the mean square; in [0, 1). Initially 0.99.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta3 { get; set; } = 0.99f;

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>λ, the decoupled, proximal weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double beta1, double beta2, double beta3, double weightDecay,
        out bool first, out double weight1, out double weight2, out double weight3,
        out double stepSize, out double differenceStepSize, out double rootCorrection, out double shrink)
    {
        first = step == 1;
        (weight1, weight2, weight3) = (1 - beta1, 1 - beta2, 1 - beta3);
        stepSize = learningRate / (1 - StepMath.Power(beta1, step));
        differenceStepSize = learningRate * beta2 / (1 - StepMath.Power(beta2, step));
        rootCorrection = 1 / Math.Sqrt(1 - StepMath.Power(beta3, step));
        shrink = 1 / (1 + learningRate * weightDecay);
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient,
        [State] ref float firstMoment, [State] ref float differenceMoment,
        [State(IsNonNegative = true)] ref float secondMoment, [State] ref float previousGradient,
        float beta1, float beta2, float beta3, float epsilon,
        bool first, float weight1, float weight2, float weight3, float stepSize, float differenceStepSize, float rootCorrection, float shrink)
    {
        float difference = first ? 0 : gradient - previousGradient;
        float extrapolated = gradient + beta2 * difference;
        firstMoment = beta1 * firstMoment + weight1 * gradient;
        differenceMoment = beta2 * differenceMoment + weight2 * difference;
        secondMoment = beta3 * secondMoment + weight3 * extrapolated * extrapolated;
        previousGradient = gradient;
        float direction = stepSize * firstMoment + differenceStepSize * differenceMoment;
        return (parameter - direction / (MathF.Sqrt(secondMoment) * rootCorrection + epsilon)) * shrink;
    }
}
