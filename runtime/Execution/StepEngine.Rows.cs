using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// Tables: parameters that a step updates by rows (<see cref="Optimizer{T}.UpdateByRows"/>). Their dense gradients are not read. A step checks, clips and
/// counts their row gradients with all others.
/// </summary>
internal sealed partial class StepEngine<T>
{
    /// <summary>For each tensor its table; <see langword="null"/> if every step updates all of its elements.</summary>
    private readonly RowTable<T>?[] tables;
    private readonly RowPass<T> rowPass = new();
    private Func<Parameter<T>, bool>? isDense;

    /// <summary>The step that is being taken, as rows take it.</summary>
    private RowStep<T> rowStep;

    /// <summary>Whether any parameter is updated by rows.</summary>
    public bool HasTables { get; private set; }

    /// <summary>The table of a tensor, if it is updated by rows.</summary>
    public RowTable<T>? TableOf(int tensor) => tables[tensor];

    /// <summary>Has a parameter updated by rows from the next step on.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="updates">What happens to rows without a gradient.</param>
    /// <param name="limit">The largest number of steps that a row can miss.</param>
    public void UpdateByRows(Parameter<T> parameter, RowUpdates updates, int limit)
    {
        if (tables[parameter.Index] is { } current && current.Updates == updates && (current.Missed is null || current.Missed.Limit == limit))
        {
            return;
        }

        // The scalars of kept steps are lost when the rule allocates anew.
        CatchUp();
        var table = new RowTable<T>(parameter, tensors[parameter.Index], updates, state);
        tables[parameter.Index] = table;
        HasTables = true;
        SelectRowKernels();
        KeepSteps(of => of == table ? limit : of.Missed!.Limit);
        Divide();
        Array.Resize(ref zeroGradients, Math.Max(zeroGradients.Length, Math.Max(table.UnitLength, StepTile<T>.Length)));
    }

    /// <summary>Sets every gradient to zero, and forgets those of rows. The dense gradient of a table is not used, and not touched.</summary>
    public void ZeroGradients()
    {
        if (!HasTables)
        {
            parameters.ZeroGradients();
            return;
        }

        parameters.ZeroGradients(isDense ??= parameter => tables[parameter.Index] is null);
        foreach (RowTable<T>? table in tables)
        {
            table?.Gradients.Clear();
        }
    }

    /// <summary>Has all rows of all tables take the steps that they have missed.</summary>
    public void CatchUp()
    {
        foreach (RowTable<T>? table in tables)
        {
            CatchUp(table);
        }
    }

    /// <summary>Has all rows of a parameter take the steps that they have missed.</summary>
    public void CatchUp(Parameter<T> parameter) => CatchUp(tables[parameter.Index]);

    /// <summary>Has some rows of a table take the steps that they have missed; the indices have been checked.</summary>
    public void CatchUp(RowTable<T> table, ReadOnlySpan<int> rows)
    {
        if (table.Missed is { Count: > 0 })
        {
            CatchUp(table, table.UnitsOf(rows));
        }
    }

    /// <summary>After a checkpoint was loaded, in which every row stood at the same step.</summary>
    public void ResetRows()
    {
        foreach (RowTable<T>? table in tables)
        {
            table?.Missed?.Reset();
            table?.Gradients.Clear();
        }
    }

    /// <exception cref="NotSupportedException">The rule cannot be used by rows; the message names what it is that cannot.</exception>
    public void RequireRows(Parameter<T> parameter, RowUpdates updates)
    {
        OptimizerDefinition definition = rule.OptimizerDefinition;
        if (ranks is not null)
        {
            throw new NotSupportedException(
                $"'{parameter.Name}' cannot be updated by rows over ranks ({nameof(OptimizerOptions)}.{nameof(OptimizerOptions.Communicator)}): each keeps a part of the states only.");
        }

        if (definition.Reductions.Count > 0)
        {
            throw new NotSupportedException(
                $"{definition.Name} cannot update '{parameter.Name}' by rows: it computes {string.Join(", ", definition.Reductions.Select(one => $"'{one.Name}'"))} "
                + "over all elements in each step.");
        }

        int width = parameter.Length / parameter.Shape[0];
        if (parameter.ValueStorage == Storage.BFloat16 && width % StoredState.EncodedTogether != 0)
        {
            throw new NotSupportedException(
                $"'{parameter.Name}' is kept in bfloat16 and has rows of {width} elements; by rows, only those of a multiple of {StoredState.EncodedTogether} are updated there.");
        }

        if (updates == RowUpdates.CaughtUp && !rule.SeparatesGroups)
        {
            throw new NotSupportedException(
                $"{definition.Name} cannot catch up rows of '{parameter.Name}': its rule is written by hand and does not say that it {nameof(StepRule<T>.SeparatesGroups)}.");
        }
    }

