using System.Globalization;
using System.Runtime.CompilerServices;
using OptimGen;

namespace TorchStep;

/// <summary>The tensors of one optimizer of PyTorch, wrapped in their order, and the optimizer that steps them in place.</summary>
internal sealed unsafe class TensorList
{
    private readonly List<ParameterGroup<float>> groups = [];
    private readonly List<Parameter<float>> parameters = [];
    private readonly List<TensorMemory> values = [];
    private readonly List<TensorMemory> gradients = [];

    /// <param name="groupCount">The number of groups, each with its own hyperparameters.</param>
    /// <param name="groupOf">For each tensor, the index of its group.</param>
    /// <param name="lengths">For each tensor, the number of its elements.</param>
    /// <param name="addresses">For each tensor, the addresses of its values and of its gradients.</param>
    /// <exception cref="ArgumentException">A group does not exist, or a length is not that of a parameter.</exception>
    public TensorList(int groupCount, ReadOnlySpan<int> groupOf, ReadOnlySpan<long> lengths, Addresses addresses)
    {
        var set = new ParameterSet();
        for (int group = 0; group < groupCount; group++)
        {
            groups.Add(set.AddGroup("group" + group.ToString(CultureInfo.InvariantCulture)));
        }

        for (int tensor = 0; tensor < lengths.Length; tensor++)
        {
            if ((uint)groupOf[tensor] >= (uint)groupCount || lengths[tensor] is <= 0 or > int.MaxValue)
            {
                throw new ArgumentException($"Tensor {tensor} has {lengths[tensor]} elements and is in group {groupOf[tensor]} of {groupCount}.");
            }

            int length = (int)lengths[tensor];
            values.Add(new TensorMemory(addresses.Values[tensor], length));
            gradients.Add(new TensorMemory(addresses.Gradients[tensor], length));
            string name = "tensor" + tensor.ToString(CultureInfo.InvariantCulture);
            parameters.Add(groups[groupOf[tensor]].Wrap(name, values[^1].Memory, gradients[^1].Memory));
        }

        Optimizer = new TorchAdamW(set);
    }

    public TorchAdamW Optimizer { get; }

    public void SetHyperparameter(int group, string name, double value) => Optimizer.SetHyperparameter(groups[group], name, value);

    /// <summary>Steps every tensor, where it is now.</summary>
    /// <exception cref="NonFiniteGradientException">A gradient is NaN or infinite; nothing has changed.</exception>
    public void Step(Addresses addresses)
    {
        for (int tensor = 0; tensor < parameters.Count; tensor++)
        {
            values[tensor].Address = addresses.Values[tensor];
            gradients[tensor].Address = addresses.Gradients[tensor];
        }

        Optimizer.Step();
    }

    /// <summary>The address of a state, with as many elements as the tensor. It stays the same: the memory of states is pinned.</summary>
    public float* AddressOfState(int tensor, string name) => (float*)Unsafe.AsPointer(ref Optimizer.GetState(parameters[tensor], name)[0]);
}

/// <summary>For each tensor, in their order, the addresses of its values and of its gradients.</summary>
internal readonly unsafe ref struct Addresses(float** values, float** gradients)
{
    public readonly float** Values = values;

    public readonly float** Gradients = gradients;
}
