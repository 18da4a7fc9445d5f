using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Decoupled weight decay, and Adam with ε beside the uncorrected root: Keras's AdamW.</summary>
/// <remarks>
/// <para><b>Update.</b> θ ← θ·(1−ηλ), m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, λ <c>WeightDecay</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the uncorrected v; see <see cref="AdamEpsilonHat"/>.</para>
/// <para><b>Defaults.</b> Keras's: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-7, λ 0.004.</para>
/// <para><b>Differences.</b> Keras. torch's and optax's: <see cref="AdamW"/>.</para>
/// <para><b>Reference.</b> Loshchilov and Hutter, 2019, Decoupled weight decay regularization, arXiv:1711.05101</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class AdamWEpsilonHat
{
    /// <summary>The learning rate η, not negative. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    /// <summary>The coefficient λ of decoupled weight decay, which the moments do not see; not negative. Initially 0.004.</summary>
    [Hyperparameter(Min = 0)]
    public float WeightDecay { get; set; } = 0.004f;

    [PerStep]
    private static void Correct(
        long step, double learningRate, double weightDecay, double beta1, double beta2, out double stepSize, out double shrinkage)
    {
        stepSize = learningRate * Math.Sqrt(1 - StepMath.Power(beta2, step)) / (1 - StepMath.Power(beta1, step));
        shrinkage = learningRate * weightDecay;
    }

    [UpdateRule]
    private static float Update(
        float parameter, [Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-7)] float direction, float stepSize, float shrinkage) =>
        parameter - shrinkage * parameter - stepSize * direction;
}
