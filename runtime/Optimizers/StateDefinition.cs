namespace OptimGen;

/// <summary>A stream of optimizer state: one number for each element of the parameters, or for each row.</summary>
/// <param name="Name">The name, such as <c>firstMoment</c>.</param>
/// <param name="InitialValue">The value before the first step, where the state does not start as a copy.</param>
/// <param name="CopiesParameter">
/// Whether the state starts as a copy of the parameter. The copy is made at the first step, or earlier when the state is first read
/// (<see cref="Optimizer{T}.GetState"/>).
/// </param>
public sealed record StateDefinition(string Name, double InitialValue = 0, bool CopiesParameter = false)
{
    /// <summary>Whether each element has a number, or each row of a parameter. One of rows is kept in the element type.</summary>
    public StateGranularity Granularity { get; init; }

    /// <summary>In which form the state is kept, where <see cref="OptimizerOptions.StateStorage"/> does not say.</summary>
    public Storage Storage { get; init; }

    /// <summary>How the state is rounded to that form, where <see cref="OptimizerOptions.StateRounding"/> does not say.</summary>
    public StorageRounding Rounding { get; init; }

    /// <summary>
    /// Whether the state is never negative, as an average of squares, so that <see cref="Storage.Block8"/> needs no sign for it and reaches further down.
    /// </summary>
    public bool IsNonNegative { get; init; }
}

/// <summary>A scalar that an optimizer keeps from step to step, in double.</summary>
/// <param name="Name">The name.</param>
/// <param name="InitialValue">The value before the first step.</param>
/// <param name="Scope">Whether each group or each parameter has one.</param>
public sealed record ScalarStateDefinition(string Name, double InitialValue, StateScope Scope);

/// <summary>Whether each group or each parameter has a value of a scalar state.</summary>
public enum StateScope
{
    /// <summary>For each group of the parameters.</summary>
    Group,

    /// <summary>For each parameter.</summary>
    Tensor,
}
