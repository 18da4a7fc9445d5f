namespace OptimGen;

/// <summary>Whether ε is added outside or inside of the square root of the denominator.</summary>
public enum EpsilonPlacement
{
    /// <summary>g / (√v̂ + ε), after bias correction: Adam as published, and torch.</summary>
    OutsideRoot,

    /// <summary>g / √(v̂ + ε): RMSprop in TensorFlow and Keras, optax's <c>eps_root</c>.</summary>
    InsideRoot,
}

/// <summary>The denominator of an <see cref="AdagradNormalizeAttribute"/>.</summary>
public enum AdagradForm
{
    /// <summary>√S, S = Σg²: Duchi, Hazan and Singer, 2011.</summary>
    Sum,

    /// <summary>The root mean square over all steps so far, σ = √(Σg²/t).</summary>
    Mean,
}

/// <summary>
/// Second-moment stage: divides by the root of the exponentially weighted mean square, v ← βv + (1−β)g².
/// Tieleman and Hinton, Lecture 6.5, 2012.
/// </summary>
/// <param name="beta">β in [0, 1). The initial value of the <c>Beta2</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class RmsNormalizeAttribute(double beta) : Attribute
{
    /// <summary>β, the weight of the past.</summary>
    public double Beta { get; } = beta;

    /// <summary>ε, not negative. The initial value of the <c>Epsilon</c> property. Default: 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Where ε is added. Default: <see cref="EpsilonPlacement.OutsideRoot"/>.</summary>
    public EpsilonPlacement EpsilonPlacement { get; set; }

    /// <summary>
    /// Subtracts the square of the average gradient ḡ (same β): v − ḡ², an estimate of the variance. It is clamped at 0, since rounding
    /// could make it negative. Graves, 2013.
    /// </summary>
    public bool Centered { get; set; }

    /// <summary>
    /// Divides by the largest v so far. The maximum is taken before bias correction, as in torch and Keras. Reddi, Kale and Kumar, 2018.
    /// </summary>
    public bool AmsGrad { get; set; }
}

/// <summary>
/// Second-moment stage: divides by the root of the sum, or of the mean, of all squared gradients so far, S ← S + g².
/// </summary>
/// <param name="form">The sum, √S, or the mean over the t steps so far, √(S/t).</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class AdagradNormalizeAttribute(AdagradForm form = AdagradForm.Sum) : Attribute
{
    /// <summary>The sum or the mean.</summary>
    public AdagradForm Form { get; } = form;

    /// <summary>ε, not negative. The initial value of the <c>Epsilon</c> property. Default: 1e-10.</summary>
    public double Epsilon { get; set; } = 1e-10;

    /// <summary>Where ε is added. Default: <see cref="EpsilonPlacement.OutsideRoot"/>.</summary>
    public EpsilonPlacement EpsilonPlacement { get; set; }
}

/// <summary>
/// Second-moment stage: divides by the exponentially weighted infinity norm, u ← max(βu, |g|). It needs no bias correction.
/// ε is added to u, as in Keras; torch adds it inside of the maximum. Kingma and Ba, 2015, section 7.1.
/// </summary>
/// <param name="beta">β in [0, 1). The initial value of the <c>Beta2</c> property.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, Inherited = false)]
public sealed class InfinityNormalizeAttribute(double beta) : Attribute
{
    /// <summary>β, the weight of the past.</summary>
    public double Beta { get; } = beta;

    /// <summary>ε, not negative. The initial value of the <c>Epsilon</c> property. Default: 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Where ε is added. There is no root here, so only <see cref="EpsilonPlacement.OutsideRoot"/> is allowed.</summary>
    public EpsilonPlacement EpsilonPlacement { get; set; }
}
