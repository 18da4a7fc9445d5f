namespace OptimGen;

/// <summary>What a minimum change of a metric, δ, is measured in.</summary>
public enum MinimumChangeUnit
{
    /// <summary>The metric's own unit: a value is an improvement if it is better than the best by more than δ.</summary>
    Absolute,

    /// <summary>The best value: a value is an improvement if it is better than the best by more than δ·|best|.</summary>
    Relative,
}
