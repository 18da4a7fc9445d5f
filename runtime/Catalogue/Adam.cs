namespace OptimGen;

/// <summary>Steps along the gradient's average over the root of the average of its square, both corrected for starting at 0.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·m̂/(√v̂ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, m̂ = m/(1−β₁ᵗ), v̂ =
/// v/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the corrected v̂.</para>
/// <para><b>Defaults.</b> The paper's and torch's: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8.</para>
/// <para><b>Differences.</b> torch's and optax's Adam. Keras adds ε to the uncorrected root: <see cref="AdamEpsilonHat"/>. optax's
/// <c>eps_root</c> is <see cref="AdamEpsilonInside"/>. <see cref="AdamPreset"/> has each framework's. torch's <c>weight_decay</c>,
/// coupled, is a <c>[WeightDecay]</c> beside these attributes; decoupled, it is <see cref="AdamW"/>.</para>
/// <para><b>Reference.</b> Kingma and Ba, 2015, Adam: a method for stochastic optimization, arXiv:1412.6980</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8), BiasCorrection]
public sealed partial class Adam;
