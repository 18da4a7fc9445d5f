using OptimGen;

namespace Digits;

// The four optimizers of the notes. Each declaration is the whole rule; the generator writes the rest. The learning rate given here is
// the default of --rate.

/// <summary>Gradient descent: θ ← θ − η·g.</summary>
[Optimizer(LearningRate = 0.1)]
public sealed partial class GradientDescent;

/// <summary>Momentum: a step along the exponentially weighted average (EWA, also called exponential moving average) of the gradients.</summary>
[Optimizer(LearningRate = 0.1), Ewa(0.9f)]
public sealed partial class Momentum;

/// <summary>RMSprop: each gradient is divided by the root of its exponentially weighted mean square.</summary>
[Optimizer(LearningRate = 1e-3), RmsNormalize(0.9f, Epsilon = 1e-8f)]
public sealed partial class RmsProp;

/// <summary>Adam: momentum and RMSprop together, with bias correction, because both averages start from zero.</summary>
[Optimizer(LearningRate = 1e-3), Ewa(0.9f), RmsNormalize(0.999f, Epsilon = 1e-8f), BiasCorrection]
public sealed partial class Adam;