    /// <summary>Gives the rule groups and tensors for the steps that tables keep. All rows must have taken every step.</summary>
    private void KeepSteps(Func<RowTable<T>, int> limitOf)
    {
        RowTable<T>[] caughtUp = [.. tables.OfType<RowTable<T>>().Where(table => table.Updates == RowUpdates.CaughtUp)];
        if (caughtUp.Length == 0)
        {
            return;
        }

        (int groups, int kept) = (parameters.Groups.Count, 0);
        foreach (RowTable<T> table in caughtUp)
        {
            int limit = limitOf(table);
            table.Missed = new MissedSteps<T>(limit, table.UnitCount, table.Run, groups + kept, isPerTensor ? tensors.Length + kept : null);
            kept = checked(kept + MissedSteps<T>.CapacityFor(limit));
        }

        rule.Allocate(checked(groups + kept), isPerTensor ? checked(tensors.Length + kept) : tensors.Length);
        optimizer.InvalidateSettings();
        preparedStep = NoStep;
        parameters.CatchUp -= CatchUp;
        parameters.CatchUp += CatchUp;
    }

    private void MergeRowGradients()
    {
        foreach (RowTable<T>? table in tables)
        {
            table?.Gradients.Merge();
        }
    }

    /// <summary>
    /// Has the rule compute the scalars of the step once more, for the groups of kept steps. Nothing else of the step depends on it, so that it may be refused
    /// here.
    /// </summary>
    private void KeepStep(long step)
    {
        rowStep = new RowStep<T>(step, adjustment, AverageShare, IsPlain: !isAdjusted && Average is null);
        foreach (RowTable<T>? table in tables)
        {
            if (table?.Missed is not { } missed)
            {
                continue;
            }

            int group = missed.FirstGroup + missed.NextPlace;
            optimizer.PrepareSettings(rule, table.Run.Group, group);
            if (preparesSteps)
            {
                double[] states = groupStates.Committed(table.Run.Group).ToArray();
                rule.PrepareStep(group, step, states);
            }

            if (isPerTensor && missed.FirstTensor is { } firstTensor)
            {
                double[] states = tensorStates.Committed(table.Run.Tensor).ToArray();
                rule.PrepareTensor(group, firstTensor + missed.NextPlace, step, table.Run.Length, [], states);
            }

            missed.Keep(in rowStep);
        }
    }

    /// <summary>Takes the step in every table: the rows with a gradient, and the share of the rows that has to be caught up.</summary>
    private void UpdateTables()
    {
        foreach (RowTable<T>? table in tables)
        {
            if (table is null)
            {
                continue;
            }

            if (table.Missed is { } missed)
            {
                (int first, int end) = missed.Overdue();
                rowPass.Run(this, table, RowUnits.Range(first, end - first), takesStep: false, optimizer.MaxDegreeOfParallelism);
            }

            rowPass.Run(this, table, table.UnitsOfGradients(), takesStep: true, optimizer.MaxDegreeOfParallelism);
            table.Missed?.Commit();
            table.Gradients.Clear();
        }
    }

    private void CatchUp(RowTable<T>? table)
    {
        if (table?.Missed is { Count: > 0 })
        {
            CatchUp(table, RowUnits.Range(0, table.UnitCount));
        }
    }

    private void CatchUp(RowTable<T> table, in RowUnits units)
    {
        int pinned = 0;
        try
        {
            Pin(ref pinned);
            rowPass.Run(this, table, in units, takesStep: false, optimizer.MaxDegreeOfParallelism);
        }
        finally
        {
            Unpin(pinned);
        }
    }
}
