namespace OptimGen;

/// <content>What kind of point a run is at.</content>
public partial class Trainer<T>
{
    /// <summary>The number of examples of a diagnosis if there are more.</summary>
    private const int MostDiagnosisExamples = 2048;

    /// <summary>
    /// Tells what kind of point the parameters are at: a minimum, a saddle, a plateau (<see cref="CriticalPoint"/>). The cost is the mean over a fixed set of
    /// examples plus the penalty on the weights, as in a step. Nothing is changed.
    /// </summary>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="exampleLimit">
    /// The number of examples: all, or that many that are drawn by the seed of the options, the same at every call; at least 1. Default: 2,048.
    /// </param>
    /// <returns>The analysis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is not allowed, or <paramref name="exampleLimit"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The group of the options has no parameters.</exception>
    /// <exception cref="InvalidOperationException">
    /// A cost or a gradient is not finite, or the objective is not deterministic, or a step is being taken.
    /// </exception>
    public CriticalPointAnalysis<T> Diagnose(CriticalPointOptions<T>? options = null, int exampleLimit = MostDiagnosisExamples) =>
        CriticalPoint.Analyze(Optimizer.Parameters, PenalizedObjective(), FixedBatch(options?.Seed ?? 0, exampleLimit), options);

    /// <summary>Leaves a saddle, as <see cref="CriticalPoint.Escape"/> does, with the cost of <see cref="Diagnose"/>.</summary>
    /// <inheritdoc cref="Diagnose"/>
    internal SaddleEscape<T> Escape(CriticalPointOptions<T> options, int exampleLimit = MostDiagnosisExamples) =>
        CriticalPoint.Escape(Optimizer.Parameters, PenalizedObjective(), FixedBatch(options?.Seed ?? 0, exampleLimit), options);

    private Objective<T> PenalizedObjective()
    {
        if (isInStep)
        {
            throw new InvalidOperationException("The point cannot be diagnosed within a step. Do it from a callback after the step, or when Train has returned.");
        }

        // The penalty of a step depends on the size of the mini-batches, and not on that of the batch of the diagnosis.
        (double penalty, int size) = (WeightPenalty, BatchSize);
        Optimizer.CatchUp();
        return (parameters, batch) =>
        {
            double cost = Evaluate(batch);
            Optimizer.ScatterRowGradients();
            return cost + (penalty == 0 ? 0 : SquaredNormPenalty.AddTo(parameters, penalty, size));
        };
    }

    /// <summary>All examples, or as many as the limit, drawn by a seed.</summary>
    private MiniBatch FixedBatch(long drawSeed, int exampleLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exampleLimit);
        int[] order = [];
        int count = Math.Min(exampleLimit, ExampleCount);
        long? seed = count < ExampleCount ? drawSeed : null;
        ReadOnlySpan<int> examples = new RunningEpoch(1, ExampleCount, count, seed, ref order).NextExamples();
        return new MiniBatch(examples, Math.Max(EpochCount, 1), Math.Max(StepCount, 1));
    }
}
