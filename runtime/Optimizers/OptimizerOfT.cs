using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>The base of every generated optimizer: it keeps the state, checks what can be refused, and runs the kernel over the parameters.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract partial class Optimizer<T> : Optimizer
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For generated code: binds the optimizer to its parameters, whose layout is final from here on.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="parameters"/> has none.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected Optimizer(ParameterSet<T> parameters, OptimizerDefinition definition)
        : base(definition)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
        {
            throw new ArgumentException("The parameter set is empty; add the parameters before making the optimizer.", nameof(parameters));
        }

        parameters.Seal();
        Parameters = parameters;
        state = new OptimizerState<T>(definition.States, parameters.Blocks);
        tensors = ParameterRun<T>.OfTensors(parameters);
        tensorDivision = new Division(tensors.Select(tensor => tensor.Length));
        runs = definition.PerTensor ? tensors : ParameterRun<T>.Of(parameters);
        runDivision = definition.PerTensor ? tensorDivision : new Division(runs.Select(run => run.Length));
        survey = new GradientSurvey<T>(parameters, tensorDivision, runs, runDivision);
        if (definition.Reductions.Count > 0)
        {
            reductions = new Reductions<T>(definition.Reductions, tensors, tensorDivision, ReducePiece);
        }

        IsFromMemory = runDivision.ElementCount * Unsafe.SizeOf<T>() * (2 + definition.States.Count) >= Prefetch.FewestBytes;
        usedGroups = [.. runs.Select(run => run.Group).Distinct().Order()];
    }

    /// <summary>The parameters that a step updates.</summary>
    public ParameterSet<T> Parameters { get; }

    internal sealed override TrainingPoint TrainingPoint => Parameters.TrainingPoint;

    /// <summary>Whether a step goes over more than a cache holds until the next step.</summary>
    internal bool IsFromMemory { get; set; }

    private bool FetchesAhead => IsFromMemory && Prefetch.IsIn(InstructionSet);

    /// <inheritdoc/>
    public sealed override void ZeroGradients() => Parameters.ZeroGradients();

    /// <summary>
    /// Has every step from now on keep an exponential moving average of the parameters, which starts as they are now, in memory of their size. A second
    /// call gives the same average its new decay.
    /// </summary>
    /// <param name="decay">β in [0, 1), the weight of the past in the average.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is not in [0, 1).</exception>
    /// <exception cref="InvalidOperationException">An average is to start while the parameters stand at one (<see cref="EvaluatedAverages"/>).</exception>
    public ParameterAverage<T> AverageParameters(double decay)
    {
        if (average is null)
        {
            return average = new ParameterAverage<T>(this, decay);
        }

        average.Decay = decay;
        return average;
    }

    /// <summary>
    /// The state of one parameter, to be read or changed in place. The number of steps, and scalars that a rule keeps for a group or a tensor, are not among
    /// the states.
    /// </summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="name">A name from <see cref="OptimizerDefinition.States"/>.</param>
    /// <returns>As many elements as the parameter has, at the same positions.</returns>
    /// <exception cref="ArgumentException">The parameter is another set's, or the rule has no state of that name.</exception>
    public Span<T> GetState(Parameter<T> parameter, string name)
    {
        RequireOwn(parameter);
        int index = -1;
        for (int i = 0; i < Definition.States.Count; i++)
        {
            index = Definition.States[i].Name == name ? i : index;
        }

        return index >= 0
            ? state.Of(parameter.Block.Index)[index].Span.Slice(parameter.Offset, parameter.Length)
            : throw new ArgumentException(
                $"{Definition.Name} has no state '{name}'. It has: {string.Join(", ", Definition.States.Select(one => one.Name))}.", nameof(name));
    }

    /// <summary>Refuses a parameter of another set than the optimizer's.</summary>
    internal void RequireOwn(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Group.Owner != Parameters)
        {
            throw new ArgumentException($"Parameter '{parameter.Name}' belongs to another set than the optimizer's.", nameof(parameter));
        }
    }

    /// <summary>
    /// Implemented by generated code: checks the hyperparameters that hold for a group and computes its scalars for a step, in double,
    /// storing nothing that a refused step would have to take back.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void PrepareStep(long step, int group);

    /// <summary>Implemented by generated code: the results of the reductions over one block of elements.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void ReduceElements(int group, in KernelStreams<T> streams, Span<double> results)
    {
    }

    /// <summary>Implemented by generated code: computes the scalars of a group that need the results of reductions over everything.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void PrepareReduced(long step, int group, ReadOnlySpan<double> reductions)
    {
    }

    /// <summary>Implemented by generated code: computes the scalars of a tensor.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void PrepareTensor(long step, int group, int tensor, long elementCount, ReadOnlySpan<double> reductions)
    {
    }

    /// <summary>
    /// Implemented by generated code: runs the kernel of the chosen instruction set over one run of elements. The slot is the group's position, or the
    /// tensor's where the rule has scalars for each.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void UpdateElements(int slot, in KernelStreams<T> streams);

    /// <summary>Implemented by generated code: as <see cref="UpdateElements"/>, with what surrounds the rule in a step.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void UpdateElementsInPhase(int slot, in KernelStreams<T> streams, in StepPhase<T> phase) =>
        throw new NotSupportedException($"{Definition.Name} was not generated, and does nothing around its rule.");

    /// <summary>Implemented by generated code: as <see cref="UpdateElements"/>, by the user's own method.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void UpdateElementsByMethod(int slot, in KernelStreams<T> streams) =>
        throw new NotSupportedException($"{Definition.Name} is declared by attributes; it has no method.");

    /// <summary>Implemented by generated code: keeps the scalar state that a step has computed.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected virtual void CommitStep()
    {
    }

    /// <summary>For generated code: the position of a group of this optimizer's set.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected int IndexOf(ParameterGroup<T> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Owner == Parameters
            ? group.Index
            : throw new ArgumentException($"Group '{group.Name}' belongs to another parameter set than the optimizer's.", nameof(group));
    }
}
