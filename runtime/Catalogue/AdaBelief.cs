using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Adam that divides by how far gradients are from their average: long steps where the gradient is as expected.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, s ← β₂s + (1−β₂)(g − m)² + ε, θ ← θ − η·m̂/(√ŝ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m the average of the
/// gradient and s its mean square deviation from it (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, m̂ = m/(1−β₁ᵗ), ŝ
/// = s/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Twice: added to s at every step, where it stays, and outside of the root of the corrected ŝ.</para>
/// <para><b>Defaults.</b> Those of the authors' package and of optax: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-16. The paper has ε 1e-8, which is
/// large inside of the root.</para>
/// <para><b>Differences.</b> optax's, with <c>eps</c> = <c>eps_root</c>. torch and Keras do not have it.</para>
/// <para><b>Reference.</b> Zhuang et al., 2020, AdaBelief optimizer, arXiv:2010.07468</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class AdaBelief
{
    /// <summary>The learning rate η, not negative. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>The weight of the past in the gradient's average, β₁ in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>The weight of the past in the average of its square, β₂ in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>The ε that keeps the denominator from 0, added to s and to its root; not negative. Initially 1e-16.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-16f;

    [PerStep]
    private static void Correct(
        long step, double learningRate, double beta1, double beta2,
        out double oneMinusBeta1, out double oneMinusBeta2, out double stepSize, out double rootScale)
    {
        oneMinusBeta1 = 1 - beta1;
        oneMinusBeta2 = 1 - beta2;
        stepSize = learningRate / (1 - StepMath.Power(beta1, step));
        rootScale = 1 / Math.Sqrt(1 - StepMath.Power(beta2, step));
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State(IsNonNegative = true)] ref float deviation,
        float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float stepSize, float rootScale, float epsilon)
    {
        firstMoment = beta1 * firstMoment + oneMinusBeta1 * gradient;
        float surprise = gradient - firstMoment;
        deviation = beta2 * deviation + oneMinusBeta2 * surprise * surprise + epsilon;
        return parameter - stepSize * firstMoment / (MathF.Sqrt(deviation) * rootScale + epsilon);
    }
}
