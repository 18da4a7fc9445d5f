namespace OptimGen;

/// <summary>
/// An element of a gradient is NaN or infinite. Either the step was refused and nothing has changed, or, under
/// <see cref="NonFiniteGradientPolicy.StepFinitePieces"/>, the step was taken for all elements but those of <see cref="SkippedRanges"/>.
/// </summary>
public sealed class NonFiniteGradientException : ArithmeticException
{
    internal NonFiniteGradientException(NonFiniteGradient gradient)
        : base($"The {gradient.Finding}. The step was refused; parameters and state are unchanged.")
    {
        ParameterName = gradient.ParameterName;
        Element = gradient.Element;
        Value = gradient.Value;
    }

    internal NonFiniteGradientException(NonFiniteGradient gradient, IReadOnlyList<SkippedRange> skipped)
        : base($"The {gradient.Finding}. The step was taken without {Describe(skipped)}, which are unchanged.")
    {
        (ParameterName, Element, Value) = (gradient.ParameterName, gradient.Element, gradient.Value);
        SkippedRanges = skipped;
    }

    /// <summary>
    /// The elements that the step has not updated; empty if the whole step was refused. Only <see cref="NonFiniteGradientPolicy.StepFinitePieces"/>
    /// takes a step for a part of the elements.
    /// </summary>
    public IReadOnlyList<SkippedRange> SkippedRanges { get; } = [];

    /// <summary>The name of the first parameter that has such an element.</summary>
    public string ParameterName { get; }

    /// <summary>The position of its first such element, counted in row-major order.</summary>
    public int Element { get; }

    /// <summary>The value of that element: NaN or an infinity.</summary>
    public double Value { get; }

    private static string Describe(IReadOnlyList<SkippedRange> skipped) =>
        $"{skipped.Sum(range => (long)range.Length)} elements of {string.Join(", ", skipped.Select(range => $"'{range.ParameterName}'").Distinct())}";
}
