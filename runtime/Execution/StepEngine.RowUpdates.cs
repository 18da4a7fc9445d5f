using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Updates units of a table: rows as lists, or the parts of rows that lie in a tile, where streams are kept in another form.</summary>
internal sealed partial class StepEngine<T>
{
    /// <summary>The gradients of a missed step.</summary>
    private T[] zeroGradients = [];

    /// <summary>The weight of a new parameter in the average; 0 if there is none.</summary>
    private T AverageShare => Average is null ? T.Zero : Average.Share;

    /// <summary>Updates units of a table. Several threads call it at the same time, for different units.</summary>
    /// <param name="table">The table.</param>
    /// <param name="units">All units of the pass.</param>
    /// <param name="start">The position of the first unit to update.</param>
    /// <param name="count">The number of units to update.</param>
    /// <param name="takesStep">Whether the current step is taken, after those that were missed.</param>
    internal void UpdateUnits(RowTable<T> table, in RowUnits units, int start, int count, bool takesStep)
    {
        if (HasRowStates && (table.IsTiled || !UsesRowKernels))
        {
            UpdateRowsOfTable(table, in units, start, count, takesStep);
        }
        else if (table.IsTiled)
        {
            UpdateTiledUnits(table, in units, start, count, takesStep);
        }
        else
        {
            UpdateRows(table, in units, start, count, takesStep);
        }
    }

    private void UpdateTiledUnits(RowTable<T> table, in RowUnits units, int start, int count, bool takesStep)
    {
        StepTile<T> tile = StepTile<T>.Of(state.Slots, table.Run.HasBFloat16Values, hasGradient: false);
        int distance = Prefetch.IsIn(optimizer.InstructionSet) ? table.PrefetchDistance : units.Count;
        for (int position = start; position < start + count; position++)
        {
            if (distance < units.Count - position)
            {
                PrefetchUnit(table, units[position + distance]);
            }

            int unit = units[position];
            if (table.HasBlocks)
            {
                UpdateBlock(table, unit, tile, takesStep);
            }
            else
            {
                UpdateRowByTiles(table, unit, tile, takesStep ? table.Gradients.Of(position) : default);
            }

            if (table.Missed is { } missed)
            {
                missed.TakenBy(unit) = missed.Count + (takesStep ? 1 : 0);
            }
        }
    }

    private void PrefetchUnit(RowTable<T> table, int unit)
    {
        (int start, int length) = table.RangeOf(unit);
        if (table.Values is { } values)
        {
            values.Prefetch(start, length);
        }
        else
        {
            Prefetch.Range(ref table.Run.Values.At(table.Run.Offset + start), length);
        }

        for (int i = 0; i < table.States.Length; i++)
        {
            if (state.IsOfRows(i))
            {
                Prefetch.Range(ref state.OfRows!.At(table.Parameter.Index, i, unit), 1);
            }
            else if (table.States[i] is { } encoded)
            {
                encoded.Prefetch(start, length);
            }
            else
            {
                Prefetch.Range(ref table.Run.States[i].At(table.Run.StateOffset + start), length);
            }
        }
    }

    /// <summary>The steps that a row has missed, and then the current one if there is a gradient, where streams are kept in another form, each element by itself.</summary>
    private void UpdateRowByTiles(RowTable<T> table, int row, StepTile<T> tile, Span<T> gradients)
    {
        int first = row * table.Width, end = first + table.Width;
        for (int start = first, next; start < end; start = next)
        {
            // Tiles end at multiples of their length, so that at most the first of a row begins within a group that shares random bits.
            next = Math.Min(end, (start | (StepTile<T>.Length - 1)) + 1);
            UpdateTile(table, row, start, next - start, tile, gradients.IsEmpty ? default : gradients[(start - first)..(next - first)]);
        }
    }

    /// <summary>
    /// The same where a state is kept in blocks that share a scale: all rows that have a part in a block are updated together. Of a row without a gradient,
    /// the values stand still (<see cref="RowUpdates.Lazy"/>), and the states are encoded again, by a scale that may be another.
    /// </summary>
    private void UpdateBlock(RowTable<T> table, int block, StepTile<T> tile, bool takesStep)
    {
        (int start, int count) = table.RangeOf(block);
        if (!takesStep)
        {
            UpdateTile(table, block, start, count, tile, default);
            return;
        }

        if (table.Missed is not null)
        {
            Span<T> gradients = stackalloc T[count];
            gradients.Clear();
            for (int position = table.Gradients.Find(start / table.Width); table.TryGetPart(position, start, count, out int from, out Span<T> part); position++)
            {
                part.CopyTo(gradients[(from - start)..]);
            }

            UpdateTile(table, block, start, count, tile, gradients);
            return;
        }

        Decode(table, start, count, tile);
        StochasticRounding? ofValues = state.RoundingOfParameter(table.Run.Tensor, rowStep.Step);
        for (int position = table.Gradients.Find(start / table.Width); table.TryGetPart(position, start, count, out int from, out Span<T> part); position++)
        {
            UpdateRange(table.Run, from, part, tile, in rowStep);
            table.Values?.Encode(coder, from, tile.Parameters(from - start + part.Length)[(from - start)..], ofValues);
        }

        EncodeStates(table, start, count, tile, rowStep.Step);
    }

