using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Rules with states of rows over lists of rows whose streams all have the element type: for each state in the order of assignment a call sums over the rows of the list,
/// whose means are kept, and a last one updates them. Two calls for each row would take longer than their arithmetic.
/// </summary>
internal sealed partial class StepEngine<T>
{
    /// <summary>A step of some rows: the means, and then the elements.</summary>
    [SkipLocalsInit]
    private void UpdateRowsByMeans(RowTable<T> table, in RowStreams<T> streams, ParameterRun<T> run, in StepPhase<T> phase, in RowStep<T> step)
    {
        Span<T> numbers = stackalloc T[streams.RowCount * RowStreams<T>.RowStatesLength(run)];
        RowStreams<T> rows = streams.With(numbers);
        if (step.Adjustment.Exponent != 0)
        {
            for (int position = 0; position < rows.RowCount; position++)
            {
                UpdateRow(run, table, rows.IndexOf(position), rows.GradientsOf(position), rows.RowStatesOf(position), in step, zeroesGradients: false);
            }

            return;
        }

        KeepMeans(table, in rows, in phase);
        UpdateColumns(in rows, in phase);
    }

    /// <summary>The means of all states of rows that the rule assigns, each after those that it may depend on.</summary>
    [SkipLocalsInit]
    private void KeepMeans(RowTable<T> table, in RowStreams<T> rows, in StepPhase<T> phase)
    {
        foreach (int index in state.OfRows!.Indices)
        {
            ref T ofState = ref state.OfRows.At(table.Parameter.Index, index, 0);
            for (int position = 0; position < rows.RowCount; position++)
            {
                T number = Unsafe.Add(ref ofState, rows.IndexOf(position));
                rows.RowNumber(2 * index, position) = number;
                rows.RowNumber((2 * index) + 1, position) = number;
            }
        }

        Span<ReductionLanes> lanes = stackalloc ReductionLanes[rows.RowCount];
        foreach (int index in rowStateOrder)
        {
            MemoryMarshal.Cast<ReductionLanes, double>(lanes).Fill(-0.0);
            SumRows(index, in rows, in phase, ref lanes[0][0]);
            ref T ofState = ref state.OfRows.At(table.Parameter.Index, index, 0);
            for (int position = 0; position < lanes.Length; position++)
            {
                T mean = MeanOf(in lanes[position], rows.Width);
                Unsafe.Add(ref ofState, rows.IndexOf(position)) = mean;
                rows.RowNumber((2 * index) + 1, position) = mean;
            }
        }
    }

    /// <summary>Adds what is assigned to a state to the lanes of each row: by vectors as far as elements fill all lanes, the tail by the scalar kernels.</summary>
    private void SumRows(int index, in RowStreams<T> rows, in StepPhase<T> phase, ref double lanes)
    {
        int vectorized = rows.Width & -ReductionLanes.Count;
        if (vectorized > 0)
        {
            kernels.ReduceRows(index, rows.Columns(0, vectorized), in phase, ref lanes);
        }

        if (vectorized < rows.Width)
        {
            scalarKernels.ReduceRows(index, rows.Columns(vectorized, rows.Width - vectorized), in phase, ref lanes);
        }
    }

    /// <summary>Updates neighbouring rows of a parameter by its own gradients.</summary>
    /// <param name="run">The parameter, whose group and tensor have the scalars of the step.</param>
    /// <param name="table">The rows of the parameter.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="step">What the step does beside the rule.</param>
    private void UpdateNeighbours(ParameterRun<T> run, RowTable<T> table, int first, int count, in RowStep<T> step)
    {
        Span<int> list = stackalloc int[Math.Min(count, table.CachedRows)];
        ref T gradients = ref run.Gradients.At(run.Offset);
        for (int end = first + count; first < end; first += list.Length)
        {
            Span<int> rows = list[..Math.Min(list.Length, end - first)];
            for (int position = 0; position < rows.Length; position++)
            {
                rows[position] = first + position;
            }

            // The gradient of a row is as far from that of the first row as the row is from the first.
            var streams = new RowGradientStreams<T>(ref gradients, ref gradients, rows);
            UpdateRows(table, new RowStreams<T>(run, rows, rows.Length, table.Width, streams, RowPrefetch.None), run, in step);
            if (KernelsZeroGradients)
            {
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref gradients, first * table.Width), rows.Length * table.Width).Clear();
            }
        }
    }
}
