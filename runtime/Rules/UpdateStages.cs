namespace OptimGen;

/// <summary>
/// Update stage: decoupled weight decay, θ ← θ(1−ηλ) before the step, unseen by the moments.
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
/// </summary>
/// <param name="coefficient">λ, not negative. The initial value of the <c>WeightDecay</c> property.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DecoupledWeightDecayAttribute(double coefficient) : Attribute
{
    /// <summary>λ.</summary>
    public double Coefficient { get; } = coefficient;
}

/// <summary>
/// Update stage: steps by the direction's sign alone, θ ← θ − η·sign(direction), with sign(0) = 0.
/// Bernstein et al., "signSGD", 2018.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SignUpdateAttribute : Attribute;

/// <summary>
/// Update stage: the parameter becomes the (corrected) average of what is put into its gradient, θ ← m̂. This makes of
/// <see cref="EwaAttribute"/> a smoother of series, or an average of another model's weights; there is no learning rate.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrackAverageAttribute : Attribute;
