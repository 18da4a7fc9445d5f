using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Adam with Nesterov's momentum, and a momentum that warms up.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·((1−μₜ)g/(1−Pₜ) + μₜ₊₁m/(1−Pₜμₜ₊₁))/(√v̂ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, ψ <c>MomentumDecay</c>, μₜ = β₁(1
/// − ½·0.96^(tψ)), Pₜ = μ₁·…·μₜ (one number for all elements), v̂ = v/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the corrected v̂.</para>
/// <para><b>Defaults.</b> torch's: η 2e-3, β₁ 0.9, β₂ 0.999, ε 1e-8, ψ 0.004.</para>
/// <para><b>Differences.</b> torch's, whose m keeps the constant β₁, as here. Keras has ψ 1, η 1e-3 and ε 1e-7: set them. optax has no
/// schedule: <c>[Ewa(0.9, Nesterov = true), RmsNormalize(0.999), BiasCorrection]</c> declares its <c>nadam</c>.</para>
/// <para><b>Reference.</b> Dozat, 2016, Incorporating Nesterov momentum into Adam</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class NAdam
{
    /// <summary>The learning rate η, not negative. Initially 2e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 2e-3f;

    /// <summary>The weight of the past in the gradient's average, β₁ in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>The weight of the past in the average of its square, β₂ in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>The ε that keeps the denominator from 0, outside of the root; not negative. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    /// <summary>How fast the momentum warms up, ψ, not negative: μₜ = β₁(1 − ½·0.96^(tψ)). Initially 0.004.</summary>
    [Hyperparameter(Min = 0)]
    public float MomentumDecay { get; set; } = 0.004f;

    [PerStep]
    private static void Schedule(
        long step, double learningRate, double beta1, double beta2, double momentumDecay, [State(InitialValue = 1)] ref double momentumProduct,
        out double oneMinusBeta1, out double oneMinusBeta2, out double rootScale, out double gradientStep, out double momentStep)
    {
        double now = beta1 * (1 - 0.5 * RuleMath.Pow(0.96, step * momentumDecay));
        double next = beta1 * (1 - 0.5 * RuleMath.Pow(0.96, (step + 1) * momentumDecay));
        momentumProduct *= now;
        oneMinusBeta1 = 1 - beta1;
        oneMinusBeta2 = 1 - beta2;
        rootScale = 1 / Math.Sqrt(1 - StepMath.Power(beta2, step));
        gradientStep = learningRate * (1 - now) / (1 - momentumProduct);
        momentStep = learningRate * next / (1 - momentumProduct * next);
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State(IsNonNegative = true)] ref float secondMoment,
        float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float rootScale, float gradientStep, float momentStep, float epsilon)
    {
        firstMoment = beta1 * firstMoment + oneMinusBeta1 * gradient;
        secondMoment = beta2 * secondMoment + oneMinusBeta2 * gradient * gradient;
        float step = gradientStep * gradient + momentStep * firstMoment;
        return parameter - step / (MathF.Sqrt(secondMoment) * rootScale + epsilon);
    }
}
