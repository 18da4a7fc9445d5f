using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// AdEMAMix: Adam with a second, far slower average of the gradient beside the first, which keeps what gradients of tens of thousands of steps ago
/// have told.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> m₁ ← β₁m₁ + (1−β₁)g;
/// m₂ ← β₃ₜm₂ + (1−β₃ₜ)g;
/// v ← β₂v + (1−β₂)g²;
/// θ ← θ − η((m₁/(1−β₁ᵗ) + αₜm₂) / (√(v/(1−β₂ᵗ)) + ε) + λθ);
/// αₜ = α·min(t/Tα, 1);
/// β₃ₜ = exp(1 / ((1−t/Tβ)/ln β₁ + (t/Tβ)/ln β₃)) while t &lt; Tβ, then β₃</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m₁ is <c>firstMoment</c>, m₂ <c>slowMoment</c>, v
/// <c>secondMoment</c>; η is LearningRate, βᵢ Betaᵢ, α Alpha, Tα AlphaWarmup, Tβ Beta3Warmup, ε Epsilon, λ WeightDecay. A warm-up of 0 steps is none:
/// αₜ = α, β₃ₜ = β₃.</para>
/// <para><b>Epsilon.</b> Outside of the root, after bias correction. The slow average is not corrected.</para>
/// <para><b>Defaults.</b> η 1e-3, β₁ 0.9, β₂ 0.999, β₃ 0.9999, α 5, Tα 0, Tβ 0, ε 1e-8, λ 0. For a long training the paper sets both warm-ups to its
/// number of steps.</para>
/// <para><b>Differences.</b> The authors' code has α 2 and a schedule of β₃ that is linear in the half-life less one step, which agrees with this one
/// up to the order of 1−β₁; optax takes schedules from the user. torch has no AdEMAMix.</para>
/// <para><b>Reference.</b> Pagliardini, Ablin and Grangier, "The AdEMAMix optimizer: better, faster, older", 2024, arXiv:2409.03137, with the
/// schedules of its section 3</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class AdEMAMix
{
    /// <summary>η, the learning rate. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>β₁, the weight of the past in the fast average; in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>β₂, the weight of the past in the mean square; in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>β₃, the weight of the past in the slow average; in (0, 1). Initially 0.9999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MinIsExclusive = true, MaxIsExclusive = true)]
    public float Beta3 { get; set; } = 0.9999f;

    /// <summary>α, the share of the slow average. Initially 5.</summary>
    [Hyperparameter(Min = 0)]
    public float Alpha { get; set; } = 5f;

    /// <summary>Tα, the number of steps over which α grows from 0; 0 for none. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float AlphaWarmup { get; set; }

    /// <summary>Tβ, the number of steps over which β₃ grows from β₁; 0 for none. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float Beta3Warmup { get; set; }

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>λ, the decoupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double beta1, double beta2, double beta3, double alpha, double alphaWarmup, double beta3Warmup, double weightDecay,
        out double weight1, out double weight2, out double slowBeta, out double slowWeight, out double slowShare,
        out double correction, out double rootCorrection, out double shrink)
    {
        (weight1, weight2) = (1 - beta1, 1 - beta2);
        slowShare = step < alphaWarmup ? alpha * step / alphaWarmup : alpha;
        slowBeta = step < beta3Warmup ? WarmedUp(step / beta3Warmup, beta1, beta3) : beta3;
        slowWeight = 1 - slowBeta;
        correction = 1 / (1 - StepMath.Power(beta1, step));
        rootCorrection = 1 / Math.Sqrt(1 - StepMath.Power(beta2, step));
        shrink = 1 - learningRate * weightDecay;
    }

    /// <summary>The β whose 1/ln β, and so its memory, lies that part of the way from β₁'s to β₃'s.</summary>
    private static double WarmedUp(double part, double beta1, double beta3) =>
        Math.Min(RuleMath.Exp(1 / ((1 - part) / RuleMath.Log(beta1) + part / RuleMath.Log(beta3))), beta3);

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State] ref float slowMoment,
        [State(IsNonNegative = true)] ref float secondMoment,
        float learningRate, float beta1, float beta2, float epsilon,
        float weight1, float weight2, float slowBeta, float slowWeight, float slowShare, float correction, float rootCorrection, float shrink)
    {
        firstMoment = beta1 * firstMoment + weight1 * gradient;
        slowMoment = slowBeta * slowMoment + slowWeight * gradient;
        secondMoment = beta2 * secondMoment + weight2 * gradient * gradient;
        float mixed = firstMoment * correction + slowShare * slowMoment;
        return parameter * shrink - learningRate * mixed / (MathF.Sqrt(secondMoment) * rootCorrection + epsilon);
    }
}
