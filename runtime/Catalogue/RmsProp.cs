namespace OptimGen;

/// <summary>Divides the gradient by the root of its mean square, with ε outside of the root.</summary>
/// <remarks>
/// <para><b>Update.</b> v ← β₂v + (1−β₂)g², θ ← θ − η·g/(√v + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, v the mean square
/// (from 0), β₂ <c>Beta2</c> (torch's <c>alpha</c>, Keras's <c>rho</c>), ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> torch's: η 0.01, β₂ 0.99, ε 1e-8.</para>
/// <para><b>Differences.</b> torch has ε here; Keras and optax have it inside: <see cref="RmsPropEpsilonInside"/>. <see
/// cref="RmsPropPreset"/> has each. No bias correction, as in all three; optax has an option for it.</para>
/// <para><b>Reference.</b> Tieleman and Hinton, 2012, Lecture 6.5</para>
/// </remarks>
[Optimizer(LearningRate = 1e-2, StorageKernels = true, RowKernels = true), RmsNormalize(0.99, Epsilon = 1e-8)]
public sealed partial class RmsProp;
