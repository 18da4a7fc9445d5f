namespace OptimGen;

/// <summary>What came of a step: to log, or to adapt a loss scale by. What a step refuses for another reason it throws.</summary>
/// <param name="WasTaken">
/// Whether it was taken, so that parameters, states and <see cref="Optimizer.StepCount"/> have moved on; it is not where a gradient is not finite under
/// <see cref="NonFiniteGradientPolicy.SkipStep"/>.
/// </param>
/// <param name="GradientNorm">
/// The Euclidean norm of all gradients together, in double, after <see cref="Optimizer.GradientScale"/> and before any clipping; infinite or NaN where a
/// gradient is not finite, and infinite where it is larger than a double can be; <see langword="null"/> where <see cref="Optimizer.MaxGradientNorm"/> did
/// not ask for it.
/// </param>
/// <param name="NonFiniteGradient">
/// Why it was not taken: the first element that is not finite, in the order of the set. <see langword="null"/> where it was taken, under
/// <see cref="NonFiniteGradientPolicy.Allow"/> too.
/// </param>
public readonly record struct StepResult(bool WasTaken, double? GradientNorm, NonFiniteGradient? NonFiniteGradient);