    /// <summary>
    /// The steps that a unit has missed, and then the current one if there are gradients, for the elements of one tile. States are encoded and decoded between
    /// two steps, as a step over all elements does.
    /// </summary>
    private void UpdateTile(RowTable<T> table, int unit, int start, int count, StepTile<T> tile, Span<T> gradients)
    {
        if (table.Missed is { } missed)
        {
            for (long step = missed.TakenBy(unit); step < missed.Count; step++)
            {
                ref readonly RowStep<T> kept = ref missed.At(step, out ParameterRun<T> run);
                Decode(table, start, count, tile);
                UpdateRange(run, start, zeroGradients.AsSpan(0, count), tile, in kept);
                Encode(table, start, count, tile, kept.Step);
            }
        }

        if (!gradients.IsEmpty)
        {
            Decode(table, start, count, tile);
            UpdateRange(table.Run, start, gradients, tile, in rowStep);
            Encode(table, start, count, tile, rowStep.Step);
        }
    }

    /// <summary>Moves the tile to the group of elements that share random bits with the first, and decodes the elements.</summary>
    private void Decode(RowTable<T> table, int start, int count, StepTile<T> tile)
    {
        int lead = start % StoredState.EncodedTogether;
        tile.MoveTo(start - lead);
        table.Values?.Decode(coder, start, tile.Parameters(lead + count)[lead..]);
        for (int i = 0; i < table.States.Length; i++)
        {
            table.States[i]?.Decode(coder, start, tile.States(i, lead + count)[lead..]);
        }
    }

    private void Encode(RowTable<T> table, int start, int count, StepTile<T> tile, long step)
    {
        // Rows in bfloat16 begin where a group does.
        table.Values?.Encode(coder, start, tile.Parameters(count), state.RoundingOfParameter(table.Run.Tensor, step));
        EncodeStates(table, start, count, tile, step);
    }

    private void EncodeStates(RowTable<T> table, int start, int count, StepTile<T> tile, long step)
    {
        int lead = start % StoredState.EncodedTogether;
        for (int i = 0; i < table.States.Length; i++)
        {
            table.States[i]?.Encode(coder, start, lead, tile.States(i, lead + count), state.RoundingOf(table.Run.Tensor, i, step));
        }
    }

    /// <summary>Whole vectors by the kernels of the instruction set, the tail by the scalar kernels.</summary>
    /// <param name="run">The run, whose group has the scalars of the step.</param>
    /// <param name="start">The first element in the run.</param>
    /// <param name="gradients">The gradients of the elements, which are only read.</param>
    /// <param name="tile">What is kept in another form.</param>
    /// <param name="step">What the step does beside the rule.</param>
    private void UpdateRange(ParameterRun<T> run, int start, Span<T> gradients, StepTile<T>? tile, in RowStep<T> step)
    {
        int vectorized = gradients.Length & -kernels.VectorLength;
        if (!step.IsPlain)
        {
            UpdateRangeInPhase(run, start, gradients, vectorized, tile, in step);
            return;
        }

        if (vectorized > 0)
        {
            kernels.Update(new KernelStreams<T>(run, start, vectorized, tile, gradients));
        }

        if (vectorized < gradients.Length)
        {
            scalarKernels.Update(new KernelStreams<T>(run, start + vectorized, gradients.Length - vectorized, tile, gradients[vectorized..]));
        }
    }

    private void UpdateRangeInPhase(ParameterRun<T> run, int start, Span<T> gradients, int vectorized, StepTile<T>? tile, in RowStep<T> step)
    {
        if (vectorized > 0)
        {
            UpdateInPhase(kernels, new KernelStreams<T>(run, start, vectorized, tile, gradients), PhaseAt(run, start, in step), step.Adjustment);
        }

        if (vectorized < gradients.Length)
        {
            start += vectorized;
            var streams = new KernelStreams<T>(run, start, gradients.Length - vectorized, tile, gradients[vectorized..]);
            UpdateInPhase(scalarKernels, in streams, PhaseAt(run, start, in step), step.Adjustment);
        }
    }

    private StepPhase<T> PhaseAt(ParameterRun<T> run, int start, in RowStep<T> step, bool zeroesGradients = false) => Average is null
        ? new StepPhase<T>(step.Adjustment, zeroesGradients, fetchesAhead: false)
        : new StepPhase<T>(step.Adjustment, zeroesGradients, fetchesAhead: false, ref Average.At(run, start), step.AverageShare);
}
