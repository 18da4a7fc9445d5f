namespace OptimGen;

/// <summary>Adam that divides by the root of the largest second moment so far, so that no step grows because a large gradient was forgotten.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← max(w, v), θ ← θ − η·m̂/(√ŵ + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m and v the averages
/// of the gradient and of its square (both from 0), β₁ <c>Beta1</c>, β₂ <c>Beta2</c>, ε <c>Epsilon</c>, w the largest v so far (from 0),
/// m̂ = m/(1−β₁ᵗ), ŵ = w/(1−β₂ᵗ).</para>
/// <para><b>Epsilon.</b> Outside of the root, which is taken of the corrected ŵ.</para>
/// <para><b>Defaults.</b> torch's: η 1e-3, β₁ 0.9, β₂ 0.999, ε 1e-8.</para>
/// <para><b>Differences.</b> torch's <c>Adam(amsgrad=True)</c>. Keras takes the largest v too, but adds ε to its uncorrected root. optax
/// takes the largest of the corrected v̂. The paper corrects nothing and has no ε.</para>
/// <para><b>Reference.</b> Reddi, Kale and Kumar, 2018, On the convergence of Adam and beyond, arXiv:1904.09237</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), Ewa(0.9), RmsNormalize(0.999, Epsilon = 1e-8, AmsGrad = true), BiasCorrection]
public sealed partial class AmsGrad;
