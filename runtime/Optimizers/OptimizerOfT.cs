using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>The base of every generated optimizer: it keeps the state, checks what can be refused, and runs the kernel over the parameters.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Optimizer<T> : Optimizer
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OptimizerState<T> state;
    private readonly ParameterRun<T>[] runs;
    private readonly int[] usedGroups;

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
        runs = ParameterRun<T>.Of(parameters);
        usedGroups = [.. runs.Select(run => run.Group).Distinct().Order()];
    }

    /// <summary>The parameters that a step updates.</summary>
    public ParameterSet<T> Parameters { get; }

    /// <inheritdoc/>
    public sealed override void Step()
    {
        long step = StepCount + 1;
        foreach (int group in usedGroups)
        {
            PrepareStep(step, group);
        }

        if (RefuseNonFiniteGradients)
        {
            GradientCheck.RequireFinite(Parameters);
        }

        if (step == 1)
        {
            state.CopyParameters(Parameters.Blocks);
        }

        foreach (ParameterRun<T> run in runs)
        {
            var streams = new KernelStreams<T>(run, state);
            UpdateElements(run.Group, streams);
        }

        StepCount = step;
    }

    /// <inheritdoc/>
    public sealed override void ZeroGradients() => Parameters.ZeroGradients();

    /// <summary>The state of one parameter, for reading or for restoring it.</summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="name">A name from <see cref="OptimizerDefinition.States"/>.</param>
    /// <returns>As many elements as the parameter has, at the same positions.</returns>
    /// <exception cref="ArgumentException">The parameter is another set's, or the rule has no state of that name.</exception>
    public Span<T> GetState(Parameter<T> parameter, string name)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Group.Owner != Parameters)
        {
            throw new ArgumentException($"Parameter '{parameter.Name}' belongs to another set than the optimizer's.", nameof(parameter));
        }

        int index = -1;
        for (int i = 0; i < Definition.States.Count; i++)
        {
            index = Definition.States[i].Name == name ? i : index;
        }

        return index >= 0
            ? state.Of(parameter.Block.Index, index).Span.Slice(parameter.Offset, parameter.Length)
            : throw new ArgumentException(
                $"{Definition.Name} has no state '{name}'. It has: {string.Join(", ", Definition.States.Select(one => one.Name))}.", nameof(name));
    }

    /// <summary>
    /// Implemented by generated code: checks the hyperparameters that hold for a group and computes its scalars for a step, in double,
    /// storing nothing that a refused step would have to take back.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void PrepareStep(long step, int group);

    /// <summary>Implemented by generated code: runs the kernel of the chosen instruction set over one run of elements.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected abstract void UpdateElements(int group, KernelStreams<T> streams);

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

/// <summary>For generated code: the streams of one run of elements, each by the reference to its first element.</summary>
/// <typeparam name="T">The element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct KernelStreams<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterRun<T> run;
    private readonly OptimizerState<T> state;

    internal KernelStreams(ParameterRun<T> run, OptimizerState<T> state) => (this.run, this.state) = (run, state);

    /// <summary>The number of elements of each stream.</summary>
    public nuint Count => (nuint)run.Length;

    /// <summary>The parameters.</summary>
    public ref T Parameter => ref MemoryMarshal.GetReference(run.Values);

    /// <summary>The gradients.</summary>
    public ref T Gradient => ref MemoryMarshal.GetReference(run.Gradients);

    /// <summary>The state stream at a position in the definition.</summary>
    public ref T State(int index) => ref MemoryMarshal.GetReference(state.Of(run.Block, index).Span.Slice(run.Offset, run.Length));
}
