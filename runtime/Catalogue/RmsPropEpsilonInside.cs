namespace OptimGen;

/// <summary>Divides the gradient by the root of its mean square, with ε inside of the root.</summary>
/// <remarks>
/// <para><b>Update.</b> v ← β₂v + (1−β₂)g², θ ← θ − η·g/√(v + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, v the mean square
/// (from 0), β₂ <c>Beta2</c> (torch's <c>alpha</c>, Keras's <c>rho</c>), ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Inside of the root, so that √ε is what bounds the denominator: 3e-4 for ε 1e-7.</para>
/// <para><b>Defaults.</b> Keras's: η 1e-3, β₂ 0.9, ε 1e-7.</para>
/// <para><b>Differences.</b> Keras and TensorFlow; optax with ε 1e-8. torch has ε outside: <see cref="RmsProp"/>.</para>
/// <para><b>Reference.</b> Tieleman and Hinton, 2012, Lecture 6.5</para>
/// </remarks>
[Optimizer(LearningRate = 1e-3, StorageKernels = true, RowKernels = true), RmsNormalize(0.9, Epsilon = 1e-7, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
public sealed partial class RmsPropEpsilonInside;
