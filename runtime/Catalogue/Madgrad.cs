namespace OptimGen;

/// <summary>
/// MADGRAD, a momentumized, adaptive, dual averaged gradient method: every point is the start less the sum of all gradients so far over the cube root of
/// the sum of their squares, both with weights that grow; the parameter moves there by a share.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> g ← g + λθ;
/// w = (η + ε)√t;
/// s ← s + wg;
/// S ← S + wg²;
/// z = θ₀ − s/(∛S + ε);
/// θ ← μθ + (1−μ)z</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1; s is <c>gradientSum</c>, S <c>squareSum</c>, θ₀
/// <c>start</c>; η is LearningRate, μ Momentum, ε Epsilon, λ WeightDecay.</para>
/// <para><b>Epsilon.</b> Outside of the cube root; and added to the learning rate, so that a rate of 0 leaves the sums not all 0.</para>
/// <para><b>Defaults.</b> η 1e-2, μ 0.9, ε 1e-6, λ 0.</para>
/// <para><b>Differences.</b> None from the authors' code; optax has the same rule and gives its weight decay decoupled on demand. torch.optim and
/// Keras have no MADGRAD. Its best learning rate and weight decay are not those of Adam or SGD; the paper often uses less of both.</para>
/// <para><b>Reference.</b> Defazio and Jelassi, "Adaptivity without compromise: a momentumized, adaptive, dual averaged gradient method for
/// stochastic optimization", 2021, arXiv:2101.11075, algorithm 1</para>
/// </remarks>
[Optimizer(RowKernels = true)]
public sealed partial class Madgrad
{
    /// <summary>η, the learning rate. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>μ, the share of the parameter that stays; in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Momentum { get; set; } = 0.9f;

    /// <summary>ε, what keeps the divisor from 0. Initially 1e-6.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-6f;

    /// <summary>λ, the coupled weight decay. Initially 0.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; }

    [PerStep]
    private static void Prepare(long step, double learningRate, double momentum, double epsilon, out double weight, out double share)
    {
        weight = (learningRate + epsilon) * Math.Sqrt(step);
        share = 1 - momentum;
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float gradientSum,
        [State(IsNonNegative = true)] ref float squareSum, [State(CopyOfParameter = true)] ref float start,
        float epsilon, float weightDecay, float weight, float share)
    {
        float decayed = gradient + weightDecay * parameter;
        gradientSum += weight * decayed;
        squareSum += weight * decayed * decayed;
        float point = start - gradientSum / (RuleMath.Cbrt(squareSum) + epsilon);
        return parameter + share * (point - parameter);
    }
}
