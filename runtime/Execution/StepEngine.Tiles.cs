using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Steps over states that are kept in another form than the element type: a tile at a time is decoded, updated by the same kernels as ever, and encoded,
/// while it is in the first-level cache. So every rule has every form, and the arithmetic does not depend on it.
/// </summary>
internal sealed partial class StepEngine<T>
{
    private StorageCoder coder = new ScalarStorageCoder();

    private void UpdateByTiles(ParameterRun<T> run, StoredState?[] states, ReadOnlySpan<StochasticRounding?> roundings, int start, int length)
    {
        StepTile<T> tile = StepTile<T>.Of(state.Slots);
        for (int end = start + length; start < end; start += StepTile<T>.Length)
        {
            int count = Math.Min(StepTile<T>.Length, end - start);
            Decode(tile, states, start, count);
            UpdateElements(run, start, count, tile);
            if (FetchesAhead)
            {
                PrefetchTile(run, states, start + count, Math.Min(StepTile<T>.Length, end - start - count));
            }

            for (int i = 0; i < states.Length; i++)
            {
                states[i]?.Encode(coder, start, tile.Values(i, count), roundings[i]);
            }
        }
    }

    /// <summary>Has the next tile loaded while this one is encoded, which reads nothing but the first-level cache.</summary>
    private static void PrefetchTile(ParameterRun<T> run, StoredState?[] states, int start, int count)
    {
        if (count <= 0)
        {
            return;
        }

        Prefetch.Range(ref run.Values.At(run.Offset + start), count);
        Prefetch.Range(ref run.Gradients.At(run.Offset + start), count);
        foreach (StoredState? state in states)
        {
            state?.Prefetch(start, count);
        }
    }

    private void ReduceByTiles(ParameterRun<T> tensor, int start, int length, Span<ReductionLanes> lanes)
    {
        StepTile<T> tile = StepTile<T>.Of(state.Slots);
        StoredState?[] states = state.StoredOf(tensor.Tensor);
        for (int end = start + length; start < end; start += StepTile<T>.Length)
        {
            int count = Math.Min(StepTile<T>.Length, end - start);
            Decode(tile, states, start, count);
            ReduceElements(tensor, start, count, lanes, tile);
        }
    }

    private void Decode(StepTile<T> tile, StoredState?[] states, int start, int count)
    {
        tile.MoveTo(start);
        for (int i = 0; i < states.Length; i++)
        {
            states[i]?.Decode(coder, start, tile.Values(i, count));
        }
    }
}
