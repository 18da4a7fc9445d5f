namespace OptimGen.CompilerServices;

/// <content>Updates of the rows of a table.</content>
public abstract partial class RuleKernels<T>
{
    /// <summary>
    /// Updates some rows, as <see cref="UpdateInPhase"/> would update each of them, but for the gradients, which are only read. The default implementation makes a
    /// call for each row.
    /// </summary>
    /// <param name="streams">The rows. The number of elements of each is a multiple of the vector length.</param>
    /// <param name="phase">What is done besides the rule. Its average is that of the table's first row.</param>
    public virtual void UpdateRows(in RowStreams<T> streams, in StepPhase<T> phase) => UpdateRowByRow(in streams, in phase);

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
