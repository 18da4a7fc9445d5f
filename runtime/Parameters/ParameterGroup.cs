using System.Numerics;

namespace OptimGen;

/// <summary>
/// A named group of the parameters of one <see cref="ParameterSet{T}"/>, for which an optimizer can have separate hyperparameters:
/// <c>optimizer.For(group).WeightDecay = 0</c>.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ParameterGroup<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ParameterGroup(ParameterSet<T> owner, string name, int index) => (Owner, Name, Index) = (owner, name, index);

    /// <summary>The group's name, unique in its set.</summary>
    public string Name { get; }

    /// <summary>The group's position among <see cref="ParameterSet{T}.Groups"/>; 0 is the default group.</summary>
    public int Index { get; }

    internal ParameterSet<T> Owner { get; }

    /// <inheritdoc cref="ParameterSet{T}.Add(string, int[])"/>
    public Parameter<T> Add(string name, params int[] shape) => Owner.Add(this, name, ParameterRole.Weight, shape);

    /// <inheritdoc cref="ParameterSet{T}.Add(string, ParameterStorage, int[])"/>
    public Parameter<T> Add(string name, ParameterStorage storage, params int[] shape) => Owner.Add(this, name, ParameterRole.Weight, shape, storage);

    /// <inheritdoc cref="ParameterSet{T}.AddBias(string, int[])"/>
    public Parameter<T> AddBias(string name, params int[] shape) => Owner.Add(this, name, ParameterRole.Bias, shape);

    /// <inheritdoc cref="ParameterSet{T}.AddBias(string, ParameterStorage, int[])"/>
    public Parameter<T> AddBias(string name, ParameterStorage storage, params int[] shape) => Owner.Add(this, name, ParameterRole.Bias, shape, storage);

    /// <inheritdoc cref="ParameterSet{T}.Wrap(string, Memory{T}, Memory{T}, int[])"/>
    public Parameter<T> Wrap(string name, Memory<T> values, Memory<T> gradients, params int[] shape) =>
        Owner.Wrap(this, name, ParameterRole.Weight, new ParameterMemory<T>(values, gradients), shape);

    /// <inheritdoc cref="ParameterSet{T}.Wrap(string, ParameterMemory{T}, int[])"/>
    public Parameter<T> Wrap(string name, ParameterMemory<T> memory, params int[] shape) => Owner.Wrap(this, name, ParameterRole.Weight, memory, shape);

    /// <inheritdoc cref="ParameterSet{T}.WrapBias(string, Memory{T}, Memory{T}, int[])"/>
    public Parameter<T> WrapBias(string name, Memory<T> values, Memory<T> gradients, params int[] shape) =>
        Owner.Wrap(this, name, ParameterRole.Bias, new ParameterMemory<T>(values, gradients), shape);

    /// <inheritdoc cref="ParameterSet{T}.WrapBias(string, ParameterMemory{T}, int[])"/>
    public Parameter<T> WrapBias(string name, ParameterMemory<T> memory, params int[] shape) => Owner.Wrap(this, name, ParameterRole.Bias, memory, shape);

    /// <summary>The group's name.</summary>
    public override string ToString() => Name;
}
