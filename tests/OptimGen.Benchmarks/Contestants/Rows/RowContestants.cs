using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants.Rows;

/// <summary><see cref="Optimizer{T}.StepRows"/>.</summary>
/// <param name="batches">The table and its batches.</param>
/// <param name="optimizer">An optimizer of the table, with states of its own.</param>
internal sealed class StepOfRows(RowBatches batches, Optimizer<float> optimizer) : IContestant
{
    public string Name => optimizer.Definition.Name;

    public void Step() => optimizer.StepRows(batches.Table, batches.NextBatch(), batches.Gradients);
}

/// <summary>The step over all rows, with a gradient that is zero in most: what a step takes without rows.</summary>
internal sealed class StepOfAllRows : IContestant
{
    private readonly Adam optimizer;

    public StepOfAllRows(RowBatches batches, Setting setting)
    {
        var set = new ParameterSet(batches.Table.Length);
        set.Add("table", batches.RowCount, batches.Width);
        optimizer = new Adam(set)
        {
            InstructionSet = setting.InstructionSet, MaxDegreeOfParallelism = setting.Threads, NonFiniteGradients = NonFiniteGradientPolicy.Allow,
        };
        set[0].Values.Fill(1);
        set[0].Gradients.Fill(0.01f);
        optimizer.Step();
    }

    public string Name => "all rows";

    public void Step() => optimizer.Step();
}

/// <summary>A plain C# loop: a dictionary collects the gradients of rows that occur several times, and each row takes its step element by element.</summary>
internal sealed class PlainRows(RowBatches batches) : IContestant
{
    private readonly Dictionary<int, float[]> sums = [];
    private readonly ScalarSequence scalars = new(batches.Optimizer, corrected: true);

    public string Name => "plain C#";

    public void Step()
    {
        StepScalars own = scalars.Next();
        int width = batches.Width;
        int[] indices = batches.NextBatch();
        sums.Clear();
        for (int i = 0; i < indices.Length; i++)
        {
            if (!sums.TryGetValue(indices[i], out float[]? sum))
            {
                sums.Add(indices[i], sum = new float[width]);
            }

            for (int column = 0; column < width; column++)
            {
                sum[column] += batches.Gradients[(i * width) + column];
            }
        }

        Span<float> first = batches.Optimizer.States.FirstMoment(batches.Table), second = batches.Optimizer.States.SecondMoment(batches.Table);
        foreach ((int row, float[] gradient) in sums)
        {
            ScalarRules.Loop<AdamRule>(batches.Table.Values.Slice(row * width, width), gradient, first.Slice(row * width, width), second.Slice(row * width, width), own);
        }
    }
}

/// <summary>The loop of rows.c, which sorts, sums and prefetches.</summary>
internal sealed unsafe class RowsInC : IContestant
{
    private readonly RowBatches batches;
    private readonly ScalarSequence scalars;
    private readonly ulong[] scratch;
    private readonly float[] sum;
    private readonly int distance;
    private readonly delegate* unmanaged<float*, float*, float*, int*, float*, CLong, CLong, CLong, CLong, ulong*, float*, StepScalars*, void> function;

    /// <param name="batches">The table.</param>
    /// <param name="library">rows.c, compiled.</param>
    /// <param name="distance">The number of rows from the one that is updated to the one that is prefetched.</param>
    public RowsInC(RowBatches batches, CLibrary library, int distance)
    {
        (this.batches, this.distance, scalars) = (batches, distance, new ScalarSequence(batches.Optimizer, corrected: true));
        scratch = GC.AllocateArray<ulong>((3 * batches.BatchSize) + 1, pinned: true);
        sum = GC.AllocateArray<float>(batches.Width, pinned: true);
        function = (delegate* unmanaged<float*, float*, float*, int*, float*, CLong, CLong, CLong, CLong, ulong*, float*, StepScalars*, void>)library.Find("adam_rows");
        Name = $"gcc, {distance} rows ahead";
    }

    public string Name { get; }

    public void Step()
    {
        StepScalars own = scalars.Next();
        fixed (int* indices = batches.NextBatch())
        fixed (float* gradients = batches.Gradients, ofRow = sum)
        fixed (ulong* entries = scratch)
        {
            function(
                batches.Values, batches.First, batches.Second, indices, gradients, new CLong(batches.BatchSize), new CLong(batches.RowCount),
                new CLong(batches.Width), new CLong(distance), entries, ofRow, &own);
        }
    }
}
