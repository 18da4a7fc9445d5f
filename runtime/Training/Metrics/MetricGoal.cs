namespace OptimGen;

/// <summary>Whether a lower or a higher value of a metric is better.</summary>
public enum MetricGoal
{
    /// <summary>Lower is better, as of a cost.</summary>
    Minimize,

    /// <summary>Higher is better, as of an accuracy.</summary>
    Maximize,
}
