namespace OptimGen;

/// <summary>What a parameter is in the model; decides whether a penalty on the weights includes it.</summary>
public enum ParameterRole
{
    /// <summary>A weight: the penalty λ/(2B)·‖W‖² of a training loop includes it.</summary>
    Weight,

    /// <summary>A bias, gain or offset: the penalty leaves it out.</summary>
    Bias,
}
