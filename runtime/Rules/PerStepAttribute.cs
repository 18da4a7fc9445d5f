namespace OptimGen;

/// <summary>
/// Marks a static method that runs once in each step and computes scalars for the rule, in double. It may use all of C#. Its parameters are bound by
/// name: <c>long step</c> is the number of the step, from 1; a <c>double</c> is the hyperparameter of that name in camelCase, or a global
/// <see cref="ReduceAttribute"/>; a <c>[State] ref double</c> is scalar state that is kept from step to step; an <c>out double</c> is passed to the
/// rule's parameter of the same name; an <c>out bool</c> selects between two variants of the rule, for each of which there is a specialized kernel.
/// </summary>
/// <remarks>
/// It runs once for each parameter group, since groups may have their own hyperparameters. There may be several such methods. A method that takes
/// the value of a reduction runs after the reductions, the others before them. When a step is refused, scalar state keeps its value.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PerStepAttribute : Attribute
{
    /// <summary>
    /// Whether the results of the method depend on its parameters alone, so that the engine may reuse them while the parameters have not changed. Such a
    /// method has no state. Default: <see langword="false"/>; the method is then called at each step, and may draw random numbers or count calls.
    /// </summary>
    public bool IsPure { get; set; }
}

/// <summary>
/// Like <see cref="PerStepAttribute"/>, but the method runs once for each parameter tensor, after the reductions. It can also take a
/// <see cref="ReduceAttribute"/> of the tensor, <c>long elementCount</c> (the tensor's number of elements), and the results of per-step methods.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PerTensorAttribute : Attribute;
