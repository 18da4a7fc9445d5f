namespace OptimGen;

/// <summary>Plain gradient descent, stochastic when the gradient is that of a mini-batch.</summary>
/// <remarks>
/// <para><b>Update.</b> g ← g + λθ, θ ← θ − η·g</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, λ
/// <c>WeightDecay</c>, coupled: the gradient of λ/2·‖θ‖².</para>
/// <para><b>Epsilon.</b> There is none; nothing is divided.</para>
/// <para><b>Defaults.</b> η 1e-3 as in torch; λ 0. The step is bound by memory, so the multiply-add of a λ that is 0 costs nothing that
/// can be measured.</para>
/// <para><b>Differences.</b> None to torch and optax. Keras has η 0.01. Momentum is a class of its own: <see cref="HeavyBall"/>, <see
/// cref="Nesterov"/>, <see cref="Momentum"/>.</para>
/// <para><b>Reference.</b> Robbins and Monro, 1951, A stochastic approximation method</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), WeightDecay(0)]
public sealed partial class Sgd;
