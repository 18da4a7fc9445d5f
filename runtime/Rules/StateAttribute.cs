namespace OptimGen;

/// <summary>
/// Marks a parameter as state, a value that is kept from step to step. On a <c>ref</c> parameter of an <see cref="UpdateRuleAttribute"/> method:
/// one value for each element. On a <c>ref double</c> parameter of a <see cref="PerStepAttribute"/> or <see cref="PerTensorAttribute"/> method: one
/// value for each parameter group, or for each parameter tensor. The state has the name of the parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StateAttribute : Attribute
{
    /// <summary>The value before the first step. Default: 0.</summary>
    public double InitialValue { get; set; }

    /// <summary>Whether the state starts as a copy of the parameter, made at the first step. Only for state of elements.</summary>
    public bool CopyOfParameter { get; set; }
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
