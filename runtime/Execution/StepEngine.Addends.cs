using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// Steps over a set with gradient addends. Where a step reads gradients before it updates, the sums are kept (<see cref="GradientSums{T}"/>), and the rest of the step
/// takes them for the gradients. Otherwise they are computed a few thousand elements at a time, and stay in the first-level cache until the kernel has read them.
/// </summary>
internal sealed partial class StepEngine<T>
{
    /// <summary>The sums, while they are kept.</summary>
    private GradientSums<T>? sums;

    /// <summary>Whether the sums are computed while parameters are updated.</summary>
    private bool AddsInStep => parameters.HasGradientAddends && sums is null;

    /// <summary>Whether kernels zero what they read; it is not the gradients where sums are kept.</summary>
    private bool KernelsZeroGradients => optimizer.ZeroGradientsAfterStep && sums is null;

    private bool ReadsGradientsBeforeUpdate =>
        optimizer.MaxGradientNorm is not null || optimizer.NonFiniteGradients is NonFiniteGradientPolicy.Throw or NonFiniteGradientPolicy.SkipStep
        || reductions is not null || HasRowStates;

    /// <summary>Computes the sums if they are to be kept.</summary>
    /// <returns>Whether all that are kept are finite.</returns>
    private bool PrepareSums()
    {
        bool keeps = parameters.HasGradientAddends && ReadsGradientsBeforeUpdate;
        if (keeps != (sums is not null))
        {
            sums = keeps ? new GradientSums<T>(parameters) : null;
            BindGradients();
        }

        return !keeps || sums!.Compute(runs, runDivision, optimizer.MaxDegreeOfParallelism, IsFromMemory);
    }

    /// <summary>Has runs read the gradients of the set, or the sums.</summary>
    private void BindGradients()
    {
        foreach (ParameterRun<T> run in tensors.Concat(runs))
        {
            run.ReadGradientsOf(parameters.Blocks[run.Block], sums);
            run.IsTiled = state.HasStoredStates || run.HasBFloat16Values || run.HasBFloat16Gradients;
        }

        areAllTiled = runs.All(run => run.IsTiled);
    }

    /// <summary>Takes a step over gradients of the set that may be a sum which has the addends in it (<see cref="ParameterSet{T}.AreAddendsInSum"/>).</summary>
    private StepResult StepOverSum(Func<StepResult> take)
    {
        long step = optimizer.StepCount;
        try
        {
            return take();
        }
        finally
        {
            parameters.AddAddends();
            if (optimizer.ZeroGradientsAfterStep && optimizer.StepCount > step)
            {
                foreach (GradientAddend<T> addend in parameters.GradientAddends)
                {
                    addend.Clear();
                }
            }
        }
    }

    private void UpdateOverAddends(ParameterRun<T> run, int start, int length)
    {
        Span<T> buffer = GradientSum.BufferOfThread<T>();
        for (int end = start + length; start < end; start += buffer.Length)
        {
            Span<T> sum = buffer[..Math.Min(buffer.Length, end - start)];
            GradientSum.Of(parameters, parameters.Blocks[run.Block], run.Offset + start, sum);
            UpdateOverSum(run, start, sum);
        }
    }

    /// <summary>Updates the elements of a tile, unless a sum is not finite.</summary>
    /// <returns>Whether it has.</returns>
    private bool UpdateIfSumIsFinite(ParameterRun<T> run, int start, int length)
    {
        Span<T> sum = GradientSum.BufferOfThread<T>()[..length];
        GradientSum.Of(parameters, parameters.Blocks[run.Block], run.Offset + start, sum);
        if (!FiniteCheck.AllFinite(ref sum[0], length, fetchesAhead: false))
        {
            return false;
        }

        if (run.IsTiled)
        {
            UpdateElements(run, start, length);
        }
        else
        {
            UpdateOverSum(run, start, sum);
        }

        return true;
    }

    private void UpdateOverSum(ParameterRun<T> run, int start, Span<T> sum)
    {
        UpdateElements(run, start, sum.Length, tile: null, sum);
        if (optimizer.ZeroGradientsAfterStep)
        {
            ZeroGradients(run, start, sum.Length);
        }
    }

    /// <summary>The kernel has zeroed the sum, or what is in a tile, alone.</summary>
    private void ZeroGradients(ParameterRun<T> run, int start, int count)
    {
        ParameterBlock<T> block = parameters.Blocks[run.Block];
        if (block.HasBFloat16Gradients)
        {
            MemoryMarshal.CreateSpan(ref block.BFloat16Gradients.At(run.Offset + start), count).Clear();
        }
        else
        {
            MemoryMarshal.CreateSpan(ref block.GradientElements.At(run.Offset + start), count).Clear();
        }

        foreach (GradientAddend<T> addend in parameters.GradientAddends)
        {
            addend.Clear(run.Block, run.Offset + start, count);
        }
    }
}
