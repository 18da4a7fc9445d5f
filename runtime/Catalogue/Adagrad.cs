namespace OptimGen;

/// <summary>Divides the gradient by the root of the sum of all its squares so far, so that the steps shorten as 1/√t.</summary>
/// <remarks>
/// <para><b>Update.</b> S ← S + g², θ ← θ − η·g/(√S + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, S the sum of squares
/// (from 0), ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> torch's: η 0.01, ε 1e-10, S from 0.</para>
/// <para><b>Differences.</b> torch's <c>lr_decay</c> is a schedule's business here. Keras and optax have ε inside, and S from 0.1: <see
/// cref="AdagradPreset"/>.</para>
/// <para><b>Reference.</b> Duchi, Hazan and Singer, 2011, Adaptive subgradient methods, JMLR 12</para>
/// </remarks>
[Optimizer(LearningRate = 1e-2, StorageKernels = true, RowKernels = true), AdagradNormalize(AdagradForm.Sum, Epsilon = 1e-10)]
public sealed partial class Adagrad;
