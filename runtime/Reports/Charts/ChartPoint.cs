namespace OptimGen;

/// <summary>A point of a line.</summary>
/// <param name="X">The horizontal value.</param>
/// <param name="Y">The vertical value. If it is not finite, the line is interrupted.</param>
internal readonly record struct ChartPoint(double X, double Y);
