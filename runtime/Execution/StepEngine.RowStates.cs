using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Rules with states of rows (<see cref="StateGranularity.Row"/>), whose steps go over parameters by rows. For each such state in the order of assignment, kernels sum
/// what the rule assigns over the row, and the mean is kept; then the elements of the row are updated. A row reads nothing of another, so the bits depend neither on the
/// number of threads nor on the order of the rows. Here rows go one by one: those with streams in another form, or a factor that kernels cannot apply. All others go by lists.
/// </summary>
internal sealed partial class StepEngine<T>
{
    /// <summary>The states of rows that the rule assigns, in the order of assignment.</summary>
    private readonly int[] rowStateOrder;

    /// <summary>The rows of each tensor, if the rule has states of rows.</summary>
    private readonly RowTable<T>[] rowsOf;

    private bool HasRowStates => state.OfRows is not null;

    /// <exception cref="ArgumentException">The rule says that it assigns a state of rows that is none; the message names it.</exception>
    /// <exception cref="NotSupportedException">A parameter has rows that such states cannot be kept for; the message names it.</exception>
    private RowTable<T>[] RowsOfTensors()
    {
        foreach (int index in rowStateOrder)
        {
            if (!state.OfRows!.Indices.Contains(index))
            {
#pragma warning disable CA2208 // The parameter of the optimizer's constructor.
                throw new ArgumentException(
                    $"{nameof(StepRule<T>.AssignedRowStates)} of {rule.OptimizerDefinition.Name} has {index}, which is not the position of a state of rows.", nameof(rule));
#pragma warning restore CA2208
            }
        }

        if (ranks is not null)
        {
            throw new NotSupportedException(
                $"{rule.OptimizerDefinition.Name} has the state '{FirstRowState()}' with one number for each row, which cannot be divided among ranks "
                + $"({nameof(OptimizerOptions)}.{nameof(OptimizerOptions.Communicator)}): they own parts of rows.");
        }

        foreach (Parameter<T> parameter in parameters)
        {
            int width = parameter.Length / parameter.Shape[0];
            RequireWidth(parameter, width, state.HasBlocks, StorageCodec.BlockLength, "has states in blocks");
            RequireWidth(parameter, width, parameter.ValueStorage == Storage.BFloat16, StoredState.EncodedTogether, "is kept in bfloat16");
        }

        // For the shape and the streams of the rows; a parameter that is not updated by rows gives gradients of its own.
        return [.. parameters.Select(parameter => new RowTable<T>(parameter, tensors[parameter.Index], RowUpdates.Lazy, state))];
    }

    private void RequireWidth(Parameter<T> parameter, int width, bool isAsked, int multiple, string what)
    {
        if (isAsked && width % multiple != 0)
        {
            throw new NotSupportedException(
                $"'{parameter.Name}' {what} and has rows of {width} elements; beside the state '{FirstRowState()}' of {rule.OptimizerDefinition.Name}, which has one number "
                + $"for each row, rows must have a multiple of {multiple}.");
        }
    }

    private string FirstRowState() => rule.OptimizerDefinition.States[state.OfRows!.Indices[0]].Name;

    /// <summary>Updates elements of a parameter that are whole rows, by its own gradients.</summary>
    private void UpdateWholeRows(ParameterRun<T> run, int start, int length)
    {
        RowTable<T> rows = rowsOf[run.Tensor];
        var step = new RowStep<T>(optimizer.StepCount + 1, adjustment, AverageShare, IsPlain: !isAdjusted && Average is null && !KernelsZeroGradients);
        Span<T> numbers = stackalloc T[2 * rule.OptimizerDefinition.States.Count];
        if (!run.IsTiled && UsesRowKernels)
        {
            UpdateNeighbours(run, rows, start / rows.Width, length / rows.Width, in step);
            return;
        }

        for (int first = start; first < start + length; first += rows.Width)
        {
            if (run.IsTiled)
            {
                UpdateTiledRow(run, rows, first / rows.Width, default, numbers, in step);
            }
            else
            {
                Span<T> gradients = MemoryMarshal.CreateSpan(ref run.Gradients.At(run.Offset + first), rows.Width);
                UpdateRow(run, rows, first / rows.Width, gradients, numbers, in step, KernelsZeroGradients);
            }
        }
    }

