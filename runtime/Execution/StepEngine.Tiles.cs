using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Steps over tensors of which a stream is kept in another form than the element type: a tile at a time is decoded, updated by the same kernels as ever, and
/// encoded, while it is in the first-level cache. So every rule has every form, and the arithmetic does not depend on it.
/// </summary>
internal sealed partial class StepEngine<T>
{
    private StorageCoder coder = new ScalarStorageCoder();

    private StepTile<T> TileOf(ParameterRun<T> run) => StepTile<T>.Of(state.Slots, run.HasBFloat16Values, run.HasBFloat16Gradients || AddsInStep);

    private void UpdateByTiles(ParameterRun<T> run, int start, int length)
    {
        StepTile<T> tile = TileOf(run);
        StoredState?[] states = state.StoredOf(run.Tensor);
        BFloat16Parameter? parameter = state.StoredParameterOf(run.Tensor);
        Span<StochasticRounding?> roundings = stackalloc StochasticRounding?[1 + states.Length];
        ReadRoundings(run, roundings);
        for (int end = start + length; start < end; start += StepTile<T>.Length)
        {
            int count = Math.Min(StepTile<T>.Length, end - start);
            Decode(tile, run, start, count);
            UpdateElements(run, start, count, tile);
            if (FetchesAhead)
            {
                PrefetchTile(run, start + count, Math.Min(StepTile<T>.Length, end - start - count));
            }

            parameter?.Encode(coder, start, tile.Parameters(count), roundings[0]);
            for (int i = 0; i < states.Length; i++)
            {
                states[i]?.Encode(coder, start, tile.States(i, count), roundings[1 + i]);
            }

            if (tile.HasGradient && optimizer.ZeroGradientsAfterStep)
            {
                ZeroGradients(run, start, count);
            }
        }
    }

    /// <summary>Has the next tile loaded while this one is encoded, which reads nothing but the first-level cache.</summary>
    private void PrefetchTile(ParameterRun<T> run, int start, int count)
    {
        if (count <= 0)
        {
            return;
        }

        PrefetchParameters(run, start, count);
        foreach (StoredState? stored in state.StoredOf(run.Tensor))
        {
            stored?.Prefetch(start, count);
        }
    }

    /// <summary>The same for parameters and gradients alone.</summary>
    private void PrefetchParameters(ParameterRun<T> run, int start, int count)
    {
        if (count <= 0)
        {
            return;
        }

        if (state.StoredParameterOf(run.Tensor) is { } parameter)
        {
            parameter.Prefetch(start, count);
        }
        else
        {
            Prefetch.Range(ref run.Values.At(run.Offset + start), count);
        }

        if (run.HasBFloat16Gradients)
        {
            Prefetch.Range(ref run.BFloat16Gradients.At(run.Offset + start), count);
        }
        else
        {
            Prefetch.Range(ref run.Gradients.At(run.Offset + start), count);
        }

        if (AddsInStep)
        {
            foreach (GradientAddend<T> addend in parameters.GradientAddends)
            {
                addend.Prefetch(run.Block, run.Offset + start, count);
            }
        }
    }

    private void ReduceByTiles(ParameterRun<T> tensor, int start, int length, Span<ReductionLanes> lanes)
    {
        StepTile<T> tile = TileOf(tensor);
        for (int end = start + length; start < end; start += StepTile<T>.Length)
        {
            int count = Math.Min(StepTile<T>.Length, end - start);
            Decode(tile, tensor, start, count);
            ReduceElements(tensor, start, count, lanes, tile);
        }
    }

    private void Decode(StepTile<T> tile, ParameterRun<T> run, int start, int count)
    {
        DecodeParameters(tile, run, start, count);
        StoredState?[] states = state.StoredOf(run.Tensor);
        for (int i = 0; i < states.Length; i++)
        {
            states[i]?.Decode(coder, start, tile.States(i, count));
        }
    }

    /// <summary>Moves the tile, and decodes what it has of parameters and gradients.</summary>
    private void DecodeParameters(StepTile<T> tile, ParameterRun<T> run, int start, int count)
    {
        tile.MoveTo(start);
        if (tile.HasParameter)
        {
            state.StoredParameterOf(run.Tensor)!.Decode(coder, start, tile.Parameters(count));
        }

        if (tile.HasGradient)
        {
            ReadGradients(tile, run, start, count);
        }
    }

    /// <summary>Brings gradients to the tile that kernels cannot read where they are: sums, and those in bfloat16.</summary>
    private Span<T> ReadGradients(StepTile<T> tile, ParameterRun<T> run, int start, int count)
    {
        Span<T> gradients = MemoryMarshal.CreateSpan(ref tile.Gradient(start), count);
        if (AddsInStep)
        {
            GradientSum.Of(parameters, parameters.Blocks[run.Block], run.Offset + start, gradients);
        }
        else
        {
            coder.DecodeBFloat16(MemoryMarshal.Cast<BFloat16, ushort>(run.BFloat16GradientsOf(start, count)), MemoryMarshal.Cast<T, float>(gradients));
        }

        return gradients;
    }
}
