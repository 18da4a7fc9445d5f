using System.Runtime.CompilerServices;

namespace OptimGen.CompilerServices;

/// <content>Updates of the rows of a table, and sums over them.</content>
public abstract partial class RuleKernels<T>
{
    /// <summary>
    /// Updates some rows, as <see cref="UpdateInPhase"/> would update each of them, but for the gradients, which are only read. The default implementation makes a
    /// call for each row.
    /// </summary>
    /// <param name="streams">The rows. The number of elements of each is a multiple of the vector length.</param>
    /// <param name="phase">What is done besides the rule. Its average is that of the table's first row.</param>
    public virtual void UpdateRows(in RowStreams<T> streams, in StepPhase<T> phase) => UpdateRowByRow(in streams, in phase);

    /// <summary>
    /// Adds what the rule assigns to a state of rows (<see cref="StateGranularity.Row"/>) to the lanes of some rows, as <see cref="ReduceRow"/> does for each of them.
    /// The default implementation makes a call for each row.
    /// </summary>
    /// <param name="state">The position of the state in the definition, one of <see cref="StepRule{T}.AssignedRowStates"/>.</param>
    /// <param name="streams">
    /// The rows, whose states are as before the step. The number of elements of each is a multiple of 16, or, in the scalar kernels, any number; they begin at a
    /// multiple of 16 in their row.
    /// </param>
    /// <param name="phase">How the gradients are scaled and clipped.</param>
    /// <param name="lanes">The first of the sixteen lanes of the first row; those of the other rows follow.</param>
    public virtual void ReduceRows(int state, in RowStreams<T> streams, in StepPhase<T> phase, ref double lanes)
    {
        for (int position = 0; position < streams.RowCount; position++)
        {
            ReduceRow(state, streams.Row(position), in phase, ref Unsafe.Add(ref lanes, position * ReductionLanes.Count));
        }
    }

    /// <summary>Does what <see cref="UpdateRows"/> does, by a call of <see cref="Update"/> or <see cref="UpdateInPhase"/> for each row.</summary>
    internal void UpdateRowByRow(in RowStreams<T> streams, in StepPhase<T> phase)
    {
        bool isPlain = !phase.AdjustsGradients && !phase.AveragesParameters;
        for (int position = 0; position < streams.RowCount; position++)
        {
            streams.PrefetchAhead(position);
            if (isPlain)
            {
                Update(streams.Row(position));
            }
            else
            {
                UpdateInPhase(streams.Row(position), phase.At(streams.Start(position)));
            }
        }
    }
}
