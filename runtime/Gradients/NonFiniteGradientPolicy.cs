namespace OptimGen;

/// <summary>
/// What a step does about gradients that are not finite. All policies but <see cref="StepFinitePieces"/> decide before the first store to parameters or
/// state.
/// </summary>
/// <remarks>
/// The check sees the gradients before <see cref="Optimizer.GradientScale"/>: a finite gradient that overflows when a scale above 1 is applied is not
/// found. A step that is refused or skipped leaves the gradients unchanged too, even with <see cref="Optimizer.ZeroGradientsAfterStep"/>: set them to
/// zero before you accumulate into them again.
/// </remarks>
public enum NonFiniteGradientPolicy
{
    /// <summary>The step throws a <see cref="NonFiniteGradientException"/>, which names the first such element, and changes nothing.</summary>
    Throw,

    /// <summary>
    /// The step changes nothing, <see cref="Optimizer.StepCount"/> included, and <see cref="StepResult.NonFiniteGradient"/> names the first such element.
    /// Mixed-precision training does this when its loss scale was too large. A <see cref="Trainer{T}"/> records the skipped step as an observation and
    /// goes on with the next mini-batch.
    /// </summary>
    SkipStep,

    /// <summary>
    /// Gradients are not checked, which saves a pass over them. NaN and infinities propagate to the parameters and states of the same elements, and,
    /// through a norm that is NaN (<see cref="Optimizer.MaxGradientNorm"/>, or a norm that the rule computes), to all elements.
    /// </summary>
    Allow,

    /// <summary>
    /// Each piece of a parameter, at most 4,096 elements, is checked just before its update, which then finds it in the cache. A piece that is not
    /// finite is not updated. After all other pieces have been updated and the step has been counted, a <see cref="NonFiniteGradientException"/> names
    /// the pieces that were not. This saves the separate pass over the gradients that <see cref="Throw"/> makes, but the step is not all or nothing:
    /// use it in programs that end at the exception or continue from a checkpoint. With <see cref="Optimizer.MaxGradientNorm"/>, or with a rule that
    /// has reductions, the whole step is refused as under <see cref="Throw"/>.
    /// </summary>
    StepFinitePieces,
}
