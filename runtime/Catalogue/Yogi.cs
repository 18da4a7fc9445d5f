using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Adam whose second moment moves towards the square by a share of the square, so that it falls slowly after a large gradient.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← v − (1−β₂)·sign(v − g²)·g², θ ← θ − η·m̂/(√v̂ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the first
/// and the second moment (both from 1e-6), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the corrected v̂.</para>
/// <para><b>Defaults.</b> The paper's: η 0.01, β₁ 0.9, β₂ 0.999, ε 1e-3.</para>
/// <para><b>Differences.</b> optax's, which corrects for the bias, as the paper's algorithm does not, and starts m and v at 1e-6, as its
/// authors' code does; so an element without a gradient still moves a little at first. torch and Keras do not have it.</para>
/// <para><b>Reference.</b> Zaheer et al., 2018, Adaptive methods for nonconvex optimization, NeurIPS 31</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class Yogi
{
    /// <summary>The learning rate η, not negative. Initially 1e-2.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-2f;

    /// <summary>The weight of the past in the gradient's average, β₁ in [0, 1). Initially 0.9.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta1 { get; set; } = 0.9f;

    /// <summary>The weight of the past in the average of its square, β₂ in [0, 1). Initially 0.999.</summary>
    [Hyperparameter(Min = 0, Max = 1, MaxIsExclusive = true)]
    public float Beta2 { get; set; } = 0.999f;

    /// <summary>The ε that keeps the denominator from 0, outside of the root; not negative. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float Epsilon { get; set; } = 1e-3f;

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
        float parameter, float gradient, [State(InitialValue = 1e-6)] ref float firstMoment, [State(InitialValue = 1e-6, IsNonNegative = true)] ref float secondMoment,
        float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2, float stepSize, float rootScale, float epsilon)
    {
        firstMoment = beta1 * firstMoment + oneMinusBeta1 * gradient;
        float square = gradient * gradient;
        // v − (1 − β₂)·sign(v − g²)·g², written so that it is a number even where g² overflows.
        secondMoment = square > secondMoment ? secondMoment + oneMinusBeta2 * square
            : square < secondMoment ? secondMoment - oneMinusBeta2 * square
            : secondMoment;
        return parameter - stepSize * firstMoment / (MathF.Sqrt(secondMoment) * rootScale + epsilon);
    }
}
