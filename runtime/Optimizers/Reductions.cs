using System.Numerics;

namespace OptimGen;

/// <summary>
/// The results of a rule's reductions in one step, for each tensor and for everything. A tensor is reduced by blocks of a fixed size, whose results
/// are combined in order, and tensors are combined in the order of the set; so nothing depends on how the work is divided.
/// </summary>
internal sealed class Reductions<T>(
    IReadOnlyList<ReductionDefinition> definitions, ParameterRun<T>[] tensors, OptimizerState<T> state, Reductions<T>.ReduceBlock reduce)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockLength = 1 << 14;

    private readonly double[] ofTensors = new double[tensors.Length * definitions.Count];
    private readonly double[] ofEverything = new double[definitions.Count];
    private readonly double[] block = new double[definitions.Count];

    /// <summary>Reduces a block of elements: the results, one for each definition.</summary>
    public delegate void ReduceBlock(int group, KernelStreams<T> streams, Span<double> results);

    /// <summary>The results for everything, in the order of the definitions.</summary>
    public ReadOnlySpan<double> OfEverything => ofEverything;

    /// <summary>The results for one tensor, in the order of the definitions.</summary>
    public ReadOnlySpan<double> Of(int tensor) => ofTensors.AsSpan(tensor * definitions.Count, definitions.Count);

    public void Compute()
    {
        Array.Clear(ofEverything);
        for (int tensor = 0; tensor < tensors.Length; tensor++)
        {
            Span<double> results = ofTensors.AsSpan(tensor * definitions.Count, definitions.Count);
            results.Clear();
            for (int start = 0; start < tensors[tensor].Length; start += BlockLength)
            {
                int length = Math.Min(BlockLength, tensors[tensor].Length - start);
                reduce(tensors[tensor].Group, new KernelStreams<T>(tensors[tensor], state, start, length), block);
                Combine(results, block);
            }

            Combine(ofEverything, results);
            Finish(results);
        }

        Finish(ofEverything);
    }

    private void Combine(Span<double> sums, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = definitions[i].Combine(sums[i], values[i]);
        }
    }

    private void Finish(Span<double> sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = definitions[i].Finish(sums[i]);
        }
    }
}