    /// <summary>Updates rows of a table: the steps that they have missed, and then the current one.</summary>
    private void UpdateRowsOfTable(RowTable<T> table, in RowUnits units, int start, int count, bool takesStep)
    {
        Span<T> numbers = stackalloc T[2 * rule.OptimizerDefinition.States.Count];
        int distance = Prefetch.IsIn(optimizer.InstructionSet) ? table.PrefetchDistance : units.Count;
        for (int position = start; position < start + count; position++)
        {
            if (distance < units.Count - position)
            {
                PrefetchUnit(table, units[position + distance]);
            }

            int row = units[position];
            if (table.Missed is { } missed)
            {
                ref long taken = ref missed.TakenBy(row);
                for (long step = taken; step < missed.Count; step++)
                {
                    ref readonly RowStep<T> kept = ref missed.At(step, out ParameterRun<T> run);
                    UpdateRowOfTable(run, table, row, zeroGradients.AsSpan(0, table.Width), numbers, in kept);
                }

                taken = missed.Count + (takesStep ? 1 : 0);
            }

            if (takesStep)
            {
                UpdateRowOfTable(table.Run, table, row, table.Gradients.Of(position), numbers, in rowStep);
            }
        }
    }

    private void UpdateRowOfTable(ParameterRun<T> run, RowTable<T> table, int row, Span<T> gradients, Span<T> numbers, in RowStep<T> step)
    {
        if (table.IsTiled)
        {
            UpdateTiledRow(run, table, row, gradients, numbers, in step);
        }
        else
        {
            UpdateRow(run, table, row, gradients, numbers, in step, zeroesGradients: false);
        }
    }

    /// <summary>A row whose streams all have the element type.</summary>
    /// <param name="run">The run, whose group and tensor have the scalars of the step.</param>
    /// <param name="rows">The rows of the parameter.</param>
    /// <param name="row">The row.</param>
    /// <param name="gradients">The gradients of its elements.</param>
    /// <param name="numbers">Memory for the numbers of the row that kernels take, two for each state.</param>
    /// <param name="step">What the step does beside the rule.</param>
    /// <param name="zeroesGradients">Whether the gradients are set to zero.</param>
    private void UpdateRow(ParameterRun<T> run, RowTable<T> rows, int row, Span<T> gradients, Span<T> numbers, in RowStep<T> step, bool zeroesGradients)
    {
        if (step.Adjustment.Exponent != 0)
        {
            T[] adjusted = new T[gradients.Length];
            step.Adjustment.Apply(gradients, adjusted);
            UpdateRow(run, rows, row, adjusted, numbers, step with { Adjustment = GradientAdjustment<T>.None }, zeroesGradients: false);
            if (zeroesGradients)
            {
                gradients.Clear();
            }

            return;
        }

        int start = row * rows.Width;
        var phase = new StepPhase<T>(step.Adjustment, zeroesGradients: false, fetchesAhead: false);
        ReadNumbers(rows, row, numbers);
        foreach (int index in rowStateOrder)
        {
            Unsafe.SkipInit(out ReductionLanes lanes);
            lanes.BeginAtNegativeZero();
            SumRow(index, run, start, gradients, null, numbers, in phase, ref lanes);
            KeepMean(rows, row, index, in lanes, numbers);
        }

        UpdatePart(run, start, gradients, null, numbers, in step, zeroesGradients);
    }

    /// <summary>
    /// A row of which a stream is kept in another form. It is decoded a tile at a time, once for each mean and once for the update, after which it is encoded.
    /// The gradients are empty where they are the parameter's, which are then decoded or summed.
    /// </summary>
    private void UpdateTiledRow(ParameterRun<T> run, RowTable<T> rows, int row, Span<T> gradients, Span<T> numbers, in RowStep<T> step)
    {
        StepTile<T> tile = TileOf(run);
        int first = row * rows.Width, end = first + rows.Width;
        RowStep<T> adjustedStep = step.Adjustment.Exponent == 0 ? step : step with { Adjustment = GradientAdjustment<T>.None };
        Span<T> adjusted = stackalloc T[step.Adjustment.Exponent == 0 ? 0 : StepTile<T>.Length];
        var phase = new StepPhase<T>(adjustedStep.Adjustment, zeroesGradients: false, fetchesAhead: false);
        ReadNumbers(rows, row, numbers);
        foreach (int index in rowStateOrder)
        {
            Unsafe.SkipInit(out ReductionLanes lanes);
            lanes.BeginAtNegativeZero();
            for (int start = first; start < end; start += StepTile<T>.Length)
            {
                int count = Math.Min(StepTile<T>.Length, end - start);
                Decode(rows, start, count, tile);
                SumRow(index, run, start, GradientsOf(run, start, count, gradients, start - first, tile, adjusted, in step), tile, numbers, in phase, ref lanes);
            }

            KeepMean(rows, row, index, in lanes, numbers);
        }

        for (int start = first, next; start < end; start = next)
        {
            // Tiles end at multiples of their length, so that at most the first of a row begins within a group that shares random bits.
            next = Math.Min(end, (start | (StepTile<T>.Length - 1)) + 1);
            Decode(rows, start, next - start, tile);
            UpdatePart(run, start, GradientsOf(run, start, next - start, gradients, start - first, tile, adjusted, in step), tile, numbers, in adjustedStep, zeroesGradients: false);
            Encode(rows, start, next - start, tile, step.Step);
            if (gradients.IsEmpty && KernelsZeroGradients)
            {
                ZeroGradients(run, start, next - start);
            }
        }
    }

