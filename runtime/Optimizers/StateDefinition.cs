namespace OptimGen;

/// <summary>A stream of optimizer state: one element for each element of the parameters.</summary>
/// <param name="Name">The name, such as <c>firstMoment</c>.</param>
/// <param name="InitialValue">The value before the first step, where the state does not start as a copy.</param>
/// <param name="CopiesParameter">Whether the state starts as a copy of the parameter, taken at the first step.</param>
public sealed record StateDefinition(string Name, double InitialValue = 0, bool CopiesParameter = false);
