using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Adam with ε beside the uncorrected root: the paper's ε̂, and Keras's Adam.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the uncorrected v. It is <see cref="Adam"/> with ε/√(1−β₂ᵗ) for ε: at the
/// first step 32 times as much for β₂ 0.999.</para>
/// <para><b>Defaults.</b> Keras's: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-7.</para>
/// <para><b>Differences.</b> Keras, TensorFlow, and torch's SparseAdam (ε 1e-8). torch's Adam and optax's: <see cref="Adam"/>.</para>
/// <para><b>Reference.</b> Kingma and Ba, 2015, section 2, arXiv:1412.6980</para>
/// </remarks>
[Optimizer(StorageKernels = true, RowKernels = true)]
public sealed partial class AdamEpsilonHat
{
    /// <summary>The learning rate η, not negative. Initially 1e-3.</summary>
    [Hyperparameter(Min = 0)]
    public float LearningRate { get; set; } = 1e-3f;

    [PerStep]
    private static void Correct(long step, double learningRate, double beta1, double beta2, out double stepSize) =>
        stepSize = learningRate * Math.Sqrt(1 - StepMath.Power(beta2, step)) / (1 - StepMath.Power(beta1, step));

    [UpdateRule]
    private static float Update(float parameter, [Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-7)] float direction, float stepSize) =>
        parameter - stepSize * direction;
}
