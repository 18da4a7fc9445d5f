using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Adam whose step is rectified for the variance of its second moment in the first steps, and which has none while that is unbounded.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·r·√(1−β₂ᵗ)·m̂/(√v + ε), or θ ← θ − η·m̂ while ρₜ ≤ 5</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, m̂ = m/(1−β₁ᵗ), ρ∞ = 2/(1−β₂) −
/// 1, ρₜ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ), r = √((ρₜ−4)(ρₜ−2)ρ∞/((ρ∞−4)(ρ∞−2)ρₜ)).</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the uncorrected v.</para>
/// <para><b>Defaults.</b> torch's: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8. The first five steps are then without a second moment.</para>
/// <para><b>Differences.</b> torch's. optax adds ε to the corrected root, and rectifies from ρₜ = 5 on.</para>
/// <para><b>Reference.</b> Liu et al., 2020, On the variance of the adaptive learning rate and beyond, arXiv:1908.03265</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class RAdam
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

    /// <summary>The ε that keeps the denominator from 0, outside of the root; not negative. Initially 1e-8.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-8f;

    [PerStep]
    private static void Rectify(
        long step, double learningRate, double beta1, double beta2,
        out double oneMinusBeta1, out double oneMinusBeta2, out bool rectified, out double stepSize)
    {
        oneMinusBeta1 = 1 - beta1;
        oneMinusBeta2 = 1 - beta2;
        double power = StepMath.Power(beta2, step);
        double longest = 2 / (1 - beta2) - 1;
        double length = longest - 2 * step * power / (1 - power);
        rectified = length > 5;
        stepSize = learningRate / (1 - StepMath.Power(beta1, step));
        if (rectified)
        {
            double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            stepSize *= rectification * Math.Sqrt(1 - power);
        }
    }

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float firstMoment, [State(IsNonNegative = true)] ref float secondMoment,
        float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, bool rectified, float stepSize, float epsilon)
    {
        firstMoment = beta1 * firstMoment + oneMinusBeta1 * gradient;
        secondMoment = beta2 * secondMoment + oneMinusBeta2 * gradient * gradient;
        return rectified ? parameter - stepSize * firstMoment / (MathF.Sqrt(secondMoment) + epsilon) : parameter - stepSize * firstMoment;
    }
}
