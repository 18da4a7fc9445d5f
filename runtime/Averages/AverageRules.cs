namespace OptimGen;

/// <summary>θ becomes the exponentially weighted average of its gradients.</summary>
[Optimizer, Ewa(0.9), TrackAverage]
internal sealed partial class UncorrectedAverage;

/// <summary>θ becomes the bias-corrected exponentially weighted average of its gradients.</summary>
[Optimizer, Ewa(0.9), BiasCorrection, TrackAverage]
internal sealed partial class CorrectedAverage;
