namespace OptimGen;

/// <summary>Elements of a parameter that a step has left as they were.</summary>
/// <param name="ParameterName">The name of the parameter.</param>
/// <param name="Start">The first of the elements, counted in row-major order.</param>
/// <param name="Length">The number of the elements.</param>
public sealed record SkippedRange(string ParameterName, int Start, int Length);
