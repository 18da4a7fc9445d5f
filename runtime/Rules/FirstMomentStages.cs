namespace OptimGen;

/// <summary>
/// First-moment stage: the exponentially weighted average of the gradient, m ← βm + (1−β)g, from m₀ = 0; the first gradient is
/// scaled by 1−β too. It is an average over about 1/(1−β) steps.
/// </summary>
/// <param name="beta">β in [0, 1). The initial value of the <c>Beta1</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class EwaAttribute(double beta) : Attribute
{
    /// <summary>β, the weight of the past.</summary>
    public double Beta { get; } = beta;

    /// <summary>
    /// Uses the average one step ahead, βm + (1−β)g. With <see cref="BiasCorrectionAttribute"/> its two terms are corrected each by
    /// their own factor, βm/(1−βᵗ⁺¹) + (1−β)g/(1−βᵗ): Dozat, "Incorporating Nesterov Momentum into Adam", 2016.
    /// </summary>
    public bool Nesterov { get; set; }
}

/// <summary>
/// First-moment stage: heavy-ball momentum, b ← μb + g, from b₀ = 0. The learning rate stays outside of the buffer.
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
/// </summary>
/// <param name="momentum">μ in [0, 1). The initial value of the <c>Momentum</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class HeavyBallAttribute(double momentum) : Attribute
{
    /// <summary>μ, the part of the buffer that stays.</summary>
    public double Momentum { get; } = momentum;

    /// <summary>
    /// Uses the buffer one step ahead, g + μb. Sutskever et al., "On the importance of initialization and momentum in deep
    /// learning", 2013, in the form with the learning rate outside of the buffer.
    /// </summary>
    public bool Nesterov { get; set; }
}
