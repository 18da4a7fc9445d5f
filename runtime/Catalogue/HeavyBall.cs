namespace OptimGen;

/// <summary>
/// Gradient descent with heavy-ball momentum: a decaying sum of the gradients. This is what torch's <c>SGD(momentum=μ)</c> computes.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> g ← g + λθ, b ← μb + g, θ ← θ − η·b</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, b the buffer (from
/// 0), μ <c>Momentum</c>, λ <c>WeightDecay</c>, coupled.</para>
/// <para><b>Epsilon.</b> There is none; nothing is divided.</para>
/// <para><b>Defaults.</b> η 1e-3 as in torch, μ 0.9, λ 0.</para>
/// <para><b>Differences.</b> None to torch's SGD with <c>momentum</c> and optax's <c>sgd</c>. Keras multiplies by η before the buffer,
/// m ← μm − η·g: the same while η is constant; when η changes, its buffer still has gradients scaled by the old one.</para>
/// <para><b>Reference.</b> Polyak, 1964, Some methods of speeding up the convergence of iteration methods</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), HeavyBall(0.9), WeightDecay(0)]
public sealed partial class HeavyBall;
