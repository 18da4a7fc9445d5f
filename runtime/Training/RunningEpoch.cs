namespace OptimGen;

/// <summary>
/// An epoch (a pass over the examples in mini-batches) in progress: the order of the examples, the next batch, and the mean cost so far.
/// </summary>
internal sealed class RunningEpoch
{
    private readonly int[] indices;
    private readonly int exampleCount;
    private readonly int batchSize;
    private readonly bool isShuffled;

    /// <param name="number">The epoch, from 1.</param>
    /// <param name="exampleCount">The number of examples.</param>
    /// <param name="batchSize">The number of examples of each batch; the last batch has the rest.</param>
    /// <param name="seed">The seed of the shuffle, or <see langword="null"/> to take the examples in ascending order.</param>
    /// <param name="memory">
    /// A buffer for indices: of all examples if they are shuffled, else of one batch. It is reused from epoch to epoch, and replaced if it is too small.
    /// </param>
    public RunningEpoch(int number, int exampleCount, int batchSize, long? seed, ref int[] memory)
    {
        (Number, Seed) = (number, seed);
        (this.exampleCount, this.batchSize) = (exampleCount, batchSize);
        isShuffled = seed is not null;
        int count = isShuffled ? exampleCount : batchSize;
        if (memory.Length < count)
        {
            memory = new int[count];
        }

        indices = memory;
        if (seed is { } value)
        {
            Span<int> order = indices.AsSpan(0, exampleCount);
            FillFrom(0, order);
            Shuffle(order, Xoshiro256.ForEpoch(value, number));
        }
    }

    public int Number { get; }

    /// <summary>The seed of the shuffle; <see langword="null"/> if the examples are not shuffled.</summary>
    public long? Seed { get; }

    public int BatchSize => batchSize;

    public int StepCount => StepsOf(exampleCount, batchSize);

    public int StepsTaken { get; private set; }

    public bool IsComplete => StepsTaken == StepCount;

    /// <summary>Whether each batch has every example: batch gradient descent.</summary>
    public bool IsFullBatch => batchSize == exampleCount;

    /// <summary>The mean cost of the steps taken, weighted by the size of their batches; NaN before the first.</summary>
    public double MeanCost { get; private set; } = double.NaN;

    /// <summary>The number of examples that the steps so far have not had.</summary>
    public int ExamplesLeft => exampleCount - (int)Math.Min((long)StepsTaken * batchSize, exampleCount);

    private int NextCount => Math.Min(batchSize, exampleCount - Offset);

    // While there is a next batch, this is less than the number of examples, so the product does not overflow.
    private int Offset => StepsTaken * batchSize;

    /// <summary>⌈examples / batch size⌉.</summary>
    public static int StepsOf(int exampleCount, int batchSize) => (exampleCount - 1) / batchSize + 1;

    /// <summary>The indices of the next batch, valid until the next call.</summary>
    public ReadOnlySpan<int> NextExamples()
    {
        if (isShuffled)
        {
            return indices.AsSpan(Offset, NextCount);
        }

        Span<int> batch = indices.AsSpan(0, NextCount);
        FillFrom(Offset, batch);
        return batch;
    }

    public void RecordStep(double cost)
    {
        int count = NextCount;
        // A running mean, because a sum of costs times sizes can overflow where the mean does not.
        MeanCost = StepsTaken == 0 ? cost : MeanCost + (cost - MeanCost) * (count / (double)(Offset + count));
        StepsTaken++;
    }

    /// <summary>Puts the epoch where a checkpoint was saved.</summary>
    public void Restore(int stepsTaken, double meanCost) => (StepsTaken, MeanCost) = (stepsTaken, meanCost);

    /// <summary>Fisher and Yates's shuffle in Durstenfeld's form: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P.</summary>
    private static void Shuffle(Span<int> order, Xoshiro256 random)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)random.NextBelow((ulong)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    private static void FillFrom(int first, Span<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = first + i;
        }
    }
}
