using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>
/// The parameters of a model in single precision: a <see cref="ParameterSet{T}"/> of <see cref="float"/>.
/// </summary>
public sealed class ParameterSet : ParameterSet<float>
{
    /// <summary>An empty set that takes memory as parameters are added.</summary>
    public ParameterSet()
    {
    }

    /// <inheritdoc cref="ParameterSet{T}(int)"/>
    public ParameterSet(int capacity)
        : base(capacity)
    {
    }
}

/// <summary>
/// The parameters of a model, each with its gradient. Values lie together in one arena and gradients in a second one of the same
/// layout, every tensor aligned to 64 bytes and padded to whole cache lines, so that a step is one pass over contiguous memory.
/// Memory of another owner can be wrapped instead.
/// </summary>
/// <remarks>
/// The arena grows by blocks, and blocks never move: a span stays valid when more parameters are added. To have everything in exactly
/// one block, pass the number of elements to the constructor. Once an optimizer is made for the set, its layout is final.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public partial class ParameterSet<T> : IReadOnlyList<Parameter<T>>, ICheckpointable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int SmallestBlock = 4096;
    private const int LargestGrowth = 1 << 24;

    /// <summary>2³¹ − 96: the most elements, in whole cache lines of floats, that fit into an array together with the slack for alignment.</summary>
    private const int LargestLength = int.MaxValue - 95;

    private readonly List<Parameter<T>> parameters = [];
    private readonly Dictionary<string, Parameter<T>> byName = new(StringComparer.Ordinal);
    private readonly List<ParameterBlock<T>> blocks = [];
    private readonly List<ParameterGroup<T>> groups = [];
    // The parameters in memory of a MemoryManager, which can throw when it is accessed; an array cannot.
    private readonly List<Parameter<T>> managed = [];
    private int nextBlock = SmallestBlock;

    /// <summary>An empty set that takes memory as parameters are added.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    public ParameterSet()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"A parameter set cannot have elements of type {typeof(T)}; the types are float and double.");
        }

        Groups = groups.AsReadOnly();
        GradientAddends = addends.AsReadOnly();
        groups.Add(new ParameterGroup<T>(this, "default", 0));
    }

    /// <summary>An empty set with one block that holds <paramref name="capacity"/> elements.</summary>
    /// <param name="capacity">The number of elements, padding included (each tensor is padded to a multiple of 64 bytes); from 1 to 2³¹ − 96.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1 or above 2³¹ − 96.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    public ParameterSet(int capacity)
        : this()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, LargestLength);
        AddBlock(AlignedMemory.Pad<T>(capacity));
    }

    /// <summary>The number of parameters (tensors).</summary>
    public int Count => parameters.Count;

    /// <summary>The number of elements of all parameters together, padding not counted.</summary>
    public long ElementCount => parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>The groups. The first is the default group, which has the parameters that were added to the set itself.</summary>
    public IReadOnlyList<ParameterGroup<T>> Groups { get; }

    /// <summary>Whether an optimizer, or a gradient addend, has been made for the set. If so, no parameter or group can be added.</summary>
    public bool IsSealed { get; private set; }

    internal IReadOnlyList<ParameterBlock<T>> Blocks => blocks;

    /// <summary>Keeps track of whether the values have been replaced by an average.</summary>
    internal TrainingPoint TrainingPoint { get; } = new();

    /// <summary>
    /// Has rows take the steps that they have missed, before the values of all parameters are read (<see cref="RowUpdates.CaughtUp"/>).
    /// </summary>
    internal Action? CatchUp { get; set; }

    /// <summary>The parameter at a position, in the order in which they were added.</summary>
    public Parameter<T> this[int index] => parameters[index];

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Parameter<T> this[string name] =>
        byName.TryGetValue(name, out Parameter<T>? parameter)
            ? parameter
            : throw new KeyNotFoundException($"The set has no parameter '{name}'. It has: {string.Join(", ", byName.Keys)}.");

    /// <summary>Adds a weight tensor of zeros, with a gradient of zeros.</summary>
    /// <param name="name">A name that is new to the set.</param>
    /// <param name="shape">The size of each dimension, outermost first; each positive, and their product at most 2³¹ − 96.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the shape is empty or has a size below 1.</exception>
    /// <exception cref="InvalidOperationException">An optimizer has been made for the set.</exception>
    public Parameter<T> Add(string name, params int[] shape) => Add(groups[0], name, ParameterRole.Weight, shape);

    /// <summary>Adds a bias tensor (or a gain, or an offset) of zeros, with a gradient of zeros. Penalties on the weights leave it out.</summary>
    /// <inheritdoc cref="Add(string, int[])"/>
    public Parameter<T> AddBias(string name, params int[] shape) => Add(groups[0], name, ParameterRole.Bias, shape);

    /// <summary>Adds a weight tensor of zeros, with a gradient of zeros, in a form of its own.</summary>
    /// <param name="name">A name that is new to the set.</param>
    /// <param name="storage">The form of values and gradient, such as <see cref="ParameterStorage.BFloat16"/>.</param>
    /// <param name="shape">The size of each dimension, outermost first; each positive, and their product at most 2³¹ − 96.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the shape is empty or has a size below 1, or parameters do not have the form.</exception>
    /// <exception cref="InvalidOperationException">An optimizer has been made for the set.</exception>
    /// <exception cref="NotSupportedException">The form is not that of the element type, which is not <see cref="float"/>.</exception>
    public Parameter<T> Add(string name, ParameterStorage storage, params int[] shape) => Add(groups[0], name, ParameterRole.Weight, shape, storage);

    /// <summary>Adds a bias tensor of zeros, with a gradient of zeros, in a form of its own. Penalties on the weights leave it out.</summary>
    /// <inheritdoc cref="Add(string, ParameterStorage, int[])"/>
    public Parameter<T> AddBias(string name, ParameterStorage storage, params int[] shape) => Add(groups[0], name, ParameterRole.Bias, shape, storage);

    /// <summary>
    /// Adds a parameter in memory of another owner: an array, or memory of a <see cref="System.Buffers.MemoryManager{T}"/>. Optimizers read and write it in
    /// place, so it must stay valid for as long as they step. If a manager has been disposed of and throws when it is accessed, a step fails before its
    /// first store. An array that has been returned to a pool is not detected.
    /// </summary>
    /// <param name="name">A name that is new to the set.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="gradients">The gradient, as many elements as <paramref name="values"/>.</param>
    /// <param name="shape">The size of each dimension, outermost first; none means one dimension, the length of the memory.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty or taken, the lengths differ or are 0 or are not the shape's, or the memory cannot be used, or overlaps itself or another parameter's.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// An optimizer has been made for the set, or the memory of an earlier parameter cannot be used any more.
    /// </exception>
    public Parameter<T> Wrap(string name, Memory<T> values, Memory<T> gradients, params int[] shape) =>
        Wrap(groups[0], name, ParameterRole.Weight, new ParameterMemory<T>(values, gradients), shape);

    /// <summary>Adds a parameter in memory of another owner whose values or gradient may be in bfloat16.</summary>
    /// <param name="name">A name that is new to the set.</param>
    /// <param name="memory">Values and gradient, at least one element and as many of each.</param>
    /// <param name="shape">The size of each dimension, outermost first; none means one dimension, the length of the memory.</param>
    /// <exception cref="NotSupportedException">Some is in bfloat16, and the element type is not <see cref="float"/>.</exception>
    /// <inheritdoc cref="Wrap(string, Memory{T}, Memory{T}, int[])"/>
    public Parameter<T> Wrap(string name, ParameterMemory<T> memory, params int[] shape) => Wrap(groups[0], name, ParameterRole.Weight, memory, shape);

    /// <summary>Adds a bias in memory of another owner. Penalties on the weights leave it out.</summary>
    /// <inheritdoc cref="Wrap(string, Memory{T}, Memory{T}, int[])"/>
    public Parameter<T> WrapBias(string name, Memory<T> values, Memory<T> gradients, params int[] shape) =>
        Wrap(groups[0], name, ParameterRole.Bias, new ParameterMemory<T>(values, gradients), shape);

    /// <summary>Adds a bias in memory of another owner that may be in bfloat16. Penalties on the weights leave it out.</summary>
    /// <inheritdoc cref="Wrap(string, ParameterMemory{T}, int[])"/>
    public Parameter<T> WrapBias(string name, ParameterMemory<T> memory, params int[] shape) => Wrap(groups[0], name, ParameterRole.Bias, memory, shape);

    /// <summary>Adds a group of parameters that can have its own hyperparameters.</summary>
    /// <param name="name">A name that is new among the groups.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    /// <exception cref="InvalidOperationException">An optimizer has been made for the set.</exception>
    public ParameterGroup<T> AddGroup(string name)
    {
        RequireOpen();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (groups.Exists(group => group.Name == name))
        {
            throw new ArgumentException($"The set already has a group '{name}'.", nameof(name));
        }

        var group = new ParameterGroup<T>(this, name, groups.Count);
        groups.Add(group);
        return group;
    }

    /// <summary>The parameters, in the order in which they were added.</summary>
    public IEnumerator<Parameter<T>> GetEnumerator() => parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Saves the values of the parameters, each under its name, as a safetensors file, which other libraries read too.</summary>
    /// <param name="path">The path of the file, which is replaced if it exists. Its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is kept.</exception>
    /// <exception cref="InvalidOperationException">The parameters stand at an average.</exception>
    public void Save(string path) => Checkpoint.Save(path, this);

    /// <summary>
    /// Loads the values of the parameters from a safetensors file of this or another library: each parameter must be in it, with its shape and type.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">What is allowed, such as other names; <see langword="null"/> for <see cref="CheckpointLoadOptions.Default"/>.</param>
    /// <exception cref="CheckpointException">The file is damaged or does not fit; no value has changed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Load(string path, CheckpointLoadOptions? options = null) => Checkpoint.Load(path, this, options);

    void ICheckpointable.SaveTo(CheckpointWriter writer) => ParameterCheckpoint.Save(this, writer);

    Action ICheckpointable.LoadFrom(CheckpointReader reader) => ParameterCheckpoint.Load(this, reader);

    internal void Seal() => IsSealed = true;

    /// <summary>Refuses a step of an optimizer while the values are replaced by an average, or when wrapped memory cannot be used any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RequireReady(Optimizer optimizer)
    {
        if (TrainingPoint.IsReplaced)
        {
            TrainingPoint.Require(optimizer, "step");
        }

        if (managed.Count > 0)
        {
            RequireMemory();
        }
    }

    /// <summary>
    /// Gets the span of all wrapped memory, so that memory that cannot be used any more, because its owner has been disposed of, throws before the first
    /// store to any parameter.
    /// </summary>
    /// <exception cref="InvalidOperationException">The memory of a parameter throws; the message names the parameter.</exception>
    internal void RequireMemory()
    {
        foreach (Parameter<T> parameter in managed)
        {
            if (parameter.Block.Memory.FailureOfValues() is { } values)
            {
                throw Unusable("values", parameter, values);
            }

            if (parameter.Block.Memory.FailureOfGradients() is { } gradients)
            {
                throw Unusable("gradients", parameter, gradients);
            }
        }

        static InvalidOperationException Unusable(string what, Parameter<T> parameter, Exception failure) =>
            new($"The memory of the {what} of parameter '{parameter.Name}' cannot be used any more; it was wrapped, and its owner says: {failure.Message}", failure);
    }

    internal Parameter<T> Add(ParameterGroup<T> group, string name, ParameterRole role, int[] shape, ParameterStorage? storage = null)
    {
        RequireOpen();
        RequireNewName(name);
        int length = ElementsOf(name, shape);
        (storage ??= new ParameterStorage()).Require<T>(name, nameof(storage));
        int padded = AlignedMemory.Pad<T>(length);
        ParameterBlock<T> block = storage != new ParameterStorage() ? AddBlock(ParameterMemory<T>.Allocate(storage, length), owned: true)
            : blocks.Find(candidate => candidate.CanTake(padded)) ?? AddBlock(Math.Max(padded, nextBlock));
        return Register(new Parameter<T>(name, role, [.. shape], group, block, block.Take(block.IsStored ? length : padded), length));
    }

    internal Parameter<T> Wrap(ParameterGroup<T> group, string name, ParameterRole role, ParameterMemory<T> memory, int[] shape)
    {
        const string Values = "values", Gradients = "gradients";
        RequireOpen();
        RequireNewName(name);
        if (memory.Length == 0)
        {
            throw Refusal(Values, $"Parameter '{name}' has no values.");
        }

        if (memory.Length != memory.GradientLength)
        {
            throw Refusal(Gradients, $"Parameter '{name}' has {memory.Length} values but {memory.GradientLength} gradients; the lengths must be equal.");
        }

        int[] dimensions = shape is { Length: > 0 } ? [.. shape] : [memory.Length];
        if (ElementsOf(name, dimensions) != memory.Length)
        {
            throw new ArgumentException(
                $"Parameter '{name}' has {memory.Length} values, which do not fill the shape [{string.Join(", ", dimensions)}].", nameof(shape));
        }

        memory.Storage.Require<T>(name, nameof(memory));
        // Checks the memory of earlier parameters first, so that its failure is not reported for this one.
        RequireMemory();
        RequireReadable(name, Values, memory.FailureOfValues());
        RequireReadable(name, Gradients, memory.FailureOfGradients());
        RequireSeparate(name, Values, memory.ValueBytes);
        RequireSeparate(name, Gradients, memory.GradientBytes);
        if (memory.ValueBytes.Overlaps(memory.GradientBytes))
        {
            throw Refusal(Gradients, $"The values and the gradient of parameter '{name}' overlap in memory.");
        }

        ParameterBlock<T> block = AddBlock(memory, owned: false);
        Parameter<T> parameter = Register(new Parameter<T>(name, role, dimensions, group, block, block.Take(memory.Length), memory.Length));
        if (memory.IsManaged)
        {
            managed.Add(parameter);
        }

        return parameter;
    }

    /// <summary>Of an argument of the public method.</summary>
    private static ArgumentException Refusal(string argument, string message) => new(message, argument);

    private ParameterBlock<T> AddBlock(int length)
    {
        ParameterBlock<T> block = AddBlock(ParameterMemory<T>.Allocate(new ParameterStorage(), length), owned: true);
        // Block lengths double, up to a limit, so that a large set has few blocks.
        nextBlock = (int)Math.Min(2L * Math.Max(nextBlock, length), LargestGrowth);
        return block;
    }

    private ParameterBlock<T> AddBlock(ParameterMemory<T> memory, bool owned)
    {
        var block = new ParameterBlock<T>(blocks.Count, memory, owned);
        blocks.Add(block);
        return block;
    }

    private Parameter<T> Register(Parameter<T> parameter)
    {
        parameter.Index = parameters.Count;
        parameters.Add(parameter);
        byName.Add(parameter.Name, parameter);
        return parameter;
    }

    private void RequireOpen()
    {
        if (IsSealed)
        {
            throw new InvalidOperationException(
                "An optimizer or a gradient addend has been made for this set, so its layout is final. Add every parameter and group before making it.");
        }
    }

    private void RequireNewName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (byName.ContainsKey(name))
        {
            throw new ArgumentException($"The set already has a parameter '{name}'.", nameof(name));
        }
    }

    private static void RequireReadable(string name, string argument, Exception? failure)
    {
        if (failure is not null)
        {
            throw new ArgumentException($"The memory of the {argument} of parameter '{name}' cannot be used; its owner says: {failure.Message}", argument, failure);
        }
    }

    private void RequireSeparate(string name, string argument, ReadOnlySpan<byte> memory)
    {
        foreach (ParameterBlock<T> block in blocks)
        {
            if (memory.Overlaps(block.Memory.ValueBytes) || memory.Overlaps(block.Memory.GradientBytes))
            {
                throw new ArgumentException($"The {argument} of parameter '{name}' overlap memory that another parameter uses.", argument);
            }
        }
    }

    private static int ElementsOf(string name, int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length == 0)
        {
            throw new ArgumentException($"Parameter '{name}' has no shape; give the size of each dimension.", nameof(shape));
        }

        long length = 1;
        foreach (int size in shape)
        {
            length = size >= 1 ? length * size : -1;
            if (length is < 1 or > LargestLength)
            {
                throw new ArgumentException(
                    $"Parameter '{name}' has the shape [{string.Join(", ", shape)}]; each size must be 1 or more, and their product at most {LargestLength}.",
                    nameof(shape));
            }
        }

        return (int)length;
    }
}
