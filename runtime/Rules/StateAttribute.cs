namespace OptimGen;

/// <summary>
/// On a <c>ref</c> parameter of an <see cref="UpdateRuleAttribute"/> method: a value that is kept for each element from step to step. On a
/// <c>ref double</c> parameter of a <see cref="PerStepAttribute"/> or <see cref="PerTensorAttribute"/> method: one that is kept once for each
/// parameter group, or for each parameter tensor. The parameter's name is the state's.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StateAttribute : Attribute
{
    /// <summary>The value before the first step. Default: 0.</summary>
    public double InitialValue { get; set; }

    /// <summary>Whether the state starts as a copy of the parameter, taken at the first step. Only for a state of an element.</summary>
    public bool CopyOfParameter { get; set; }
}

/// <summary>
/// On a parameter of an <see cref="UpdateRuleAttribute"/> method: the value that a state had before this step, to read only. The state may be
/// the rule's own or one that a stage such as <see cref="EwaAttribute"/> keeps.
/// </summary>
/// <param name="state">The state's name.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PreviousAttribute(string state) : Attribute
{
    /// <summary>The state's name.</summary>
    public string State { get; } = state;
}
