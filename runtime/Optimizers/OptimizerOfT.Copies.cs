using System.Numerics;

namespace OptimGen;

/// <content>The update from adjusted copies of the gradients, for a factor that the kernels cannot take: see <see cref="GradientAdjustment{T}.Exponent"/>.</content>
public abstract partial class Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private void UpdateFromCopies(ParameterRun<T> run, int slot, int start, int length)
    {
        var copy = new T[Math.Min(length, Division.PieceLength)];
        for (int end = start + length; start < end; start += copy.Length)
        {
            int count = Math.Min(copy.Length, end - start);
            Span<T> own = run.Gradients.Slice(start, count), adjusted = copy.AsSpan(0, count);
            gradients.Adjustment.Apply(own, adjusted);
            UpdateElementsInPhase(slot, new KernelStreams<T>(run, state, start, adjusted), new StepPhase<T>(
                GradientAdjustment<T>.None, zeroesGradients: false,
                average is null ? [] : average.Of(run, start, count), average is null ? T.Zero : average.Share, FetchesAhead));
            if (ZeroGradientsAfterStep)
            {
                own.Clear();
            }
        }
    }
}
