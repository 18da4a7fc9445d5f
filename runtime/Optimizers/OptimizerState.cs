using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// The state streams of an optimizer. One in the element type is laid out like the blocks of the parameters: element i of a state belongs to element i of
/// the parameters. One in another form, or of rows, is kept for each tensor by itself. Where the elements are divided among ranks, each stream is kept for each tensor by itself,
/// for the elements of this rank only.
/// </summary>
internal sealed class OptimizerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<StateDefinition> definitions;
    private readonly ParameterSet<T> parameters;
    private readonly ElementMemory<T>[][] streams;
    private readonly StoredState?[][] stored;
    private readonly BFloat16Parameter?[] storedParameters;
    private readonly Storage[] storages;
    private readonly StorageRounding[] roundings;
    private readonly bool[] lacksCopy;
    private readonly Func<int, (int Start, int Length)>? partOf;
    private readonly RowStates<T>? ofRows;

    /// <param name="definitions">The states.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="options">The form of the states.</param>
    /// <param name="partOf">The elements of a tensor whose states are kept here; <see langword="null"/> for all.</param>
    /// <exception cref="NotSupportedException">A state is to be kept in another form, and the rule is not in single precision.</exception>
    public OptimizerState(IReadOnlyList<StateDefinition> definitions, ParameterSet<T> parameters, OptimizerOptions options, Func<int, (int Start, int Length)>? partOf = null)
    {
        (this.definitions, this.parameters, RoundingSeed, this.partOf) = (definitions, parameters, options.RoundingSeed, partOf);
        roundings = [.. definitions.Select(definition => options.StateRounding ?? definition.Rounding)];
        ofRows = RowStates<T>.Of(definitions, parameters);
        storages = [.. definitions.Select(definition => definition.Granularity == StateGranularity.Row ? Storage.Native : options.StateStorage ?? definition.Storage)];
        Slots = [.. storages.Select((storage, index) => storage == Storage.Native ? -1 : storages.Take(index).Count(before => before != Storage.Native))];
        Require(storages, options);
        HasStoredStates = Slots.Any(slot => slot >= 0);
        BFloat16Update = options.BFloat16Update;
        lacksCopy = [.. definitions.Select(definition => definition.CopiesParameter)];
        LacksCopies = lacksCopy.Contains(true);
        IEnumerable<int> lengths = partOf is null
            ? parameters.Blocks.Select(block => block.Used)
            : parameters.Select(parameter => partOf(parameter.Index).Length);
        streams = [.. lengths.Select(length => definitions.Select((definition, index) => new ElementMemory<T>(Allocate(definition, index, length))).ToArray())];
        storedParameters =
        [
            .. parameters.Select(parameter => (parameter, part: PartOf(parameter))).Select(of => of.parameter.Block.HasBFloat16Values
                ? BFloat16Parameter.Create(BFloat16Update, of.parameter.Block.BFloat16Values, of.part.Start, of.part.Length)
                : null),
        ];
        stored = [.. parameters.Select(parameter => definitions.Select((definition, index) => Allocate(definition, storages[index], PartOf(parameter))).ToArray())];
    }

    /// <summary>The seed of <see cref="StorageRounding.Stochastic"/>.</summary>
    public ulong RoundingSeed { get; set; }

    /// <summary>Whether any state is kept in another form than the element type.</summary>
    public bool HasStoredStates { get; private set; }

    /// <summary>Whether any parameter's values are.</summary>
    public bool HasStoredParameters => storedParameters.Any(parameter => parameter is not null);

    /// <summary>How those are written.</summary>
    public BFloat16Update BFloat16Update { get; }

    /// <summary>Whether any state is kept in blocks that share a scale.</summary>
    public bool HasBlocks => storages.Contains(Storage.Block8);

    /// <summary>The form and rounding that every state has; <see langword="null"/> if they differ, or if there is no state.</summary>
    public (Storage Storage, StorageRounding Rounding)? CommonForm =>
        storages.Zip(roundings).Distinct().Count() == 1 ? (storages[0], roundings[0]) : null;

    /// <summary>For each state its slot in a <see cref="StepTile{T}"/>; −1 for one in the element type.</summary>
    public int[] Slots { get; }

    /// <summary>Before the first step: has every state in the element type, whatever it was made with. For the reference of a check.</summary>
    public void KeepNative()
    {
        for (int i = 0; i < storages.Length; i++)
        {
            if (storages[i] == Storage.Native)
            {
                continue;
            }

            (storages[i], Slots[i]) = (Storage.Native, -1);
            foreach (ParameterBlock<T> block in parameters.Blocks)
            {
                streams[block.Index][i] = new ElementMemory<T>(Allocate(definitions[i], i, block.Used));
            }

            foreach (StoredState?[] tensor in stored)
            {
                tensor[i] = null;
            }
        }

        HasStoredStates = false;
    }

    /// <summary>
    /// The streams of every block, or, where not all states are kept here, of every tensor; empty for states that are kept in another form, and for those of rows.
    /// </summary>
    public ElementMemory<T>[][] Streams => streams;

    /// <summary>Gives a run its streams; empty for states that are kept in another form.</summary>
    /// <param name="run">The run; that of a tensor where not all states are kept here.</param>
    public void AttachTo(ParameterRun<T> run)
    {
        run.States = streams[partOf is null ? run.Block : run.Tensor];
        run.StateOffset = partOf is null ? run.Offset : -partOf(run.Tensor).Start;
    }

    /// <summary>The elements of a parameter whose states are kept here.</summary>
    public (int Start, int Length) PartOf(Parameter<T> parameter) => partOf is null ? (0, parameter.Length) : partOf(parameter.Index);

    /// <summary>The states of a tensor that are kept in another form.</summary>
    public StoredState?[] StoredOf(int tensor) => stored[tensor];

    /// <summary>The values of a tensor that are kept in bfloat16, with what is kept beside them; <see langword="null"/> if they are not.</summary>
    public BFloat16Parameter? StoredParameterOf(int tensor) => storedParameters[tensor];

    /// <summary>The random bits for those values in a step; <see langword="null"/> if they need none.</summary>
    public StochasticRounding? RoundingOfParameter(int tensor, long step) =>
        storedParameters[tensor] is { IsStochastic: true } ? new StochasticRounding(RoundingSeed, step, tensor, BFloat16Parameter.Stream) : null;

    /// <summary>The states with one number for each row; <see langword="null"/> if there are none.</summary>
    public RowStates<T>? OfRows => ofRows;

    /// <summary>Whether a state has one number for each row.</summary>
    public bool IsOfRows(int index) => definitions[index].Granularity == StateGranularity.Row;

    /// <summary>The shape of a state of a parameter: the parameter's, or the number of its rows.</summary>
    public int[] ShapeOf(Parameter<T> parameter, int index) => IsOfRows(index) ? [parameter.Shape[0]] : [.. parameter.Shape];

    /// <summary>In which form a state is kept.</summary>
    public Storage StorageOf(int index) => storages[index];

    /// <summary>The random bits for a state in a step; <see langword="null"/> if it is rounded to nearest.</summary>
    public StochasticRounding? RoundingOf(int tensor, int index, long step) =>
        roundings[index] == StorageRounding.Stochastic ? new StochasticRounding(RoundingSeed, step, tensor, index) : null;

    /// <summary>The bytes of all states.</summary>
    public long ByteCount =>
        streams.Sum(block => block.Sum(stream => (long)stream.Memory.Length * Marshal.SizeOf<T>()))
        + (ofRows?.ByteCount ?? 0)
        + stored.Sum(tensor => tensor.Sum(state => state?.ByteCount ?? 0))
        + storedParameters.Sum(parameter => parameter?.ByteCount ?? 0);

    /// <summary>Whether any state that starts as a copy of the parameters has not been initialized yet.</summary>
    public bool LacksCopies { get; private set; }

    /// <summary>Initializes the states that start as a copy of the parameters. Called at the first step, since values may be set until then.</summary>
    public void CopyParameters()
    {
        for (int i = 0; i < lacksCopy.Length; i++)
        {
            CopyParameters(i);
        }
    }

    /// <summary>
    /// The same for one state. Called also before a state is handed out, so that a value restored by the user is not overwritten at the first step.
    /// </summary>
    public void CopyParameters(int index)
    {
        if (lacksCopy[index])
        {
            foreach (Parameter<T> parameter in parameters)
            {
                Write(parameter, index, parameter.ReadValues());
            }

            SetHasValues(index, true);
        }
    }

    /// <summary>Whether a state has its values: that of one that starts as a copy of the parameters only when the copy has been made.</summary>
    public bool HasValues(int index) => !lacksCopy[index];

    /// <summary>For a checkpoint: sets whether the copy of the parameters has been made.</summary>
    public void SetHasValues(int index, bool value)
    {
        lacksCopy[index] = !value;
        LacksCopies = lacksCopy.Contains(true);
    }

    /// <summary>The elements of a parameter in a state of the element type, as they are; those that are kept here (<see cref="PartOf"/>).</summary>
    public Memory<T> MemoryOf(Parameter<T> parameter, int index) => IsOfRows(index)
        ? ofRows!.MemoryOf(parameter.Index, index)
        : partOf is null
        ? streams[parameter.Block.Index][index].Memory.Slice(parameter.Offset, parameter.Length)
        : streams[parameter.Index][index].Memory;

    /// <summary>The elements of a parameter in a state: themselves, or a decoded copy; those that are kept here (<see cref="PartOf"/>).</summary>
    public Span<T> Read(Parameter<T> parameter, int index)
    {
        if (stored[parameter.Index][index] is not { } state)
        {
            return MemoryOf(parameter, index).Span;
        }

        (int start, int length) = PartOf(parameter);
        var values = new T[length];
        state.Decode(StorageCoder.Selected, start, MemoryMarshal.Cast<T, float>(values.AsSpan()));
        return values;
    }

    /// <summary>Sets the elements of a parameter in a state, rounded to nearest; only those that are kept here are stored.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="index">The position of the state.</param>
    /// <param name="values">A value for each element of the parameter, or for each row.</param>
    public void Write(Parameter<T> parameter, int index, ReadOnlySpan<T> values)
    {
        if (IsOfRows(index))
        {
            values.CopyTo(MemoryOf(parameter, index).Span);
            return;
        }

        (int start, int length) = PartOf(parameter);
        ReadOnlySpan<T> part = values.Slice(start, length);
        if (stored[parameter.Index][index] is { } state)
        {
            state.Encode(StorageCoder.Selected, start, MemoryMarshal.Cast<T, float>(part), rounding: null);
        }
        else
        {
            part.CopyTo(MemoryOf(parameter, index).Span);
        }
    }

    private void Require(Storage[] storages, OptimizerOptions options)
    {
        if (!Enum.IsDefined(options.BFloat16Update))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.BFloat16Update,
                $"{nameof(OptimizerOptions.BFloat16Update)} is {options.BFloat16Update}; it must be one of {string.Join(", ", Enum.GetNames<BFloat16Update>())}.");
        }

        for (int i = 0; i < storages.Length; i++)
        {
            if (!Enum.IsDefined(storages[i]))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(options), storages[i], $"{nameof(OptimizerOptions.StateStorage)} is {storages[i]}; it must be one of {string.Join(", ", Enum.GetNames<Storage>())}.");
            }

            if (storages[i] != Storage.Native && typeof(T) != typeof(float))
            {
                throw new NotSupportedException(
                    $"State '{definitions[i].Name}' is to be kept as {storages[i]}, which a rule in {typeof(T).Name} does not have; only those in single precision do.");
            }
        }
    }

    private Memory<T> Allocate(StateDefinition definition, int index, int length)
    {
        if (storages[index] != Storage.Native || IsOfRows(index))
        {
            return default;
        }

        Memory<T> memory = AlignedMemory.Allocate<T>(length);
        // −0 is another value than the 0 that memory starts with.
        if (BitConverter.DoubleToInt64Bits(definition.InitialValue) != 0)
        {
            memory.Span.Fill(T.CreateTruncating(definition.InitialValue));
        }

        return memory;
    }

    private static StoredState? Allocate(StateDefinition definition, Storage storage, (int Start, int Length) part)
    {
        if (storage == Storage.Native)
        {
            return null;
        }

        StoredState state = StoredState.Create(storage, definition.IsNonNegative, part.Start, part.Length);
        if (BitConverter.DoubleToInt64Bits(definition.InitialValue) != 0)
        {
            var values = new float[part.Length];
            Array.Fill(values, (float)definition.InitialValue);
            state.Encode(new ScalarStorageCoder(), part.Start, values, rounding: null);
        }

        return state;
    }
}
