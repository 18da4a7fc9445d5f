namespace OptimGen;

/// <summary>Gradient stage: g ← clamp(g, −c, +c), element by element, before anything else sees the gradient.</summary>
/// <param name="limit">c, the largest magnitude let through; positive. The initial value of the <c>ClipValue</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class ClipByValueAttribute(double limit) : Attribute
{
    /// <summary>c, the largest magnitude let through.</summary>
    public double Limit { get; } = limit;
}

/// <summary>
/// Gradient stage: coupled weight decay, g ← g + λθ, the gradient of the penalty λ/2·‖θ‖². The moments see the decayed gradient;
/// for decay that they do not see, use <see cref="DecoupledWeightDecayAttribute"/>.
/// </summary>
/// <param name="coefficient">λ, not negative. The initial value of the <c>WeightDecay</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class WeightDecayAttribute(double coefficient) : Attribute
{
    /// <summary>λ.</summary>
    public double Coefficient { get; } = coefficient;
}
