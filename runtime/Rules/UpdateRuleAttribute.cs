namespace OptimGen;

/// <summary>
/// Marks the static scalar method that is an optimizer's whole update rule: it receives one element of the parameter and of the
/// gradient, and returns the parameter's new value.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UpdateRuleAttribute : Attribute;
