using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <content>The update of elements by kernels, in whichever form their streams are.</content>
internal sealed partial class StepEngine<T>
{
    /// <summary>Updates elements of one run.</summary>
    private void UpdateElements(ParameterRun<T> run, int start, int length)
    {
        if (HasRowStates)
        {
            UpdateWholeRows(run, start, length);
        }
        else if (run.IsTiled)
        {
            UpdateStored(run, start, length);
        }
        else if (AddsInStep)
        {
            UpdateOverAddends(run, start, length);
        }
        else
        {
            UpdateElements(run, start, length, tile: null);
        }
    }

    /// <summary>Whole vectors by the kernels of the instruction set, the tail by the scalar kernels.</summary>
    private void UpdateElements(ParameterRun<T> run, int start, int length, StepTile<T>? tile, Span<T> gradients = default)
    {
        int vectorized = length & -kernels.VectorLength;
        if (isInPhase)
        {
            UpdateInPhase(run, start, vectorized, length, tile, gradients);
            return;
        }

        if (vectorized > 0)
        {
            kernels.Update(new KernelStreams<T>(run, start, vectorized, tile, gradients));
        }

        if (vectorized < length)
        {
            scalarKernels.Update(new KernelStreams<T>(run, start + vectorized, length - vectorized, tile, From(gradients, vectorized)));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void UpdateInPhase(ParameterRun<T> run, int start, int vectorized, int length, StepTile<T>? tile, Span<T> gradients)
    {
        if (vectorized > 0)
        {
            UpdateInPhase(kernels, new KernelStreams<T>(run, start, vectorized, tile, gradients), PhaseAt(run, start, tile), adjustment);
        }

        if (vectorized < length)
        {
            var streams = new KernelStreams<T>(run, start + vectorized, length - vectorized, tile, From(gradients, vectorized));
            UpdateInPhase(scalarKernels, in streams, PhaseAt(run, start + vectorized, tile), adjustment);
        }
    }

    private static Span<T> From(Span<T> gradients, int start) => gradients.IsEmpty ? gradients : gradients[start..];

    /// <summary>
    /// Kernels multiply the gradient by a single factor. An adjustment that needs an exponent too is applied to copies of the gradients, which the
    /// kernels are then given.
    /// </summary>
    private void UpdateInPhase(RuleKernels<T> kernels, in KernelStreams<T> streams, in StepPhase<T> phase, in GradientAdjustment<T> adjustment)
    {
        if (adjustment.Exponent == 0)
        {
            kernels.UpdateInPhase(in streams, in phase);
        }
        else
        {
            scalarKernels.UpdateByCopies(in streams, in phase, adjustment);
        }
    }

    private StepPhase<T> PhaseAt(ParameterRun<T> run, int start, StepTile<T>? tile) => PhaseAt(run, start, KernelsFetchAhead && tile is null);

    private StepPhase<T> PhaseAt(ParameterRun<T> run, int start, bool fetchesAhead) => Average is null
        ? new StepPhase<T>(adjustment, KernelsZeroGradients, fetchesAhead)
        : new StepPhase<T>(adjustment, KernelsZeroGradients, fetchesAhead, ref Average.At(run, start), Average.Share);
}
