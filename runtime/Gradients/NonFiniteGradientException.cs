namespace OptimGen;

/// <summary>A step was refused because an element of a gradient is NaN or infinite. Nothing has been changed.</summary>
public sealed class NonFiniteGradientException : ArithmeticException
{
    internal NonFiniteGradientException(NonFiniteGradient gradient)
        : base($"The {gradient.Finding}. The step was refused; parameters and state are unchanged.")
    {
        ParameterName = gradient.ParameterName;
        Element = gradient.Element;
        Value = gradient.Value;
    }

    /// <summary>The name of the first parameter concerned.</summary>
    public string ParameterName { get; }

    /// <summary>The position of the first such element, counted in row-major order.</summary>
    public int Element { get; }

    /// <summary>The value: NaN or an infinity.</summary>
    public double Value { get; }
}
