namespace OptimGen;

/// <summary>One pass over the examples in mini-batches, under way: the order, the next batch, and the mean cost so far.</summary>
internal sealed class RunningEpoch
{
    private readonly int[] order;
    private readonly int batchSize;

    /// <param name="number">The epoch, from 1.</param>
    /// <param name="order">Memory for the order, as many elements as there are examples; the epoch fills it.</param>
    /// <param name="batchSize">The examples of each batch; the last one has what is left.</param>
    /// <param name="seed">The seed of the shuffle, or <see langword="null"/> to take the examples in their own order.</param>
    public RunningEpoch(int number, int[] order, int batchSize, long? seed)
    {
        Number = number;
        this.order = order;
        this.batchSize = batchSize;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (seed is { } value)
        {
            Shuffle(order, Xoshiro256.ForEpoch(value, number));
        }
    }

    public int Number { get; }

    public int StepCount => StepsOf(order.Length, batchSize);

    public int StepsTaken { get; private set; }

    public bool IsComplete => StepsTaken == StepCount;

    /// <summary>Whether each batch has every example: batch gradient descent.</summary>
    public bool IsFullBatch => batchSize == order.Length;

    /// <summary>The mean cost of the steps taken, weighted by the size of their batches; NaN before the first.</summary>
    public double MeanCost { get; private set; } = double.NaN;

    public ReadOnlySpan<int> NextExamples => order.AsSpan(Offset, Math.Min(batchSize, order.Length - Offset));

    // Below the number of examples while there is a next batch, so the product does not overflow.
    private int Offset => StepsTaken * batchSize;

    /// <summary>⌈examples / batch size⌉.</summary>
    public static int StepsOf(int exampleCount, int batchSize) => (exampleCount - 1) / batchSize + 1;

    public void RecordStep(double cost)
    {
        int count = NextExamples.Length;
        // A running mean, because a sum of costs times sizes can overflow where the mean does not.
        MeanCost = StepsTaken == 0 ? cost : MeanCost + (cost - MeanCost) * (count / (double)(Offset + count));
        StepsTaken++;
    }

    /// <summary>Fisher and Yates's shuffle in Durstenfeld's form: Knuth, The Art of Computer Programming 2, 3.4.2, algorithm P.</summary>
    private static void Shuffle(int[] order, Xoshiro256 random)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)random.NextBelow((ulong)i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
