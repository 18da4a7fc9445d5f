namespace OptimGen;

/// <summary>The result of a step, to log or to adapt a loss scale by. A step that is refused throws instead.</summary>
/// <param name="WasTaken">
/// Whether the step was taken, so that parameters, states and <see cref="Optimizer.StepCount"/> have changed. <see langword="false"/> where a gradient is
/// not finite under <see cref="NonFiniteGradientPolicy.SkipStep"/>.
/// </param>
/// <param name="GradientNorm">
/// The Euclidean norm of all gradients together, in double, after <see cref="Optimizer.GradientScale"/> and before any clipping. Infinite or NaN if a
/// gradient is not finite, and infinite if the norm is larger than the largest double. <see langword="null"/> if
/// <see cref="Optimizer.MaxGradientNorm"/> is not set, since the norm is then not computed.
/// </param>
/// <param name="NonFiniteGradient">
/// Why the step was not taken: the first element of the gradients that is not finite, in the order of the set. <see langword="null"/> if the step was
/// taken, also under <see cref="NonFiniteGradientPolicy.Allow"/>.
/// </param>
public readonly record struct StepResult(bool WasTaken, double? GradientNorm, NonFiniteGradient? NonFiniteGradient);
