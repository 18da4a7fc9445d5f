using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Updates rows by the same kernels as ever, called for a row, or for the part of a row that lies in a tile.</summary>
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
        StepTile<T>? tile = state.IsTiled ? StepTile<T>.Of(state.Slots) : null;
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
                UpdateBlock(table, unit, tile!, takesStep);
            }
            else if (tile is not null)
            {
                UpdateRowByTiles(table, unit, tile, takesStep ? table.Gradients.Of(position) : default);
            }
            else
            {
                UpdateRow(table, unit, takesStep ? table.Gradients.Of(position) : default);
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
        int offset = table.Run.Offset + start;
        Prefetch.Range(ref table.Run.Values.At(offset), length);
        if (!state.IsTiled)
        {
            foreach (ref readonly ElementMemory<T> stream in table.Run.States.AsSpan())
            {
                Prefetch.Range(ref stream.At(offset), length);
            }

            return;
        }

        StoredState?[] stored = state.StoredOf(table.Run.Tensor);
        for (int i = 0; i < stored.Length; i++)
        {
            if (stored[i] is { } encoded)
            {
                encoded.Prefetch(start, length);
            }
            else
            {
                Prefetch.Range(ref table.Run.States[i].At(offset), length);
            }
        }
    }

    /// <summary>The steps that a row has missed, and then the current one if there is a gradient, where every state has the element type.</summary>
    private void UpdateRow(RowTable<T> table, int row, Span<T> gradients)
    {
        int start = row * table.Width;
        if (table.Missed is { } missed)
        {
            for (long step = missed.TakenBy(row); step < missed.Count; step++)
            {
                ref readonly KeptStep<T> kept = ref missed.At(step, out ParameterRun<T> run);
                UpdateRange(run, start, zeroGradients.AsSpan(0, table.Width), null, kept.Adjustment, kept.AverageShare);
            }
        }

        if (!gradients.IsEmpty)
        {
            UpdateRange(table.Run, start, gradients, null, adjustment, AverageShare);
        }
    }

    /// <summary>The same where a state is kept in another form, each element by itself.</summary>
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
        for (int position = table.Gradients.Find(start / table.Width); table.TryGetPart(position, start, count, out int from, out Span<T> part); position++)
        {
            UpdateRange(table.Run, from, part, tile, adjustment, AverageShare);
        }

        Encode(table, start, count, tile, optimizer.StepCount + 1);
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
                ref readonly KeptStep<T> kept = ref missed.At(step, out ParameterRun<T> run);
                Decode(table, start, count, tile);
                UpdateRange(run, start, zeroGradients.AsSpan(0, count), tile, kept.Adjustment, kept.AverageShare);
                Encode(table, start, count, tile, kept.Step);
            }
        }

        if (!gradients.IsEmpty)
        {
            Decode(table, start, count, tile);
            UpdateRange(table.Run, start, gradients, tile, adjustment, AverageShare);
            Encode(table, start, count, tile, optimizer.StepCount + 1);
        }
    }

    /// <summary>Moves the tile to the group of elements that share random bits with the first, and decodes the states of the elements.</summary>
    private void Decode(RowTable<T> table, int start, int count, StepTile<T> tile)
    {
        int lead = start % StoredState.EncodedTogether;
        tile.MoveTo(start - lead);
        StoredState?[] states = state.StoredOf(table.Run.Tensor);
        for (int i = 0; i < states.Length; i++)
        {
            states[i]?.Decode(coder, start, tile.Values(i, lead + count)[lead..]);
        }
    }

    private void Encode(RowTable<T> table, int start, int count, StepTile<T> tile, long step)
    {
        int lead = start % StoredState.EncodedTogether, tensor = table.Run.Tensor;
        StoredState?[] states = state.StoredOf(tensor);
        for (int i = 0; i < states.Length; i++)
        {
            states[i]?.Encode(coder, start, lead, tile.Values(i, lead + count), state.RoundingOf(tensor, i, step));
        }
    }

    /// <summary>Whole vectors by the kernels of the instruction set, the tail by the scalar kernels.</summary>
    /// <param name="run">The run, whose group has the scalars of the step.</param>
    /// <param name="start">The first element in the run.</param>
    /// <param name="gradients">The gradients of the elements, which are only read.</param>
    /// <param name="tile">The states that are kept in another form.</param>
    /// <param name="adjustment">How the gradients are scaled and clipped.</param>
    /// <param name="averageShare">The weight of the new parameter in the average.</param>
    private void UpdateRange(ParameterRun<T> run, int start, Span<T> gradients, StepTile<T>? tile, in GradientAdjustment<T> adjustment, T averageShare)
    {
        int vectorized = gradients.Length & -kernels.VectorLength;
        bool isPlain = Average is null && adjustment == GradientAdjustment<T>.None;
        if (vectorized > 0)
        {
            var streams = new KernelStreams<T>(run, start, gradients[..vectorized], tile);
            if (isPlain)
            {
                kernels.Update(in streams);
            }
            else
            {
                UpdateInPhase(kernels, in streams, PhaseAt(run, start, in adjustment, averageShare), in adjustment);
            }
        }

        if (vectorized < gradients.Length)
        {
            var streams = new KernelStreams<T>(run, start + vectorized, gradients[vectorized..], tile);
            if (isPlain)
            {
                scalarKernels.Update(in streams);
            }
            else
            {
                UpdateInPhase(scalarKernels, in streams, PhaseAt(run, start + vectorized, in adjustment, averageShare), in adjustment);
            }
        }
    }

    private void UpdateInPhase(RuleKernels<T> kernels, in KernelStreams<T> streams, in StepPhase<T> phase, in GradientAdjustment<T> adjustment)
    {
        if (adjustment.Exponent == 0)
        {
            kernels.UpdateInPhase(in streams, in phase);
        }
        else
        {
            scalarKernels.UpdateByCopies(in streams, in phase, adjustment);
        }
    }

    private StepPhase<T> PhaseAt(ParameterRun<T> run, int start, in GradientAdjustment<T> adjustment, T averageShare) => Average is null
        ? new StepPhase<T>(adjustment, zeroesGradients: false, fetchesAhead: false)
        : new StepPhase<T>(adjustment, zeroesGradients: false, fetchesAhead: false, ref Average.At(run, start), averageShare);
}
