namespace OptimGen;

/// <summary>
/// ADOPT: Adam with the mean square of the steps before, so that gradient and divisor are independent, and with the normalization before the
/// momentum. It converges for any β₂.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> t = 1: v ← g²; θ stays;
/// t ≥ 2: n = clamp(g / max(√v, ε), ±(t−1)^¼);
/// m ← β₁m + (1−β₁)n;
/// θ ← θ(1−ηλ) − ηm;
/// v ← β₂v + (1−β₂)g²</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m is <c>firstMoment</c>, v <c>secondMoment</c>; η is
/// LearningRate, βᵢ Betaᵢ, ε Epsilon, λ WeightDecay.</para>
/// <para><b>Epsilon.</b> The smallest value of the root, √v of the step before.</para>
/// <para><b>Defaults.</b> η 1e-3, β₁ 0.9, β₂ 0.9999, ε 1e-6, λ 0.</para>
/// <para><b>Differences.</b> None from optax and the authors' code; torch has no ADOPT. The first step only measures: neither the gradient nor weight
/// decay moves a parameter.</para>
/// <para><b>Reference.</b> Taniguchi et al., "ADOPT: modified Adam can converge with any β₂ with the optimal rate", 2024, arXiv:2411.02853, with the
/// clipping of its second version</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Adopt
{
    /// <summary>η, the learning rate. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>β₁, the weight of the past in the average of normalized gradients; in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>β₂, the weight of the past in the mean square; in [0, 1). Initially 0.9999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.9999f;

    /// <summary>ε, the smallest divisor. Initially 1e-6.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-6f;

    /// <summary>λ, the decoupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double beta1, double beta2, double weightDecay,
        out bool first, out double weight1, out double weight2, out double limit, out double shrink)
    {
        first = step == 1;
        (weight1, weight2) = (1 - beta1, 1 - beta2);
        // The fourth root by two square roots, which are correctly rounded everywhere.
        limit = Math.Sqrt(Math.Sqrt(step - 1));
        shrink = 1 - learningRate * weightDecay;
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State(IsNonNegative = true)] ref float secondMoment,
        float learningRate, float beta1, float beta2, float epsilon, bool first, float weight1, float weight2, float limit, float shrink)
    {
        if (first)
        {
            secondMoment = gradient * gradient;
            return parameter;
        }

        float normalized = gradient / MathF.Max(MathF.Sqrt(secondMoment), epsilon);
        firstMoment = beta1 * firstMoment + weight1 * Math.Clamp(normalized, -limit, limit);
        secondMoment = beta2 * secondMoment + weight2 * gradient * gradient;
        return parameter * shrink - learningRate * firstMoment;
    }
}
