using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>
/// The base class of every optimizer: its hyperparameters, states and settings over the parameters of one set. The generator makes it the base of a class
/// marked <see cref="OptimizerAttribute"/>. An optimizer written by hand derives from it and passes a <see cref="StepRule{T}"/> to the constructor.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract partial class Optimizer<T> : Optimizer, ICheckpointable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StepEngine<T> engine;
    private readonly HyperparameterReader<T>? reader;
    private readonly HyperparameterWriter<T>? writer;
    private readonly GroupHyperparameters<T>[] groups;
    private readonly T[] hyperparameters;
    private readonly int learningRate;
    private bool haveSettingsChanged = true;

    /// <summary>Binds the optimizer to its parameters, and makes their layout final.</summary>
    /// <param name="parameters">The parameters to update, at least one.</param>
    /// <param name="rule">The update rule and its kernels.</param>
    /// <param name="createGroup">
    /// Creates the hyperparameters of a group; <see langword="null"/> for plain <see cref="GroupHyperparameters{T}"/>.
    /// </param>
    /// <param name="reader">Reads the hyperparameters that are properties of the derived class.</param>
    /// <param name="writer">Sets the hyperparameters that are properties of the derived class.</param>
    /// <param name="options">What it keeps for good; <see langword="null"/> for what the declaration says.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parameters"/> or <paramref name="rule"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="parameters"/> has none, or an option is unknown.</exception>
    /// <exception cref="NotSupportedException">An option is not for this element type.</exception>
    protected Optimizer(
        ParameterSet<T> parameters, StepRule<T> rule, Func<Optimizer<T>, GroupHyperparameters<T>>? createGroup = null,
        HyperparameterReader<T>? reader = null, HyperparameterWriter<T>? writer = null, OptimizerOptions? options = null)
        : base((rule ?? throw new ArgumentNullException(nameof(rule))).OptimizerDefinition)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Count == 0)
        {
            throw new ArgumentException("The parameter set is empty; add the parameters before making the optimizer.", nameof(parameters));
        }

        parameters.Seal();
        Parameters = parameters;
        (this.reader, this.writer) = (reader, writer);
        hyperparameters = [.. Definition.Hyperparameters.Select(hyperparameter => T.CreateTruncating(hyperparameter.Default))];
        learningRate = Definition.FindHyperparameter("LearningRate");
        groups = [.. parameters.Groups.Select(group => Create(createGroup, group.Name))];
        engine = new StepEngine<T>(this, rule, parameters, options ?? new OptimizerOptions());
        engine.SelectKernels(InstructionSet);
    }

    /// <summary>The parameters that a step updates.</summary>
    public ParameterSet<T> Parameters { get; }

    internal sealed override TrainingPoint TrainingPoint => Parameters.TrainingPoint;

    /// <summary>The average that <see cref="AverageParameters"/> has started, if it has.</summary>
    internal ParameterAverage<T>? KeptAverage => engine.Average;

    /// <summary>The ranks that the optimizer steps over; <see langword="null"/> for one process.</summary>
    internal RankStep<T>? Ranks => engine.Ranks;

    /// <summary>The state streams, for checkpoints.</summary>
    internal OptimizerState<T> State => engine.State;

    /// <inheritdoc cref="StepEngine{T}.HasStoredKernels"/>
    internal bool HasStoredKernels => engine.HasStoredKernels;

    /// <inheritdoc cref="StepEngine{T}.UsesStoredKernels"/>
    internal bool UsesStoredKernels
    {
        get => engine.UsesStoredKernels;
        set => engine.UsesStoredKernels = value;
    }

    /// <inheritdoc cref="StepEngine{T}.IsFromMemory"/>
    internal bool IsFromMemory
    {
        get => engine.IsFromMemory;
        set => engine.IsFromMemory = value;
    }

    /// <inheritdoc/>
    public sealed override StepResult Step() => engine.Step();

    /// <inheritdoc cref="StepEngine{T}.StepSummed"/>
    internal StepResult StepSummed() => engine.StepSummed();

    /// <inheritdoc cref="StepEngine{T}.GatherAverage"/>
    internal void GatherAverage() => engine.GatherAverage();

    /// <inheritdoc/>
    public sealed override void ZeroGradients() => engine.ZeroGradients();

    /// <summary>
    /// Starts an exponential moving average of the parameters, which every later step updates. It starts as a copy of the parameters and takes as much
    /// memory. A second call returns the same average and changes its decay.
    /// </summary>
    /// <param name="decay">β in [0, 1), the weight of the past in the average.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is not in [0, 1).</exception>
    /// <exception cref="InvalidOperationException">
    /// The average cannot start while the parameters are replaced by an average (<see cref="EvaluatedAverages"/>).
    /// </exception>
    public ParameterAverage<T> AverageParameters(double decay)
    {
        if (engine.Average is { } average)
        {
            average.Decay = decay;
            return average;
        }

        return engine.Average = new ParameterAverage<T>(this, decay);
    }

    /// <summary>
    /// The state of one parameter, one value for each element or, of a state of rows (<see cref="StateDefinition.Granularity"/>), for each row: to be read or changed in place, or, if it is kept in another form than the element type, a
    /// decoded copy (<see cref="SetState"/> changes it). Where ranks keep parts of the states, it is a copy that all of them call for together. A generated optimizer also has a method for each state, such as
    /// <c>optimizer.States.FirstMoment(weights)</c>.
    /// </summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="name">A name from <see cref="OptimizerDefinition.States"/>.</param>
    /// <returns>As many elements as the parameter has, at the same positions; of a state of rows, as many as its first dimension.</returns>
    /// <exception cref="ArgumentException">The parameter belongs to another set, or the rule has no state of that name.</exception>
    public Span<T> GetState(Parameter<T> parameter, string name)
    {
        RequireInSet(parameter);
        int index = IndexOfState(name);
        engine.CatchUp(parameter);
        return engine.StateOf(parameter, index);
    }

    /// <summary>Sets the state of one parameter. A state that is kept in another form is rounded to nearest.</summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="name">A name from <see cref="OptimizerDefinition.States"/>.</param>
    /// <param name="values">As many elements as the parameter has; for a state of rows, as many as its first dimension.</param>
    /// <exception cref="ArgumentException">
    /// The parameter belongs to another set, the rule has no state of that name, or there are more or fewer values than the parameter has elements, or rows.
    /// </exception>
    public void SetState(Parameter<T> parameter, string name, ReadOnlySpan<T> values)
    {
        RequireInSet(parameter);
        int index = IndexOfState(name);
        (int expected, string what) = engine.State.IsOfRows(index) ? (parameter.Shape[0], $"rows, and '{name}' one number for each") : (parameter.Length, "elements");
        if (values.Length != expected)
        {
            throw new ArgumentException($"There are {values.Length} values; '{parameter.Name}' has {expected} {what}.", nameof(values));
        }

        engine.CatchUp(parameter);
        engine.SetState(parameter, index, values);
    }

    /// <summary>In which form a state is kept.</summary>
    /// <param name="name">A name from <see cref="OptimizerDefinition.States"/>.</param>
    /// <exception cref="ArgumentException">The rule has no state of that name.</exception>
    public Storage StorageOf(string name) => engine.State.StorageOf(IndexOfState(name));

    /// <summary>The number of bytes that all states take, the padding between tensors included; with ranks, those that this one keeps.</summary>
    public long StateBytes => engine.State.ByteCount;

    /// <summary>The scalar state of one group, to be read or changed.</summary>
    /// <param name="group">A group of <see cref="Parameters"/>.</param>
    /// <param name="name">A name from <see cref="OptimizerDefinition.ScalarStates"/> of the scope <see cref="StateScope.Group"/>.</param>
    /// <exception cref="ArgumentException">The group belongs to another set, or the rule has no such state.</exception>
    public ref double GetScalarState(ParameterGroup<T> group, string name) => ref RequireScalarState(StateScope.Group, IndexOf(group), name);

    /// <summary>The scalar state of one parameter, to be read or changed.</summary>
    /// <param name="parameter">A parameter of <see cref="Parameters"/>.</param>
    /// <param name="name">A name from <see cref="OptimizerDefinition.ScalarStates"/> of the scope <see cref="StateScope.Tensor"/>.</param>
    /// <exception cref="ArgumentException">The parameter belongs to another set, or the rule has no such state.</exception>
    public ref double GetScalarState(Parameter<T> parameter, string name)
    {
        RequireInSet(parameter);
        return ref RequireScalarState(StateScope.Tensor, parameter.Index, name);
    }

    /// <inheritdoc/>
    public sealed override double GetHyperparameter(string name)
    {
        int index = Definition.IndexOf(name);
        ReadProperties();
        return StepMath.Widen(hyperparameters[index]);
    }

    /// <inheritdoc/>
    public sealed override void SetHyperparameter(string name, double value)
    {
        int index = Definition.IndexOf(name);
        HyperparameterDefinition definition = Definition.Hyperparameters[index];
        definition.Require(value);
        T narrowed = T.CreateTruncating(value);
        definition.RequireNarrowed(value, narrowed);
        writer?.Invoke(this, index, narrowed);
        hyperparameters[index] = narrowed;
        haveSettingsChanged = true;
    }

    /// <summary>The value that a group has for the hyperparameter of that name; <see langword="null"/> if the group uses the optimizer's value.</summary>
    /// <param name="group">A group of <see cref="Parameters"/>.</param>
    /// <param name="name">The name of the hyperparameter, or <c>LearningRateScale</c>.</param>
    /// <exception cref="ArgumentException">The group belongs to another set, or the rule has no hyperparameter of that name.</exception>
    public double? GetHyperparameter(ParameterGroup<T> group, string name)
    {
        GroupHyperparameters<T> groupValues = HyperparametersOf(group);
        T? value = IsScale(name) ? groupValues.Scale : groupValues.Read(Definition.IndexOf(name));
        return value is { } number ? StepMath.Widen(number) : null;
    }

    /// <summary>Sets the hyperparameter of that name for a group.</summary>
    /// <param name="group">A group of <see cref="Parameters"/>.</param>
    /// <param name="name">The name of the hyperparameter, or <c>LearningRateScale</c>.</param>
    /// <param name="value">The value; <see langword="null"/> to use the optimizer's value.</param>
    /// <exception cref="ArgumentException">The group belongs to another set, or the rule has no hyperparameter of that name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is not allowed.</exception>
    public void SetHyperparameter(ParameterGroup<T> group, string name, double? value)
    {
        GroupHyperparameters<T> groupValues = HyperparametersOf(group);
        T? narrowed = value is { } wide ? T.CreateTruncating(wide) : null;
        if (IsScale(name))
        {
            groupValues.Scale = narrowed ?? T.One;
            return;
        }

        int index = Definition.IndexOf(name);
        if (value is { } number)
        {
            Definition.Hyperparameters[index].Require(number, groupValues.Group);
            Definition.Hyperparameters[index].RequireNarrowed(number, narrowed!.Value, groupValues.Group);
        }

        groupValues.Write(index, narrowed);
    }

    /// <summary>
    /// Saves what the next step depends on, apart from the parameters: states, step count, hyperparameters, settings and average. To save the parameters as
    /// well, save a <see cref="Trainer{T}"/>, or the set to a file of its own.
    /// </summary>
    /// <param name="stream">The stream, written from its position on. It stays open.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average.</exception>
    public void SaveState(Stream stream) => Checkpoint.Save(stream, this);

    /// <summary>Loads what <see cref="SaveState"/> has saved, of the same rule over parameters of the same names and shapes.</summary>
    /// <param name="stream">The stream, read from its position to its end. It stays open.</param>
    /// <param name="options">What is allowed; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <exception cref="CheckpointException">The contents are damaged or do not fit; nothing has changed.</exception>
    public void LoadState(Stream stream, CheckpointLoadOptions? options = null) => Checkpoint.Load(stream, this, options);

    void ICheckpointable.SaveTo(CheckpointWriter writer) => OptimizerCheckpoint<T>.Save(this, writer);

    Action ICheckpointable.LoadFrom(CheckpointReader reader) => OptimizerCheckpoint<T>.Load(this, reader);

    /// <summary>The scalar state of a group or tensor by its position, for checkpoints.</summary>
    internal ref double ScalarState(StateScope scope, int owner, string name) => ref engine.ScalarStateOf(scope, owner, name);

    /// <summary>Refuses a parameter that is not in the optimizer's set.</summary>
    internal void RequireInSet(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Group.Owner != Parameters)
        {
            throw new ArgumentException($"Parameter '{parameter.Name}' belongs to another set than the optimizer's.", nameof(parameter));
        }
    }

    /// <summary>Marks the hyperparameters as changed: the next step checks them and passes them to the rule.</summary>
    internal void InvalidateSettings() => haveSettingsChanged = true;

    internal void CountStep() => StepCount++;

    /// <summary>
    /// Checks the hyperparameters of every group and passes them to the rule, if any has changed since the last step. If a check or the rule throws,
    /// they stay marked as changed, so the next step checks them again.
    /// </summary>
    /// <returns>Whether any has changed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool PrepareSettings(StepRule<T> rule)
    {
        ReadProperties();
        if (!haveSettingsChanged)
        {
            return false;
        }

        ApplySettings(rule);
        return true;
    }

    /// <summary>Checks the hyperparameters of a group and passes them to the rule, as those of the same or another of the rule's groups.</summary>
    internal void PrepareSettings(StepRule<T> rule, int index, int ruleGroup)
    {
        Span<T> groupValues = stackalloc T[hyperparameters.Length];
        GroupHyperparameters<T> group = groups[index];
        for (int i = 0; i < groupValues.Length; i++)
        {
            T value = group.Read(i) ?? hyperparameters[i];
            groupValues[i] = i == learningRate ? StepMath.Scale(value, group.Scale) : value;
            Definition.Hyperparameters[i].RequireInStep(groupValues[i], group.Group);
        }

        rule.PrepareSettings(ruleGroup, groupValues);
    }

    private protected sealed override void OnInstructionSetChanged(InstructionSet instructionSet) => engine.SelectKernels(instructionSet);

    /// <summary>For generated code: the hyperparameter at a position in the definition.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected T ReadHyperparameter(int index) => hyperparameters[index];

    /// <summary>For generated code: sets the hyperparameter at a position in the definition.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not allowed.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void WriteHyperparameter(int index, T value)
    {
        Definition.Hyperparameters[index].Require(value);
        hyperparameters[index] = value;
        haveSettingsChanged = true;
    }

    /// <summary>For generated code: the hyperparameters of a group of this optimizer's set.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GroupHyperparameters<T> HyperparametersOf(ParameterGroup<T> group) => groups[IndexOf(group)];

    private GroupHyperparameters<T> Create(Func<Optimizer<T>, GroupHyperparameters<T>>? create, string name)
    {
        GroupHyperparameters<T> group = create is null ? new GroupHyperparameters<T>(this) : create(this);
        group.Group = name;
        return group;
    }

    private int IndexOfState(string name)
    {
        for (int i = 0; i < Definition.States.Count; i++)
        {
            if (Definition.States[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException(
            $"{Definition.Name} has no state '{name}'. It has: {string.Join(", ", Definition.States.Select(state => state.Name))}.", nameof(name));
    }

    private bool IsScale(string name) => learningRate >= 0 && name == "LearningRateScale";

    private int IndexOf(ParameterGroup<T> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Owner == Parameters
            ? group.Index
            : throw new ArgumentException($"Group '{group.Name}' belongs to another parameter set than the optimizer's.", nameof(group));
    }

    private ref double RequireScalarState(StateScope scope, int owner, string name)
    {
        ref double state = ref engine.ScalarStateOf(scope, owner, name);
        if (Unsafe.IsNullRef(ref state))
        {
            throw new ArgumentException(
                $"{Definition.Name} has no scalar state '{name}' of a {(scope == StateScope.Group ? "group" : "parameter")}. "
                + $"It has: {string.Join(", ", Definition.ScalarStates.Where(definition => definition.Scope == scope).Select(definition => definition.Name))}.",
                nameof(name));
        }

        return ref state;
    }

    /// <summary>Copies the hyperparameters that are properties of the derived class, and marks the settings as changed if any has a new value.</summary>
    private void ReadProperties()
    {
        if (reader is not null && reader(this, hyperparameters))
        {
            haveSettingsChanged = true;
        }
    }

    private void ApplySettings(StepRule<T> rule)
    {
        foreach (int index in engine.UsedGroups)
        {
            PrepareSettings(rule, index, index);
        }

        haveSettingsChanged = false;
    }
}
