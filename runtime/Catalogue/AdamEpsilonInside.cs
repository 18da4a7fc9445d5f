namespace OptimGen;

/// <summary>Adam with ε inside of the root.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η·m̂/√(v̂ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, m̂ = m/(1−β₁ᵗ), v̂ =
/// v/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Inside of the root, so that √ε is what bounds the denominator: 1e-4 for ε 1e-8.</para>
/// <para><b>Defaults.</b> η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8.</para>
/// <para><b>Differences.</b> optax's <c>adam(eps=0, eps_root=ε)</c>. Its gradient through the step is finite at v̂ = 0, for which
/// meta-learning uses it. torch and Keras do not have it.</para>
/// <para><b>Reference.</b> Kingma and Ba, 2015, Adam: a method for stochastic optimization, arXiv:1412.6980</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8, EpsilonPlacement = EpsilonPlacement.InsideRoot), BiasCorrection]
public sealed partial class AdamEpsilonInside;
