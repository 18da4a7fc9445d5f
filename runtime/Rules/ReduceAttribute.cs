namespace OptimGen;

/// <summary>How a <see cref="ReduceAttribute"/> combines the values of the elements.</summary>
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

/// <summary>The elements that a <see cref="ReduceAttribute"/> combines.</summary>
public enum ReductionScope
{
    /// <summary>One value for each parameter tensor.</summary>
    Tensor,

    /// <summary>One value for all parameters together.</summary>
    Global,
}

/// <summary>
/// Marks a static scalar method whose value is computed for each element and reduced before the update. It takes the parameter, the gradient, states
/// (by value, as they were before the step), hyperparameters and scalars of the step. The update rule, or a per-step or per-tensor method, receives
/// the result by a parameter that has the method's name in camelCase.
/// </summary>
/// <remarks>
/// The elements' values are summed in double in an order that depends on the number of elements alone, so the result has the same bits on every
/// instruction set and for any number of threads. Padding between tensors is not included.
/// </remarks>
/// <param name="reduction">How the values are combined.</param>
/// <param name="scope">Whether there is one result for each tensor, or one for all parameters.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReduceAttribute(Reduction reduction, ReductionScope scope = ReductionScope.Tensor) : Attribute
{
    /// <summary>How the values are combined.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>Whether there is one result for each tensor, or one for all parameters.</summary>
    public ReductionScope Scope { get; } = scope;
}
