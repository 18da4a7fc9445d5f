namespace OptimGen;

/// <summary>What came of a step.</summary>
/// <param name="WasTaken">Whether it was taken; it is not where a gradient is not finite under <see cref="NonFiniteGradientPolicy.SkipStep"/>.</param>
/// <param name="GradientNorm">
/// The Euclidean norm of all gradients together, after <see cref="Optimizer.GradientScale"/> and before any clipping, or <see langword="null"/> where
/// <see cref="Optimizer.MaxGradientNorm"/> did not ask for it.
/// </param>
/// <param name="NonFiniteGradient">Why it was not taken, or <see langword="null"/>.</param>
public readonly record struct StepResult(bool WasTaken, double? GradientNorm, NonFiniteGradient? NonFiniteGradient);
