namespace OptimGen;

/// <summary>Adam with the exponentially weighted infinity norm in place of the root mean square.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, u ← max(β₂u, |g|), θ ← θ − η·m̂/(u + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m the average and u
/// the infinity norm of the gradient (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, m̂ = m/(1−β₁ᵗ). u needs no
/// correction.</para>
/// <para><b>Epsilon.</b> Added to u, after the maximum.</para>
/// <para><b>Defaults.</b> The paper's and torch's: η 2e-3, β₁ 0.9, β₂ 0.999, ε 1e-8.</para>
/// <para><b>Differences.</b> Keras has ε here (η 1e-3, ε 1e-7). torch and optax have it inside of the maximum, u ← max(β₂u, |g| + ε): a
/// difference of at most ε in a denominator that is |g| or more. The paper has none, and divides 0 by 0 where there has been no
/// gradient.</para>
/// <para><b>Reference.</b> Kingma and Ba, 2015, section 7.1, arXiv:1412.6980</para>
/// </remarks>
[Optimizer(LearningRate = 2e-3, StorageKernels = true, RowKernels = true), Ewa(0.9), InfinityNormalize(0.999, Epsilon = 1e-8), BiasCorrection]
public sealed partial class Adamax;
