using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen.CompilerServices;

/// <summary>The kernels of a rule for one instruction set.</summary>
/// <param name="vectorLength">
/// What the number of elements is a multiple of when a kernel is called, a power of two; what is left goes to the scalar kernels. A reduction is called with
/// a multiple of 16.
/// </param>
/// <typeparam name="T">The element type.</typeparam>
public abstract class RuleKernels<T>(int vectorLength)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the number of elements is a multiple of.</summary>
    internal int VectorLength { get; } = vectorLength;

    /// <summary>Updates the parameters and states of some elements by the rule.</summary>
    public abstract void Update(in KernelStreams<T> streams);

    /// <summary>
    /// As <see cref="Update"/>, with what surrounds the rule: the gradient is scaled and clipped before it, the average of the parameters is kept and the
    /// gradient set to zero after it. A kernel that does not do it by itself is called with adjusted copies of the gradients.
    /// </summary>
    public virtual void UpdateInPhase(in KernelStreams<T> streams, in StepPhase<T> phase) => UpdateByCopies(in streams, in phase, phase.Adjustment);

    /// <summary>The update of what <see cref="UpdateInPhase"/> is asked for, by <see cref="Update"/> and by passes of their own around it.</summary>
    internal void UpdateByCopies(in KernelStreams<T> streams, in StepPhase<T> phase, GradientAdjustment<T> adjustment)
    {
        const int Together = 512;
        Span<T> copy = stackalloc T[Together];
        int count = (int)streams.Count;
        for (int start = 0; start < count; start += Together)
        {
            Span<T> adjusted = copy[..Math.Min(Together, count - start)];
            adjustment.Apply(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref streams.Gradient, start), adjusted.Length), adjusted);
            Update(streams.Slice(start, adjusted));
        }

        for (int i = 0; phase.AveragesParameters && i < count; i++)
        {
            ref T average = ref Unsafe.Add(ref phase.Average, i);
            average += phase.AverageShare * (Unsafe.Add(ref streams.Parameter, i) - average);
        }

        for (int i = 0; phase.ZeroesGradients && i < count; i++)
        {
            Unsafe.Add(ref streams.Gradient, i) = T.Zero;
        }
    }

    /// <summary>Adds what a reduction makes of some elements to its sixteen lanes: element i to lane i mod 16.</summary>
    /// <param name="reduction">The position in the definition.</param>
    /// <param name="streams">The elements.</param>
    /// <param name="phase">How the rule sees the gradients.</param>
    /// <param name="lanes">The first of the lanes.</param>
    public virtual void Reduce(int reduction, in KernelStreams<T> streams, in StepPhase<T> phase, ref double lanes) =>
        throw new NotSupportedException("The rule defines reductions and has no kernel for them.");
}
