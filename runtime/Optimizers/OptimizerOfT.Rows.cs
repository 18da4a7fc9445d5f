namespace OptimGen;

/// <content>Steps over some rows of a parameter, such as the vectors of the words that occur in a batch.</content>
public abstract partial class Optimizer<T>
{
    /// <summary>The limit of <see cref="UpdateByRows"/> where none is given.</summary>
    private const int DefaultMostMissedSteps = 1024;

    /// <summary>The largest limit of <see cref="UpdateByRows"/>: each kept step takes the memory of its scalars, some ten numbers.</summary>
    internal const int LargestMostMissedSteps = 1 << 20;

    /// <summary>
    /// Has every following <see cref="Step()"/> update a parameter by rows: it updates the rows whose gradients were given to <see cref="AddRowGradients"/>, and
    /// treats the others as <paramref name="updates"/> says. The parameter's own <see cref="Parameter{T}.Gradients"/> are not used from here on. A row is what
    /// one index of the first dimension selects; the other dimensions are its elements. All other parameters are updated in the same step as ever, with the same
    /// step number, norm and checks.
    /// </summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="updates">What happens to rows without a gradient.</param>
    /// <param name="mostMissedSteps">
    /// For <see cref="RowUpdates.CaughtUp"/>, the largest number of steps that a row can miss, from 1 to 2²⁰. The scalars of as many steps are kept, and each
    /// step has a share of 1/<paramref name="mostMissedSteps"/> of all rows caught up, so that none misses more.
    /// </param>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="updates"/> or <paramref name="mostMissedSteps"/> is out of its range.</exception>
    /// <exception cref="NotSupportedException">
    /// The rule has reductions over tensors, which need every element; or <paramref name="updates"/> is <see cref="RowUpdates.CaughtUp"/>, and the rule is written
    /// by hand and does not say that it keeps the scalars of groups apart.
    /// </exception>
    public void UpdateByRows(Parameter<T> parameter, RowUpdates updates = RowUpdates.Lazy, int mostMissedSteps = DefaultMostMissedSteps)
    {
        RequireInSet(parameter);
        if (!Enum.IsDefined(updates))
        {
            throw new ArgumentOutOfRangeException(
                nameof(updates), updates, $"{nameof(updates)} is {updates}; it must be one of {string.Join(", ", Enum.GetNames<RowUpdates>())}.");
        }

        if (mostMissedSteps is < 1 or > LargestMostMissedSteps)
        {
            throw new ArgumentOutOfRangeException(
                nameof(mostMissedSteps), mostMissedSteps, $"{nameof(mostMissedSteps)} is {mostMissedSteps}; it must be from 1 to {LargestMostMissedSteps}.");
        }

        engine.RequireRows(parameter, updates);
        engine.UpdateByRows(parameter, updates, mostMissedSteps);
    }

    /// <summary>What happens to rows of a parameter that have no gradient; <see langword="null"/> if every step updates the whole parameter.</summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    public RowUpdates? RowUpdatesOf(Parameter<T> parameter)
    {
        RequireInSet(parameter);
        return engine.TableOf(parameter.Index)?.Updates;
    }

    /// <summary>
    /// Adds to the gradients of some rows for the next <see cref="Step()"/>, which uses them up; <see cref="ZeroGradients"/> forgets them, and a step that is
    /// refused or skipped keeps them. <see cref="Optimizer.MaxGradientNorm"/>, <see cref="Optimizer.MaxGradientValue"/>, <see cref="Optimizer.GradientScale"/> and
    /// <see cref="Optimizer.NonFiniteGradients"/> hold for them as for all others; a row gradient that is not finite refuses the whole step under
    /// <see cref="NonFiniteGradientPolicy.StepFinitePieces"/> too. For a parameter for which <see cref="UpdateByRows"/> was not called, this calls it, with
    /// <see cref="RowUpdates.Lazy"/>.
    /// </summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="indices">
    /// The rows, each from 0 to one less than the parameter's first dimension, in any order. A row that occurs several times, in one call or in several, has
    /// the sum of its gradients, added in the order in which they were given.
    /// </param>
    /// <param name="gradients">For each index the gradient of the row, one after the other. They are copied.</param>
    /// <exception cref="ArgumentException">
    /// The parameter belongs to another set, there are not as many gradients as the rows have elements, or their memory is that of values, states or the average
    /// of this optimizer.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is no row of the parameter.</exception>
    /// <exception cref="NotSupportedException">The rule has reductions over tensors.</exception>
    public void AddRowGradients(Parameter<T> parameter, ReadOnlySpan<int> indices, ReadOnlySpan<T> gradients)
    {
        RowTable<T> table = RequireGradients(parameter, indices, gradients);
        table.Gradients.Add(indices, gradients);
    }

