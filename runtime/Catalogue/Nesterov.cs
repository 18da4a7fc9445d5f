namespace OptimGen;

/// <summary>Gradient descent with Nesterov's momentum: the buffer of <see cref="HeavyBall"/> one step ahead.</summary>
/// <remarks>
/// <para><b>Update.</b> g ← g + λθ, b ← μb + g, θ ← θ − η·(g + μb)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, b the buffer (from
/// 0), μ <c>Momentum</c>, λ <c>WeightDecay</c>, coupled.</para>
/// <para><b>Epsilon.</b> There is none; nothing is divided.</para>
/// <para><b>Defaults.</b> η 1e-3 as in torch, μ 0.9, λ 0.</para>
/// <para><b>Differences.</b> None to torch's SGD with <c>nesterov</c> and optax's. Keras multiplies by η before the buffer, which differs
/// when η changes.</para>
/// <para><b>Reference.</b> Sutskever et al., 2013, On the importance of initialization and momentum in deep learning; Nesterov,
/// 1983</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), HeavyBall(0.9, Nesterov = true), WeightDecay(0)]
public sealed partial class Nesterov;
