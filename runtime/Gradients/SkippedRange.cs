namespace OptimGen;

/// <summary>A range of elements of a parameter that a step has not updated.</summary>
/// <param name="ParameterName">The name of the parameter.</param>
/// <param name="Start">The first of the elements, counted in row-major order.</param>
/// <param name="Length">The number of the elements.</param>
public sealed record SkippedRange(string ParameterName, int Start, int Length);
