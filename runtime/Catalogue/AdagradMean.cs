namespace OptimGen;

/// <summary>Divides the gradient by the root of the mean of all its squares so far: Adagrad whose steps do not shorten.</summary>
/// <remarks>
/// <para><b>Update.</b> S ← S + g², θ ← θ − η·g/(√(S/t) + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, S the sum of squares
/// (from 0), ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Outside of the root.</para>
/// <para><b>Defaults.</b> η 0.01, ε 1e-10.</para>
/// <para><b>Differences.</b> It is <see cref="Adagrad"/> with η·√t in place of η, apart from ε, and <see cref="RmsProp"/> with an average
/// that forgets nothing. torch, optax and Keras do not have it.</para>
/// <para><b>Reference.</b> Duchi, Hazan and Singer, 2011, with the mean for the sum</para>
/// </remarks>
[Optimizer(LearningRate = 1e-2, StorageKernels = true, RowKernels = true), AdagradNormalize(AdagradForm.Mean, Epsilon = 1e-10)]
public sealed partial class AdagradMean;
