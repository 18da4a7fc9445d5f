namespace OptimGen;

/// <summary>
/// Update stage: decoupled weight decay, θ ← θ(1−ηλ) before the step. It does not enter the moments.
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
/// Update stage: the parameter becomes the (bias-corrected) average of its gradients, θ ← m̂. There is no learning rate. With
/// <see cref="EwaAttribute"/>, and any values in place of gradients, it smooths a series or averages the weights of another model.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrackAverageAttribute : Attribute;
