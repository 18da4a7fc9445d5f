namespace OptimGen;

/// <content>The landscape around a run.</content>
public partial class Trainer<T>
{
    /// <summary>The number of examples of a surface if there are more; the objective is called about a thousand times.</summary>
    private const int MostSurfaceExamples = 512;

    /// <summary>
    /// Computes the cost over two random directions around the parameters (<see cref="CostSurface.Random{T}"/>). The cost is the mean over a fixed set of examples
    /// plus the penalty on the weights, as in a step. Nothing is changed.
    /// </summary>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="exampleLimit">
    /// The number of examples: all, or that many that are drawn by the seed of the options, the same at every call; at least 1. Default: 512.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exampleLimit"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// A cost is not finite, or the objective is not deterministic, or the parameters are biases and zeros only, or a step is being taken.
    /// </exception>
    public CostSurface Surface(CostSurfaceOptions? options = null, int exampleLimit = MostSurfaceExamples) =>
        CostSurface.Random(Optimizer.Parameters, PenalizedObjective(), FixedBatch(options?.Seed ?? 0, exampleLimit), options);

    /// <summary>Computes the cost over the two extreme eigenvectors of an analysis (<see cref="CostSurface.Extremes{T}"/>).</summary>
    /// <param name="analysis">What <see cref="Diagnose"/> has found at these parameters.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="exampleLimit">The number of examples, as above.</param>
    /// <inheritdoc cref="Surface(CostSurfaceOptions, int)"/>
    /// <exception cref="ArgumentException">The analysis is one of another parameter set, or of a single element.</exception>
    public CostSurface Surface(CriticalPointAnalysis<T> analysis, CostSurfaceOptions? options = null, int exampleLimit = MostSurfaceExamples) =>
        CostSurface.Extremes(Optimizer.Parameters, PenalizedObjective(), FixedBatch(options?.Seed ?? 0, exampleLimit), analysis, options);
}
