namespace OptimGen;

/// <summary>Divides the gradient by the root of the sum of all its squares so far, with ε inside of the root.</summary>
/// <remarks>
/// <para><b>Update.</b> S ← S + g², θ ← θ − η·g/√(S + ε)</para>
/// <para><b>Symbols.</b> θ is the parameter, g its gradient, t the number of the step from 1, η <c>LearningRate</c>, S the sum of squares
/// (from 0), ε <c>Epsilon</c>.</para>
/// <para><b>Epsilon.</b> Inside of the root.</para>
/// <para><b>Defaults.</b> torch's η 0.01; ε 1e-7 as in Keras and optax; S from 0.</para>
/// <para><b>Differences.</b> Keras and optax start S at 0.1: <see cref="AdagradPreset"/> does. optax takes the quotient to be 0 where S
/// is not positive; here ε decides. torch has ε outside: <see cref="Adagrad"/>.</para>
/// <para><b>Reference.</b> Duchi, Hazan and Singer, 2011, Adaptive subgradient methods, JMLR 12</para>
/// </remarks>
[Optimizer(LearningRate = 1e-2, StorageKernels = true, RowKernels = true), AdagradNormalize(AdagradForm.Sum, Epsilon = 1e-7, EpsilonPlacement = EpsilonPlacement.InsideRoot)]
public sealed partial class AdagradEpsilonInside;
