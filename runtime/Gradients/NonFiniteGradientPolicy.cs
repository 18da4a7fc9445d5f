namespace OptimGen;

/// <summary>What a step does about gradients that are not finite. All but <see cref="StepFinitePieces"/> decide before anything is stored.</summary>
/// <remarks>
/// Looked at are the gradients as they are, before <see cref="Optimizer.GradientScale"/>: one that is finite, and that a scale above 1 carries beyond the
/// largest number, is not found. A step that is refused or skipped leaves the gradients too, even with <see cref="Optimizer.ZeroGradientsAfterStep"/>: set
/// them to zero before you accumulate into them again.
/// </remarks>
public enum NonFiniteGradientPolicy
{
    /// <summary>The step is refused by a <see cref="NonFiniteGradientException"/>, which names the first of them.</summary>
    Throw,

    /// <summary>
    /// Nothing is changed, <see cref="Optimizer.StepCount"/> stays, and <see cref="StepResult.NonFiniteGradient"/> names the first of them: what training
    /// in mixed precision does when its loss scale was too large. A <see cref="Trainer{T}"/> notes it and goes on with the next mini-batch.
    /// </summary>
    SkipStep,

    /// <summary>
    /// Nobody looks, which saves a pass over the gradients; what is not finite spreads into the parameters and states of its own elements, and, through
    /// a norm that is NaN (<see cref="Optimizer.MaxGradientNorm"/>, or a rule's own), into all.
    /// </summary>
    Allow,

    /// <summary>
    /// Each piece of a parameter, of at most 16,384 elements, is looked at just before it is updated, while it is in the cache, and left alone if it is not
    /// finite; when everything else has been updated, and the step counted, a <see cref="NonFiniteGradientException"/> names what was left alone. It saves
    /// the pass over the gradients that <see cref="Throw"/> takes, and is for whoever stops at the exception, or goes on from a checkpoint: the step is not
    /// all or nothing. With a norm that clips, or a rule that reduces over gradients, the whole step is refused as by <see cref="Throw"/>.
    /// </summary>
    StepFinitePieces,
}