    /// <summary>
    /// One step of an optimizer whose only parameter is a table: <see cref="AddRowGradients"/> and <see cref="Step()"/>, without a copy of the gradients; a step
    /// that is refused or skipped forgets them. In a model with more parameters, give each
    /// table its gradients by <see cref="AddRowGradients"/>, and then call <see cref="Step()"/> once, so that all parameters have the same step number.
    /// </summary>
    /// <inheritdoc cref="AddRowGradients"/>
    /// <inheritdoc cref="Optimizer.Step()"/>
    /// <returns>Whether the step was taken, and, if <see cref="Optimizer.MaxGradientNorm"/> is set, the norm of the gradients.</returns>
    /// <exception cref="InvalidOperationException">
    /// There are other parameters; or a hyperparameter is outside of its bounds; or the parameters are replaced by an average.
    /// </exception>
    public unsafe StepResult StepRows(Parameter<T> parameter, ReadOnlySpan<int> indices, ReadOnlySpan<T> gradients)
    {
        RequireInSet(parameter);
        if (Parameters.Count > 1)
        {
            throw new InvalidOperationException(
                $"{Definition.Name} has {Parameters.Count} parameters, which {nameof(StepRows)} would step one by one, each with another step number. "
                + $"Call {nameof(AddRowGradients)} for '{parameter.Name}', and then {nameof(Step)} for all of them.");
        }

        RowGradients<T> table = RequireGradients(parameter, indices, gradients).Gradients;
        if (!table.IsEmpty)
        {
            table.Add(indices, gradients);
            return Step();
        }

        fixed (T* pinned = gradients)
        {
            table.Borrow(indices, pinned);
            try
            {
                return Step();
            }
            finally
            {
                table.Clear();
            }
        }
    }

    /// <summary>
    /// Has all rows of all parameters take the steps that they have missed (<see cref="RowUpdates.CaughtUp"/>). To be called before values are read, as by an
    /// evaluation. Saving, reading states or averages, and changing how a parameter is updated call it themselves.
    /// </summary>
    public void CatchUp() => engine.CatchUp();

    /// <summary>Has all rows of a parameter take the steps that they have missed.</summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    public void CatchUp(Parameter<T> parameter)
    {
        RequireInSet(parameter);
        engine.CatchUp(parameter);
    }

    /// <summary>Has some rows take the steps that they have missed. To be called before their values are read, as by the forward pass of a batch.</summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="indices">The rows, in any order; one may occur several times.</param>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is no row of the parameter.</exception>
    public void CatchUp(Parameter<T> parameter, ReadOnlySpan<int> indices)
    {
        RequireInSet(parameter);
        RequireRows(parameter, indices);
        if (engine.TableOf(parameter.Index) is { } table)
        {
            engine.CatchUp(table, indices);
        }
    }

    /// <inheritdoc cref="StepEngine{T}.UsesRowKernels"/>
    internal bool UsesRowKernels
    {
        get => engine.UsesRowKernels;
        set => engine.UsesRowKernels = value;
    }

    /// <summary>For checkpoints: the table of a parameter, if it is updated by rows.</summary>
    internal RowTable<T>? TableOf(Parameter<T> parameter) => engine.TableOf(parameter.Index);

