namespace OptimGen;

/// <summary>
/// First-moment stage: the exponentially weighted average (EWA) of the gradient, m ← βm + (1−β)g, from m₀ = 0; the first gradient is
/// scaled by 1−β too. It is an average over about 1/(1−β) steps. It is also called exponential moving average (EMA).
/// </summary>
/// <remarks>
/// optax has it as <c>ema(debias=False)</c>. torch's <c>SGD(momentum=β, dampening=β)</c> has the same recurrence, but starts with m₁ = g₁ where here
/// m₁ = (1−β)g₁. Momentum without the factor 1−β is <see cref="HeavyBallAttribute"/>.
/// </remarks>
/// <param name="beta">β in [0, 1). The initial value of the <c>Beta1</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class EwaAttribute(double beta) : Attribute
{
    /// <summary>β, the weight of the past.</summary>
    public double Beta { get; } = beta;

    /// <summary>
    /// Uses the average one step ahead (Nesterov's look-ahead), βm + (1−β)g. With <see cref="BiasCorrectionAttribute"/> each of the two terms
    /// has its own correction, βm/(1−βᵗ⁺¹) + (1−β)g/(1−βᵗ): Dozat, "Incorporating Nesterov Momentum into Adam", 2016.
    /// </summary>
    public bool Nesterov { get; set; }
}

/// <summary>
/// First-moment stage: heavy-ball momentum, b ← μb + g, from b₀ = 0. The learning rate is not part of the buffer.
/// This is torch's <c>SGD(momentum=μ)</c> and optax's <c>trace</c>.
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
/// </summary>
/// <param name="momentum">μ in [0, 1). The initial value of the <c>Momentum</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class HeavyBallAttribute(double momentum) : Attribute
{
    /// <summary>μ, the decay factor of the buffer.</summary>
    public double Momentum { get; } = momentum;

    /// <summary>
    /// Uses the buffer one step ahead (Nesterov's look-ahead), g + μb. Sutskever et al., "On the importance of initialization and
    /// momentum in deep learning", 2013, in the form with the learning rate outside of the buffer.
    /// </summary>
    public bool Nesterov { get; set; }
}
