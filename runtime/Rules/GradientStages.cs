namespace OptimGen;

/// <summary>Gradient stage: clipping by value, g ← clamp(g, −c, +c), element by element. It is the first stage that uses the gradient.</summary>
/// <param name="limit">c, the largest magnitude after clipping; positive. The initial value of the <c>ClipValue</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class ClipByValueAttribute(double limit) : Attribute
{
    /// <summary>c, the largest magnitude after clipping.</summary>
    public double Limit { get; } = limit;
}

/// <summary>
/// Gradient stage: coupled weight decay (L2 regularization), g ← g + λθ, the gradient of the penalty λ/2·‖θ‖². The moments are computed
/// from the sum. For weight decay that does not enter the moments, use <see cref="DecoupledWeightDecayAttribute"/>.
/// </summary>
/// <param name="coefficient">λ, not negative. The initial value of the <c>WeightDecay</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class WeightDecayAttribute(double coefficient) : Attribute
{
    /// <summary>λ.</summary>
    public double Coefficient { get; } = coefficient;
}
