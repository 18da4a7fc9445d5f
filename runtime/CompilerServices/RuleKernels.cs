using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen.CompilerServices;

/// <summary>The kernels of a rule for one instruction set.</summary>
/// <param name="vectorLength">
/// The number of elements that an update kernel is called with is a multiple of this, a power of two. The tail is updated by the scalar kernels. A
/// reduction is called with a multiple of 16, or, in the scalar kernels, with any number.
/// </param>
/// <typeparam name="T">The element type.</typeparam>
public abstract partial class RuleKernels<T>(int vectorLength)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of elements that an update kernel is called with is a multiple of this.</summary>
    internal int VectorLength { get; } = vectorLength;

    /// <summary>Updates the parameters and states of the elements by the rule.</summary>
    public abstract void Update(in KernelStreams<T> streams);

    /// <summary>
    /// Like <see cref="Update"/>, with the other operations of the step fused into the same pass: it scales and clips the gradient before the rule, and
    /// after it updates the moving average of the parameters and sets the gradient to zero. The default implementation uses <see cref="Update"/> on
    /// adjusted copies of the gradients, and separate passes.
    /// </summary>
    public virtual void UpdateInPhase(in KernelStreams<T> streams, in StepPhase<T> phase) => UpdateByCopies(in streams, in phase, phase.Adjustment);

    /// <summary>Does what <see cref="UpdateInPhase"/> does, by <see cref="Update"/> on adjusted copies of the gradients and by separate passes.</summary>
    internal void UpdateByCopies(in KernelStreams<T> streams, in StepPhase<T> phase, GradientAdjustment<T> adjustment)
    {
        const int BufferLength = 512;
        Span<T> copy = stackalloc T[BufferLength];
        int count = (int)streams.Count;
        for (int start = 0; start < count; start += BufferLength)
        {
            Span<T> adjusted = copy[..Math.Min(BufferLength, count - start)];
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

    /// <summary>Accumulates the values of a reduction over the elements into its sixteen lanes: element i into lane i mod 16.</summary>
    /// <param name="reduction">The position of the reduction in the definition.</param>
    /// <param name="streams">The elements.</param>
    /// <param name="phase">How the gradients are scaled and clipped.</param>
    /// <param name="lanes">The first of the sixteen lanes.</param>
    public virtual void Reduce(int reduction, in KernelStreams<T> streams, in StepPhase<T> phase, ref double lanes) =>
        throw new NotSupportedException("The rule defines reductions and has no kernel for them.");

    /// <summary>
    /// Adds what the rule assigns to a state of rows (<see cref="StateGranularity.Row"/>) to sixteen lanes: element i of the row to lane i mod 16, in double. Called
    /// as <see cref="Reduce"/>, for elements of one row from a multiple of 16 on.
    /// </summary>
    /// <param name="state">The position of the state in the definition, one of <see cref="StepRule{T}.AssignedRowStates"/>.</param>
    /// <param name="streams">The elements, whose states are as before the step.</param>
    /// <param name="phase">How the gradients are scaled and clipped.</param>
    /// <param name="lanes">The first of the sixteen lanes.</param>
    public virtual void ReduceRow(int state, in KernelStreams<T> streams, in StepPhase<T> phase, ref double lanes) =>
        throw new NotSupportedException("The rule assigns states of rows and has no kernel that sums over a row.");
}
