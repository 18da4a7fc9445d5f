namespace OptimGen.Benchmarks.Contestants.Rows;

/// <summary>
/// A table and batches of its rows: indices distributed by Zipf's law, P(rank k) ∝ 1/k, as the words of a text are, with ranks scattered over the table. Every
/// contestant works on the same memory.
/// </summary>
internal sealed unsafe class RowBatches
{
    private const int BatchCount = 512;
    private readonly int[][] batches;
    private int next;

    public RowBatches(int rowCount, int width, int batchSize)
    {
        (RowCount, Width, BatchSize) = (rowCount, width, batchSize);
        var set = new ParameterSet(rowCount * width);
        Table = set.Add("table", rowCount, width);
        Optimizer = new Adam(set) { NonFiniteGradients = NonFiniteGradientPolicy.Allow };
        var random = new Random(1);
        Fill(Table.Values, 1, random);
        Gradients = GC.AllocateArray<float>(batchSize * width, pinned: true);
        Fill(Gradients, 0.1f, random);
        First = Pointer(Optimizer.States.FirstMoment(Table));
        Second = Pointer(Optimizer.States.SecondMoment(Table));
        // Not zero, as after many steps: the root of a subnormal number takes longer.
        new Span<float>(First, Table.Length).Fill(0.01f);
        new Span<float>(Second, Table.Length).Fill(0.001f);
        batches = Draw(random);
    }

    public int RowCount { get; }

    public int Width { get; }

    /// <summary>The number of indices of a batch.</summary>
    public int BatchSize { get; }

    /// <summary>The rows of a batch that differ, in the mean.</summary>
    public double DistinctRows => batches.Average(batch => batch.Distinct().Count());

    public Parameter<float> Table { get; }

    public Adam Optimizer { get; }

    /// <summary>A gradient for each index of a batch, pinned.</summary>
    public float[] Gradients { get; }

    public float* Values => Pointer(Table.Values);

    public float* First { get; }

    public float* Second { get; }

    /// <summary>The indices of the next batch, pinned. No contestant has the batch that another has just brought into the cache.</summary>
    public int[] NextBatch() => batches[next++ % BatchCount];

    private static float* Pointer(Span<float> pinned) => (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[0]);

    private static void Fill(Span<float> values, float scale, Random random)
    {
        foreach (ref float value in values)
        {
            value = ((random.NextSingle() * 0.9f) + 0.1f) * (random.Next(2) == 0 ? scale : -scale);
        }
    }

    private int[][] Draw(Random random)
    {
        var cumulative = new double[RowCount];
        double sum = 0;
        for (int rank = 0; rank < RowCount; rank++)
        {
            cumulative[rank] = sum += 1.0 / (rank + 1);
        }

        int[] rowOfRank = [.. Enumerable.Range(0, RowCount)];
        random.Shuffle(rowOfRank);
        var drawn = new int[BatchCount][];
        for (int i = 0; i < BatchCount; i++)
        {
            drawn[i] = GC.AllocateArray<int>(BatchSize, pinned: true);
            foreach (ref int row in drawn[i].AsSpan())
            {
                int rank = Array.BinarySearch(cumulative, random.NextDouble() * sum);
                row = rowOfRank[Math.Min(rank < 0 ? ~rank : rank, RowCount - 1)];
            }
        }

        return drawn;
    }
}
