namespace OptimGen;

/// <summary>
/// A step was refused because an element of a gradient is NaN or infinite, and nothing has been changed; or it was taken without the elements that
/// <see cref="SkippedRanges"/> names.
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
    /// The elements that the step has left alone; empty where it was refused as a whole. Only <see cref="NonFiniteGradientPolicy.StepFinitePieces"/> takes
    /// a step without some of the elements.
    /// </summary>
    public IReadOnlyList<SkippedRange> SkippedRanges { get; } = [];

    /// <summary>The name of the first parameter concerned.</summary>
    public string ParameterName { get; }

    /// <summary>The position of the first such element, counted in row-major order.</summary>
    public int Element { get; }

    /// <summary>The value: NaN or an infinity.</summary>
    public double Value { get; }

    private static string Describe(IReadOnlyList<SkippedRange> skipped) =>
        $"{skipped.Sum(range => (long)range.Length)} elements of {string.Join(", ", skipped.Select(range => $"'{range.ParameterName}'").Distinct())}";
}
