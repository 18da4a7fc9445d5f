namespace OptimGen;

/// <summary>Steps by the sign of the gradient's average.</summary>
/// <remarks>
/// <para><b>Update.</b> m ← β₁m + (1−β₁)g, θ ← θ − η·sign(m)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m the average of the
/// gradient (from 0), β₁ <c>Beta1</c>; sign(0) = 0. With β₁ = 0 it is signSGD.</para>
/// <para><b>Epsilon.</b> There is none; nothing is divided.</para>
/// <para><b>Defaults.</b> The paper's: η 1e-4, β₁ 0.9.</para>
/// <para><b>Differences.</b> optax's <c>signum</c>. A bias correction would not change a sign, so there is none. torch and Keras do not
/// have it.</para>
/// <para><b>Reference.</b> Bernstein et al., 2018, signSGD, arXiv:1802.04434</para>
/// </remarks>
[Optimizer(LearningRate = 1e-4, StorageKernels = true, RowKernels = true), Ewa(0.9), SignUpdate]
public sealed partial class Signum;
