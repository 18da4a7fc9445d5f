namespace OptimGen;

/// <summary>A metric of a <see cref="TrainingRun"/>.</summary>
/// <param name="Name">The name, such as <c>validation.cost</c>.</param>
/// <param name="Points">The values, in the order of the steps; a value may be NaN or infinite.</param>
public sealed record TrainingMetric(string Name, IReadOnlyList<MetricPoint> Points);
