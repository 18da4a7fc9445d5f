namespace OptimGen;

/// <summary>Adam with decoupled weight decay, which the averages do not see.</summary>
/// <remarks>
/// <para><b>Update.</b> θ ← θ·(1−ηλ), m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·m̂/(√v̂ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, λ <c>WeightDecay</c>, m̂ =
/// m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the corrected v̂.</para>
/// <para><b>Defaults.</b> torch's: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8, λ 0.01.</para>
/// <para><b>Differences.</b> torch decays before the step, as here; optax adds λθ to the direction, which is the same but for rounding,
/// and has λ 1e-4. Keras has λ 0.004 and ε beside the uncorrected root: <see cref="AdamWEpsilonHat"/>. The paper's λ is not scaled by η
/// but by a schedule of its own. <see cref="AdamWPreset"/> has each framework's.</para>
/// <para><b>Reference.</b> Loshchilov and Hutter, 2019, Decoupled weight decay regularization, arXiv:1711.05101</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8), BiasCorrection, DecoupledWeightDecay(1e-2)]
public sealed partial class AdamW;
