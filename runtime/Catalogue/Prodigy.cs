namespace OptimGen;

/// <summary>
/// Prodigy: Adam that finds its learning rate. It estimates the distance d from the start to the solution, over all parameters together, from how well
/// the gradients agree with the way already gone.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> k = ηd²/d₀;
/// s ← β₃s + kg, β₃ = √β₂;
/// r ← β₃r + k⟨g, θ₀ − θ⟩;
/// m ← β₁m + (1−β₁)dg;
/// v ← β₂v + (1−β₂)(dg)²;
/// d' = max(d, c·r/‖s‖₁);
/// θ ← θ(1−ηdλ) − ηd·m/(√v + d'ε);
/// d ← d'</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; m is <c>firstMoment</c>, v <c>secondMoment</c>, s
/// <c>gradientSum</c>, θ₀ <c>start</c>; d and r are kept in double, and ⟨·,·⟩ and ‖·‖₁ are over all parameters; η is LearningRate, βᵢ Betaᵢ, d₀
/// InitialDistance, c DistanceCoefficient, ε Epsilon, λ WeightDecay.</para>
/// <para><b>Epsilon.</b> Outside of the root, in units of d.</para>
/// <para><b>Defaults.</b> η 1, which is a factor of the rate that is found and is best left to a schedule; β₁ 0.9, β₂ 0.999, d₀ 1e-6, c 1, ε 1e-8, λ
/// 0. To tune it, change c. Leave d₀ and the β as they are during a training, and the same for every group.</para>
/// <para><b>Differences.</b> As the authors' code with its defaults, so without Adam's bias correction, which optax always applies and the authors'
/// code on demand. Groups may differ in the learning rate. torch and Keras have no Prodigy.</para>
/// <para><b>Reference.</b> Mishchenko and Defazio, "Prodigy: an expeditiously adaptive parameter-free learner", 2023, arXiv:2306.06101, algorithm
/// 4</para>
/// </remarks>
[Optimizer(StorageKernels = true)]
public sealed partial class Prodigy
{
    /// <summary>η, the factor of the learning rate that is found. Initially 1.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1f;

    /// <summary>β₁, the weight of the past in the gradient's average; in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>β₂, the weight of the past in the mean square; in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>d₀, the first estimate of the distance, and better too small. Initially 1e-6.</summary>
    [Hyperparameter(Min = 0, MinIsExclusive = true)]
    public float InitialDistance { get; set; } = 1e-6f;

    /// <summary>c, the factor of later estimates of the distance. Initially 1.</summary>
    [Hyperparameter(Min = 0)]
    public float DistanceCoefficient { get; set; } = 1f;

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>λ, the decoupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep]
    private static void Prepare(
        long step, double learningRate, double beta1, double beta2, double initialDistance, double weightDecay, [State] ref double distance,
        out double beta3, out double weight1, out double weight2, out double sumWeight, out double stepSize, out double shrink)
    {
        distance = step == 1 ? initialDistance : distance;
        stepSize = learningRate * distance;
        beta3 = Math.Sqrt(beta2);
        weight1 = (1 - beta1) * distance;
        weight2 = (1 - beta2) * distance * distance;
        sumWeight = stepSize * distance / initialDistance;
        shrink = 1 - stepSize * weightDecay;
    }

    /// <summary>k⟨g, θ₀ − θ⟩: positive while the way gone is one that the gradients would go on.</summary>
    [Reduce(Reduction.Sum, ReductionScope.Global)]
    private static float Agreement(float parameter, float gradient, float start, float sumWeight) => sumWeight * gradient * (start - parameter);

    /// <summary>‖s‖₁ as it will be after the step.</summary>
    [Reduce(Reduction.Sum, ReductionScope.Global)]
    private static float SumNorm(float gradient, float gradientSum, float beta3, float sumWeight) => MathF.Abs(beta3 * gradientSum + sumWeight * gradient);

    [PerStep]
    private static void Estimate(
        double agreement, double sumNorm, double beta3, double distanceCoefficient, double epsilon,
        [State] ref double distance, [State] ref double numerator, out double scaledEpsilon)
    {
        numerator = beta3 * numerator + agreement;
        // Without any gradient so far there is nothing to learn from.
        distance = sumNorm > 0 ? Math.Max(distance, distanceCoefficient * numerator / sumNorm) : distance;
        scaledEpsilon = distance * epsilon;
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient,
        [State] ref float firstMoment,
        [State(IsNonNegative = true)] ref float secondMoment, [State] ref float gradientSum, [State(CopyOfParameter = true)] ref float start,
        float beta1, float beta2, float beta3, float weight1, float weight2, float sumWeight, float stepSize, float shrink, float scaledEpsilon)
    {
        firstMoment = beta1 * firstMoment + weight1 * gradient;
        secondMoment = beta2 * secondMoment + weight2 * gradient * gradient;
        gradientSum = beta3 * gradientSum + sumWeight * gradient;
        return parameter * shrink - stepSize * firstMoment / (MathF.Sqrt(secondMoment) + scaledEpsilon);
    }
}
