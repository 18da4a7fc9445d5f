namespace OptimGen;

/// <content>Mini-batches that are evaluated in parts.</content>
public partial class Trainer<T>
{
    private int? microBatchSize;
    private GradientAccumulation<T>? accumulation;

    /// <summary>
    /// The largest number of examples that the objective is given at a time, k. A mini-batch of more examples is evaluated in micro-batches of k, the last
    /// with the rest, whose costs and gradients are combined by their sizes to those of the mini-batch. It saves the objective's memory, and takes one more
    /// set of gradients. Default: <see langword="null"/>, the whole mini-batch at once. Read at every step.
    /// </summary>
    /// <remarks>
    /// The objective gives the mean of its examples and finds gradients of zero, as ever. The penalty on the weights is added once. The combined gradient of
    /// m micro-batches has a relative rounding error of about m + 2 units (u = 2⁻²⁴ for floats) of the sum of the micro-batches' absolute gradients, so it
    /// is close to that of one large batch but does not have the same bits. It has the same bits on every machine. An objective whose examples depend on each
    /// other, such as one with batch normalization, has another cost in micro-batches.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? MicroBatchSize
    {
        get => microBatchSize;
        set => microBatchSize = value is null or >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MicroBatchSize), value, $"MicroBatchSize is {value}; it must be at least 1, or null.");
    }

    private double Evaluate(MiniBatch batch)
    {
        if (microBatchSize is not { } size || size >= batch.Count)
        {
            Optimizer.ZeroGradients();
            return objective(Optimizer.Parameters, batch);
        }

        if (Optimizer.HasTables)
        {
            throw Optimizer.RowsRefuse($"MicroBatchSize is {size}", "the gradients of its rows would not be weighed by the sizes of the micro-batches. Leave it null.");
        }

        accumulation ??= new GradientAccumulation<T>(Optimizer.Parameters);
        return accumulation.Evaluate(objective, batch, size);
    }
}