    /// <summary>
    /// The gradient that the next step takes: the parameter's with addends, or, where it is updated by rows, those of the rows that have one, one after the other.
    /// </summary>
    internal ReadOnlySpan<T> ReadGradients(Parameter<T> parameter)
    {
        if (TableOf(parameter) is not { } table)
        {
            return parameter.ReadGradients();
        }

        table.Gradients.Merge();
        return table.Gradients.Copy();
    }

    /// <summary>Moves the gradients of rows to those of the whole parameters, which no step reads, for what needs the gradient of every element.</summary>
    internal void ScatterRowGradients()
    {
        foreach (Parameter<T> parameter in Parameters)
        {
            if (TableOf(parameter) is { } table)
            {
                table.Gradients.Merge();
                table.Gradients.Scatter(parameter);
                table.Gradients.Clear();
            }
        }
    }

    /// <summary>Whether any parameter is updated by rows.</summary>
    internal bool HasTables => engine.HasTables;

    /// <summary>The refusal of a setting of a training loop that would change the gradients of all elements, where a parameter is updated by rows.</summary>
    /// <param name="setting">The setting and its value, such as <c>WeightPenalty is 0.1</c>.</param>
    /// <param name="reason">Why it cannot be, and what to do.</param>
    internal InvalidOperationException RowsRefuse(FormattableString setting, string reason) => new(
        $"{FormattableString.Invariant(setting)}, and '{Parameters.First(parameter => TableOf(parameter) is not null).Name}' is updated by rows: {reason}");

    /// <summary>For checkpoints: has all rows stand at the current step.</summary>
    internal void ResetRows() => engine.ResetRows();

    /// <summary>Checks the arguments, and has the parameter updated by rows.</summary>
    private RowTable<T> RequireGradients(Parameter<T> parameter, ReadOnlySpan<int> indices, ReadOnlySpan<T> gradients)
    {
        RequireInSet(parameter);
        RequireRows(parameter, indices);
        int width = parameter.Length / parameter.Shape[0];
        if (gradients.Length != (long)indices.Length * width)
        {
            throw new ArgumentException(
                $"There are {gradients.Length} gradients; {indices.Length} rows of '{parameter.Name}' with {width} elements each need {(long)indices.Length * width}.",
                nameof(gradients));
        }

        RequireSeparate(gradients);
        if (engine.TableOf(parameter.Index) is null)
        {
            UpdateByRows(parameter);
        }

        return engine.TableOf(parameter.Index)!;
    }

    private static void RequireRows(Parameter<T> parameter, ReadOnlySpan<int> indices)
    {
        int rows = parameter.Shape[0];
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)rows)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), indices[i], $"{nameof(indices)}[{i}] is {indices[i]}; '{parameter.Name}' has {rows} rows, so it must be from 0 to {rows - 1}.");
            }
        }
    }

    /// <summary>Refuses gradients in memory that a step writes.</summary>
    private void RequireSeparate(ReadOnlySpan<T> gradients)
    {
        foreach (ParameterBlock<T> block in Parameters.Blocks)
        {
            if (!block.HasBFloat16Values)
            {
                Require(gradients, block.Values.Span, "values of the parameters");
            }
        }

        foreach (ElementMemory<T>[] streams in State.Streams)
        {
            for (int i = 0; i < streams.Length; i++)
            {
                Require(gradients, streams[i].Span, $"the state '{Definition.States[i].Name}'");
            }
        }

        foreach (Memory<T> average in KeptAverage?.Blocks ?? [])
        {
            Require(gradients, average.Span, "the average of the parameters");
        }

        for (int i = 0; i < Definition.States.Count; i++)
        {
            foreach (Parameter<T> parameter in State.IsOfRows(i) ? Parameters : Enumerable.Empty<Parameter<T>>())
            {
                Require(gradients, State.MemoryOf(parameter, i).Span, $"the state '{Definition.States[i].Name}'");
            }
        }

        static void Require(ReadOnlySpan<T> gradients, ReadOnlySpan<T> written, string what)
        {
            if (gradients.Overlaps(written))
            {
                throw new ArgumentException($"The {gradients.Length} gradients are in the memory of {what}, which the step writes.", nameof(gradients));
            }
        }
    }
}
