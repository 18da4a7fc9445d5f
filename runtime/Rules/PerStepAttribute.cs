namespace OptimGen;

/// <summary>
/// Marks a static method, in any C#, that runs once a step and computes scalars for the rule, in double. Its parameters, by name:
/// <c>long step</c>, counted from 1; <c>double</c> for a hyperparameter in camelCase, or for a global <see cref="ReduceAttribute"/>;
/// <c>[State] ref double</c> for scalar state of its own; <c>out double</c> for what it hands to the rule's parameter of the same name;
/// <c>out bool</c> for a choice between variants of the rule, each of which becomes a kernel of its own.
/// </summary>
/// <remarks>
/// It runs once for each parameter group, since groups may have hyperparameters of their own. There may be several such methods; one that takes
/// the value of a reduction runs after the reductions, the others before them. When a step is refused, scalar state keeps its value.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PerStepAttribute : Attribute
{
    /// <summary>
    /// Whether what the method hands out depends on nothing but its parameters, so that it need not be called while none of them has changed. Such a method
    /// has no state. Default: <see langword="false"/>: it is called at each step, and may draw random numbers or count.
    /// </summary>
    public bool IsPure { get; set; }
}

/// <summary>
/// As <see cref="PerStepAttribute"/>, but run for each parameter tensor, after the reductions; it can also take a
/// <see cref="ReduceAttribute"/> of the tensor, <c>long elementCount</c> (the tensor's number of elements), and what a per-step method hands out.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PerTensorAttribute : Attribute;
