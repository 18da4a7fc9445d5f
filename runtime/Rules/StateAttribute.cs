namespace OptimGen;

/// <summary>
/// Marks a parameter as state, a value that is kept from step to step. On a <c>ref</c> parameter of an <see cref="UpdateRuleAttribute"/> method:
/// one value for each element, or for each row (<see cref="Granularity"/>). On a <c>ref double</c> parameter of a <see cref="PerStepAttribute"/> or <see cref="PerTensorAttribute"/> method: one
/// value for each parameter group, or for each parameter tensor. The state has the name of the parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StateAttribute : Attribute
{
    /// <summary>The value before the first step. Default: 0.</summary>
    public double InitialValue { get; set; }

    /// <summary>
    /// Whether each element has a value, or each row: see <see cref="StateGranularity.Row"/>. Default: each element. The method assigns a state of rows at most
    /// once, in a statement that is in no branch. Such a state is kept in the element type, and does not start as a copy of the parameter.
    /// </summary>
    /// <remarks>
    /// Row-wise Adagrad, S ← S + mean(g²) and θ ← θ − ηg/(√S + ε), is <c>squares += gradient * gradient</c> with this. The values of a row's n elements are summed in
    /// double, element i of the row in lane i mod 16, the lanes by a fixed tree; the sum is divided by n and rounded to the element type. So it has the same bits on
    /// every instruction set and for any number of threads.
    /// </remarks>
    public StateGranularity Granularity { get; set; }

    /// <summary>Whether the state starts as a copy of the parameter, made at the first step. Only for state of elements.</summary>
    public bool CopyOfParameter { get; set; }

    /// <summary>
    /// In which form the state is kept between steps. Default: as <see cref="OptimizerAttribute.StateStorage"/> says. Only for state of elements, in single
    /// precision. <see cref="OptimizerOptions.StateStorage"/> overrides it.
    /// </summary>
    public Storage Storage { get; set; }

    /// <summary>How the state is rounded to that form. Default: as <see cref="OptimizerAttribute.StateRounding"/> says.</summary>
    public StorageRounding Rounding { get; set; }

    /// <summary>
    /// Whether the state is never negative, such as an average of squares. <see cref="Storage.Block8"/> then needs no sign, reaches further down, and never
    /// rounds what is above zero to zero. A negative value would become zero there.
    /// </summary>
    public bool IsNonNegative { get; set; }
}

/// <summary>
/// On a parameter of an <see cref="UpdateRuleAttribute"/> method: the value that a state had before this step, read-only. The state may be
/// declared by the method or kept by a stage such as <see cref="EwaAttribute"/>.
/// </summary>
/// <param name="state">The state's name.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PreviousAttribute(string state) : Attribute
{
    /// <summary>The state's name.</summary>
    public string State { get; } = state;
}