    /// <summary>The gradients of a part of a row, adjusted already where kernels cannot do it.</summary>
    private Span<T> GradientsOf(
        ParameterRun<T> run, int start, int count, Span<T> ofRow, int position, StepTile<T> tile, Span<T> adjusted, in RowStep<T> step)
    {
        Span<T> gradients;
        if (!ofRow.IsEmpty)
        {
            gradients = ofRow.Slice(position, count);
        }
        else if (tile.HasGradient)
        {
            gradients = ReadGradients(tile, run, start, count);
        }
        else
        {
            gradients = MemoryMarshal.CreateSpan(ref run.Gradients.At(run.Offset + start), count);
        }

        if (step.Adjustment.Exponent == 0)
        {
            return gradients;
        }

        step.Adjustment.Apply(gradients, adjusted[..count]);
        return adjusted[..count];
    }

    /// <summary>The numbers of a row before the step.</summary>
    private void ReadNumbers(RowTable<T> rows, int row, Span<T> numbers)
    {
        foreach (int index in state.OfRows!.Indices)
        {
            T number = state.OfRows.At(rows.Parameter.Index, index, row);
            (numbers[2 * index], numbers[(2 * index) + 1]) = (number, number);
        }
    }

    private void KeepMean(RowTable<T> rows, int row, int index, in ReductionLanes lanes, Span<T> numbers)
    {
        T mean = MeanOf(in lanes, rows.Width);
        state.OfRows!.At(rows.Parameter.Index, index, row) = mean;
        numbers[(2 * index) + 1] = mean;
    }

    /// <summary>The mean of what is assigned: s ← (1/n)Σx, in double, rounded to the element type.</summary>
    private static T MeanOf(in ReductionLanes lanes, int width)
    {
        double wide = lanes.Sum() / width;
        // For float, a direct cast: the generic method is a chain of calls.
        return typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)wide) : T.CreateTruncating(wide);
    }

    /// <summary>Adds what is assigned for elements of a row to the lanes.</summary>
    private void SumRow(
        int index, ParameterRun<T> run, int start, Span<T> gradients, StepTile<T>? tile, Span<T> numbers, in StepPhase<T> phase, ref ReductionLanes lanes)
    {
        int vectorized = gradients.Length & -ReductionLanes.Count;
        if (vectorized > 0)
        {
            kernels.ReduceRow(index, new KernelStreams<T>(run, start, vectorized, tile, gradients, numbers), in phase, ref lanes[0]);
        }

        if (vectorized < gradients.Length)
        {
            var tail = new KernelStreams<T>(run, start + vectorized, gradients.Length - vectorized, tile, gradients[vectorized..], numbers);
            scalarKernels.ReduceRow(index, in tail, in phase, ref lanes[0]);
        }
    }

    /// <summary>Updates elements of a row: whole vectors by the kernels of the instruction set, the tail by the scalar kernels.</summary>
    private void UpdatePart(
        ParameterRun<T> run, int start, Span<T> gradients, StepTile<T>? tile, Span<T> numbers, in RowStep<T> step, bool zeroesGradients)
    {
        int vectorized = gradients.Length & -kernels.VectorLength;
        if (vectorized > 0)
        {
            Update(kernels, run, start, new KernelStreams<T>(run, start, vectorized, tile, gradients, numbers), in step, zeroesGradients);
        }

        if (vectorized < gradients.Length)
        {
            start += vectorized;
            var tail = new KernelStreams<T>(run, start, gradients.Length - vectorized, tile, gradients[vectorized..], numbers);
            Update(scalarKernels, run, start, in tail, in step, zeroesGradients);
        }
    }

    private void Update(RuleKernels<T> kernels, ParameterRun<T> run, int start, in KernelStreams<T> streams, in RowStep<T> step, bool zeroesGradients)
    {
        if (step.IsPlain)
        {
            kernels.Update(in streams);
        }
        else
        {
            kernels.UpdateInPhase(in streams, PhaseAt(run, start, in step, zeroesGradients));
        }
    }
}
