namespace OptimGen;

/// <summary>
/// Divides each exponentially weighted average by 1−βᵗ, which removes its bias towards the zero that it starts from:
/// m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ). Without this attribute nothing is corrected. The factors are computed once a step, in double.
/// Kingma and Ba, "Adam: a method for stochastic optimization", 2015, section 3.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class BiasCorrectionAttribute : Attribute
{
    /// <summary>
    /// The number of steps that are corrected, 1 or more; later steps use the averages as they are. Unset: every step is corrected
    /// (<see cref="Always"/>).
    /// </summary>
    public int FirstSteps { get; set; } = Always;

    /// <summary>The value of <see cref="FirstSteps"/> that corrects every step.</summary>
    public const int Always = int.MaxValue;
}
