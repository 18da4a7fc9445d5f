namespace OptimGen;

/// <summary>
/// Marks a settable <see cref="float"/> or <see cref="double"/> property as a hyperparameter of a rule that is a method. The method
/// receives it by the parameter of the same name in camelCase. Each step checks it before the first store.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HyperparameterAttribute : Attribute
{
    /// <summary>The smallest value allowed. Default: no bound; a value must be finite in any case.</summary>
    public double Min { get; set; } = double.NegativeInfinity;

    /// <summary>The largest value allowed. Default: no bound; a value must be finite in any case.</summary>
    public double Max { get; set; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Min"/> itself is refused.</summary>
    public bool MinIsExclusive { get; set; }

    /// <summary>Whether <see cref="Max"/> itself is refused, as for the weight of an average, β in [0, 1).</summary>
    public bool MaxIsExclusive { get; set; }
}
