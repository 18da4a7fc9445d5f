using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Updates rows whose streams all have the element type. A kernel is given a list of rows: a row of 64 elements takes about 60 ns, and a call for each would take a
/// third of that.
/// </summary>
internal sealed partial class StepEngine<T>
{
    /// <summary>
    /// The kernels by which the columns of a row are updated, the widest first: what is left by vectors of 512 bits goes by vectors of 256 bits, before the scalar
    /// kernels have the rest. A row of 300 floats has twelve left, which would take as long as half of the others.
    /// </summary>
    private RuleKernels<T>[] rowKernels = [];

    /// <summary>Whether the kernels over lists of rows are used where the rule has them. Tests compare with a call for each row.</summary>
    public bool UsesRowKernels { get; set; } = true;

    /// <summary>Updates rows; several threads call it at the same time, for different rows.</summary>
    private void UpdateRows(RowTable<T> table, in RowUnits units, int start, int count, bool takesStep)
    {
        // Rows that several calls go over, one for each missed step, for a mean or for the tail, stay in the cache between the calls.
        bool isOneCall = table.Missed is null && !HasRowStates && table.Width % kernels.VectorLength == 0;
        int together = isOneCall ? count : table.CachedRows;
        bool prefetches = Prefetch.IsIn(optimizer.InstructionSet);
        // The kernels of the update prefetch, where they are vector kernels and the first to touch the rows.
        bool prefetchesRows = prefetches && (table.Missed is not null || HasRowStates || table.Width < rowKernels[^2].VectorLength);
        if (prefetchesRows)
        {
            PrefetchRows(table, in units, start, Math.Min(together, count));
        }

        for (int first = start, end = start + count; start < end; start += together)
        {
            int rows = Math.Min(together, end - start);
            if (prefetchesRows)
            {
                PrefetchRows(table, in units, start + rows, Math.Min(together, end - start - rows));
            }

            if (table.Missed is { } missed)
            {
                CatchUpRows(table, missed, in units, start, rows, takesStep);
            }

            if (takesStep)
            {
                RowPrefetch prefetch = !prefetches || prefetchesRows ? RowPrefetch.None
                    : new RowPrefetch(table.PrefetchDistance, start == first ? 0 : table.PrefetchDistance, end - start);
                var streams = new RowStreams<T>(table.Run, units.From(start), rows, table.Width, table.Gradients.From(start), prefetch);
                UpdateRows(table, in streams, table.Run, in rowStep);
            }
        }
    }

    /// <summary>
    /// The steps that some rows have missed, by the kernels of the step, with gradients of zero. A step is one call for all rows that have missed it: those that stand
    /// at earlier steps join those that stand at later ones.
    /// </summary>
    private void CatchUpRows(RowTable<T> table, MissedSteps<T> missed, in RowUnits units, int start, int count, bool takesStep)
    {
        Span<long> taken = stackalloc long[count];
        Span<int> rows = stackalloc int[count], sources = stackalloc int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = units[start + i];
            taken[i] = missed.TakenBy(rows[i]);
        }

        taken.Sort(rows);
        sources.Clear();
        var gradients = new RowGradientStreams<T>(ref zeroGradients[0], ref zeroGradients[0], sources);
        int behind = 0;
        for (long step = taken[0]; step < missed.Count; step++)
        {
            while (behind < count && taken[behind] <= step)
            {
                behind++;
            }

            ref readonly RowStep<T> kept = ref missed.At(step, out ParameterRun<T> run);
            UpdateRows(table, new RowStreams<T>(run, rows, behind, table.Width, gradients, RowPrefetch.None), run, in kept);
        }

        foreach (int row in rows)
        {
            missed.TakenBy(row) = missed.Count + (takesStep ? 1 : 0);
        }
    }

    private void SelectRowKernels()
    {
        bool hasNarrower = optimizer.InstructionSet == InstructionSet.Avx512 && InstructionSets.IsSupported(InstructionSet.Avx2);
        rowKernels = [kernels, .. hasNarrower ? [rule.KernelsFor(InstructionSet.Avx2)] : Array.Empty<RuleKernels<T>>(), scalarKernels];
    }

    /// <summary>A step of some rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="streams">The rows.</param>
    /// <param name="run">The table, whose group has the scalars of the step.</param>
    /// <param name="step">What the step does beside the rule.</param>
    private void UpdateRows(RowTable<T> table, in RowStreams<T> streams, ParameterRun<T> run, in RowStep<T> step)
    {
        StepPhase<T> phase = PhaseAt(run, 0, in step);
        if (HasRowStates)
        {
            UpdateRowsByMeans(table, in streams, run, in phase, in step);
        }
        else if (step.Adjustment.Exponent != 0)
        {
            for (int position = 0; position < streams.RowCount; position++)
            {
                scalarKernels.UpdateByCopies(streams.Row(position), phase.At(streams.Start(position)), step.Adjustment);
            }
        }
        else
        {
            UpdateColumns(in streams, in phase);
        }
    }

    /// <summary>As many columns of each row as are whole vectors of each kernel in turn.</summary>
    private void UpdateColumns(in RowStreams<T> streams, in StepPhase<T> phase)
    {
        int column = 0;
        foreach (RuleKernels<T> kernels in rowKernels)
        {
            int count = (streams.Width - column) & -kernels.VectorLength;
            if (count > 0)
            {
                UpdateRows(kernels, streams.Columns(column, count), phase.At((nuint)column));
                column += count;
            }
        }
    }

    private void UpdateRows(RuleKernels<T> kernels, in RowStreams<T> streams, in StepPhase<T> phase)
    {
        if (UsesRowKernels)
        {
            kernels.UpdateRows(in streams, in phase);
        }
        else
        {
            kernels.UpdateRowByRow(in streams, in phase);
        }
    }

    /// <summary>Prefetches rows of a table whose streams all have the element type, one stream after the other.</summary>
    private void PrefetchRows(RowTable<T> table, in RowUnits units, int start, int count)
    {
        (int width, int end) = (table.Width, start + count);
        ref T values = ref table.Run.Values.At(table.Run.Offset);
        for (int position = start; position < end; position++)
        {
            Prefetch.Range(ref Unsafe.Add(ref values, units[position] * width), width);
        }

        for (int i = 0; i < table.States.Length; i++)
        {
            bool isOfRows = state.IsOfRows(i);
            (int stride, int length) = isOfRows ? (1, 1) : (width, width);
            ref T elements = ref isOfRows ? ref state.OfRows!.At(table.Parameter.Index, i, 0) : ref table.Run.States[i].At(table.Run.StateOffset);
            for (int position = start; position < end; position++)
            {
                Prefetch.Range(ref Unsafe.Add(ref elements, units[position] * stride), length);
            }
        }
    }
}
