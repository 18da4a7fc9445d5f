using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Steps over a set with gradient addends, whose kernels are given the sum of a few thousand elements in the first-level cache.</summary>
internal sealed partial class StepEngine<T>
{
    private void UpdateOverAddends(ParameterRun<T> run, int start, int length)
    {
        Span<T> buffer = GradientSum.BufferOfThread<T>();
        for (int end = start + length; start < end; start += buffer.Length)
        {
            Span<T> sum = buffer[..Math.Min(buffer.Length, end - start)];
            GradientSum.Of(parameters, parameters.Blocks[run.Block], run.Offset + start, sum);
            UpdateElements(run, start, sum.Length, tile: null, sum);
            if (optimizer.ZeroGradientsAfterStep)
            {
                ZeroGradients(run, start, sum.Length);
            }
        }
    }

    private void ReduceOverAddends(ParameterRun<T> tensor, int start, int length, Span<ReductionLanes> lanes)
    {
        Span<T> buffer = GradientSum.BufferOfThread<T>();
        for (int end = start + length; start < end; start += buffer.Length)
        {
            Span<T> sum = buffer[..Math.Min(buffer.Length, end - start)];
            GradientSum.Of(parameters, parameters.Blocks[tensor.Block], tensor.Offset + start, sum);
            ReduceElements(tensor, start, sum.Length, lanes, tile: null, sum);
        }
    }

    /// <summary>The kernel has zeroed the sum, or what is in a tile, alone.</summary>
    private void ZeroGradients(ParameterRun<T> run, int start, int count)
    {
        if (run.HasBFloat16Gradients)
        {
            run.BFloat16GradientsOf(start, count).Clear();
        }
        else
        {
            MemoryMarshal.CreateSpan(ref run.Gradients.At(run.Offset + start), count).Clear();
        }

        foreach (GradientAddend<T> addend in parameters.GradientAddends)
        {
            addend.Clear(run.Block, run.Offset + start, count);
        }
    }
}
