namespace OptimGen;

/// <summary>What a step does about gradients that are not finite. Whatever it does, it decides before it stores anything.</summary>
public enum NonFiniteGradientPolicy
{
    /// <summary>The step is refused by a <see cref="NonFiniteGradientException"/>, which names the first of them.</summary>
    Throw,

    /// <summary>
    /// Nothing is changed, the step does not count, and <see cref="StepResult.NonFiniteGradient"/> names the first of them: what training in mixed
    /// precision does when its loss scale was too large.
    /// </summary>
    SkipStep,

    /// <summary>Nobody looks, which saves a pass over the gradients; what is not finite spreads into parameters and state.</summary>
    Allow,
}
