using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <content>The reductions of a rule over pieces of tensors.</content>
internal sealed partial class StepEngine<T>
{
    private void ReducePiece(ParameterRun<T> tensor, in Piece piece, Span<double> results)
    {
        // The lanes of every reduction.
        Span<ReductionLanes> lanes = stackalloc ReductionLanes[results.Length];
        lanes.Clear();
        if (tensor.IsTiled)
        {
            ReduceByTiles(tensor, piece.Start, piece.Length, lanes);
        }
        else
        {
            ReduceElements(tensor, piece.Start, piece.Length, lanes, tile: null);
        }

        for (int i = 0; i < results.Length; i++)
        {
            results[i] = rule.OptimizerDefinition.Reductions[i].Reduction == Reduction.MaxAbs ? lanes[i].Max() : lanes[i].Sum();
        }
    }

    /// <summary>Adds elements to the lanes of every reduction.</summary>
    private void ReduceElements(ParameterRun<T> tensor, int start, int length, Span<ReductionLanes> lanes, StepTile<T>? tile, Span<T> gradients = default)
    {
        var phase = new StepPhase<T>(adjustment, zeroesGradients: false, fetchesAhead: false);
        int vectorized = length & -ReductionLanes.Count;
        KernelStreams<T> streams = new(tensor, start, vectorized, tile, gradients);
        KernelStreams<T> tail = new(tensor, start + vectorized, length - vectorized, tile, From(gradients, vectorized));
        if (adjustment.Exponent != 0)
        {
            var copy = new T[length];
            adjustment.Apply(MemoryMarshal.CreateReadOnlySpan(ref new KernelStreams<T>(tensor, start, length, tile, gradients).Gradient, length), copy);
            streams = streams.Slice(0, copy.AsSpan(0, vectorized));
            tail = tail.Slice(0, copy.AsSpan(vectorized));
            phase = new StepPhase<T>(GradientAdjustment<T>.None, zeroesGradients: false, fetchesAhead: false);
        }

        for (int i = 0; i < lanes.Length; i++)
        {
            ref double first = ref lanes[i][0];
            if (vectorized > 0)
            {
                kernels.Reduce(i, in streams, in phase, ref first);
            }

            if (vectorized < length)
            {
                scalarKernels.Reduce(i, in tail, in phase, ref first);
            }
        }
    }
}
