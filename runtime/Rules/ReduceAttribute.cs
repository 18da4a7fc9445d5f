namespace OptimGen;

/// <summary>How the values of a <see cref="ReduceAttribute"/> become one.</summary>
public enum Reduction
{
    /// <summary>Σx.</summary>
    Sum,

    /// <summary>Σx², squared in double.</summary>
    SumOfSquares,

    /// <summary>‖x‖₂ = √Σx², in double.</summary>
    Norm,

    /// <summary>max |x|.</summary>
    MaxAbs,
}

/// <summary>What a <see cref="ReduceAttribute"/> covers.</summary>
public enum ReductionScope
{
    /// <summary>One value for each parameter tensor.</summary>
    Tensor,

    /// <summary>One value for all parameters together.</summary>
    Global,
}

/// <summary>
/// Marks a static scalar method whose value is reduced over elements before the update. It takes the parameter, the gradient, states (by value,
/// as they were before the step), hyperparameters and scalars of the step; the update rule, or a per-step or per-tensor method, takes the result
/// by the method's name in camelCase.
/// </summary>
/// <remarks>
/// The elements' values are summed in double in an order that depends on the number of elements alone, so the result has the same bits on every
/// instruction set and for any number of threads. The padding of the arena is not counted.
/// </remarks>
/// <param name="reduction">How the values become one.</param>
/// <param name="scope">For each tensor, or for everything.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReduceAttribute(Reduction reduction, ReductionScope scope = ReductionScope.Tensor) : Attribute
{
    /// <summary>How the values become one.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>For each tensor, or for everything.</summary>
    public ReductionScope Scope { get; } = scope;
}
