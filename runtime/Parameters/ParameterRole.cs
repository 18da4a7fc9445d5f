namespace OptimGen;

/// <summary>What a parameter is to the model; decides whether a penalty on the weights counts it.</summary>
public enum ParameterRole
{
    /// <summary>A weight: the penalty λ/(2B)·‖W‖² of a training loop counts it.</summary>
    Weight,

    /// <summary>A bias, gain or offset: no penalty counts it.</summary>
    Bias,
}
