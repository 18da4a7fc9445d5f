namespace OptimGen;

/// <summary>Divides the gradient by the root of its estimated variance.</summary>
/// <remarks>
/// <para><b>Update.</b> v ← β₂v + (1−β₂)g², a ← β₂a + (1−β₂)g, θ ← θ − η·g/(√max(v − a², 0) + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, v the mean square
/// and a the mean of the gradient (both from 0), β₂ <c>Beta2</c> (torch's <c>alpha</c>), ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> torch's: η 0.01, β₂ 0.99, ε 1e-8.</para>
/// <para><b>Differences.</b> torch does not clamp the variance at 0, below which rounding can carry it, and then gives NaN. Keras and
/// optax have ε inside. A gradient whose square overflows gives NaN here too, as infinity less infinity is: clip such gradients.</para>
/// <para><b>Reference.</b> Graves, 2013, Generating sequences with recurrent neural networks, arXiv:1308.0850</para>
/// </remarks>
[Optimizer(LearningRate = 1e-2, StorageKernels = true, RowKernels = true), RmsNormalize(0.99, Epsilon = 1e-8, Centered = true)]
public sealed partial class RmsPropCentered;
