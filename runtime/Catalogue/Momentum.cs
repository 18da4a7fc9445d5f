namespace OptimGen;

/// <summary>
/// Gradient descent with momentum in the form of an average: it steps along the exponentially weighted average (EWA, also called exponential moving
/// average, EMA) of the gradient. What torch calls momentum is <see cref="HeavyBall"/>.
/// </summary>
/// <remarks>
/// <para><b>Update.</b> g ← g + λθ, m ← β₁m + (1−β₁)g, θ ← θ − η·m</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, m the average (from
/// 0), β₁ <c>Beta1</c>, λ <c>WeightDecay</c>, coupled.</para>
/// <para><b>Epsilon.</b> There is none; nothing is divided.</para>
/// <para><b>Defaults.</b> η 0.01, β₁ 0.9, λ 0.</para>
/// <para><b>Differences.</b> This is <see cref="HeavyBall"/> with η scaled by 1−β₁, so that η does not have to change with β₁. torch's
/// <c>SGD(momentum=β₁, dampening=β₁)</c> has the same recurrence but another start: its first average is g₁, here it is (1−β₁)g₁. optax has it as
/// <c>ema(debias=False)</c> before a step. There is no bias correction: the first steps are short.</para>
/// <para><b>Reference.</b> Polyak, 1964, Some methods of speeding up the convergence of iteration methods</para>
/// </remarks>
[Optimizer(LearningRate = 1e-2, StorageKernels = true, RowKernels = true), Ewa(0.9), WeightDecay(0)]
public sealed partial class Momentum;
