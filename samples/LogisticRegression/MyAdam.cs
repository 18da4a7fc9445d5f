using OptimGen;

namespace LogisticRegression;

/// <summary>Adam, as a stack of attributes.</summary>
[Optimizer, Ewa(0.9f), RmsNormalize(0.999f), BiasCorrection]
internal sealed partial class MyAdam;
