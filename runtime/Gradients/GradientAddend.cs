using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>
/// One more gradient of every parameter of a set, which a step adds to the set's own while it reads both (<see cref="ParameterSet{T}.AddGradients"/>): of
/// another micro-batch, of another thread. No pass over memory is spent on the sum.
/// </summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GradientAddend<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterSet<T> parameters;
    private readonly ElementMemory<T>[] native;
    private readonly ElementMemory<BFloat16>[] bfloat16;
    private double weight = 1;

    internal GradientAddend(ParameterSet<T> parameters, Storage storage)
    {
        (this.parameters, Storage) = (parameters, storage);
        native = storage == Storage.Native ? [.. parameters.Blocks.Select(block => new ElementMemory<T>(AlignedMemory.Allocate<T>(block.Used)))] : [];
        bfloat16 = storage == Storage.BFloat16 ? [.. parameters.Blocks.Select(block => new ElementMemory<BFloat16>(AlignedMemory.Allocate<BFloat16>(block.Used)))] : [];
    }

    /// <summary>In which form it is kept: <see cref="Storage.Native"/> or <see cref="Storage.BFloat16"/>.</summary>
    public Storage Storage { get; }

    /// <summary>
    /// The factor of the gradient in the sum, rounded to the element type; for micro-batches of different sizes, the share of the examples. Default: 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, in the element type too.</exception>
    public double Weight
    {
        get => weight;
        set => weight = RequireWeight(value, nameof(Weight));
    }

    /// <summary>The gradient of one parameter, as many elements as it has.</summary>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    /// <exception cref="InvalidOperationException">It is kept in bfloat16: see <see cref="BFloat16Of"/>.</exception>
    public Span<T> Of(Parameter<T> parameter)
    {
        RequireInSet(parameter);
        return Storage == Storage.Native ? native[parameter.Block.Index].Span.Slice(parameter.Offset, parameter.Length) : throw InAnotherForm(nameof(BFloat16Of));
    }

    /// <summary>The gradient of one parameter in bfloat16, as many elements as it has.</summary>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    /// <exception cref="InvalidOperationException">It is kept in the element type: see <see cref="Of"/>.</exception>
    public Span<BFloat16> BFloat16Of(Parameter<T> parameter)
    {
        RequireInSet(parameter);
        return Storage == Storage.BFloat16 ? bfloat16[parameter.Block.Index].Span.Slice(parameter.Offset, parameter.Length) : throw InAnotherForm(nameof(Of));
    }

    /// <summary>Sets the gradient of every parameter to zero.</summary>
    public void Clear()
    {
        for (int i = 0; i < parameters.Blocks.Count; i++)
        {
            Clear(i, 0, parameters.Blocks[i].Used);
        }
    }

    /// <summary>Keeps the gradients as they are now.</summary>
    /// <returns>Puts them back.</returns>
    internal Action Keep()
    {
        T[][] values = [.. native.Select(memory => memory.Span.ToArray())];
        BFloat16[][] codes = [.. bfloat16.Select(memory => memory.Span.ToArray())];
        return () =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i].CopyTo(native[i].Memory);
            }

            for (int i = 0; i < codes.Length; i++)
            {
                codes[i].CopyTo(bfloat16[i].Memory);
            }
        };
    }

    internal void Clear(int block, int start, int count)
    {
        if (Storage == Storage.Native)
        {
            Elements(block, start, count).Clear();
        }
        else
        {
            Codes(block, start, count).Clear();
        }
    }

    internal Span<T> Elements(int block, int start, int count) => MemoryMarshal.CreateSpan(ref native[block].At(start), count);

    internal Span<BFloat16> Codes(int block, int start, int count) => MemoryMarshal.CreateSpan(ref bfloat16[block].At(start), count);

    internal void Prefetch(int block, int start, int count)
    {
        if (Storage == Storage.Native)
        {
            CompilerServices.Prefetch.Range(ref native[block].At(start), count);
        }
        else
        {
            CompilerServices.Prefetch.Range(ref bfloat16[block].At(start), count);
        }
    }

    /// <summary>Refuses a weight of a gradient that is not finite, or not finite once it is rounded to the element type.</summary>
    internal static double RequireWeight(double value, string name) => T.IsFinite(T.CreateTruncating(value))
        ? value
        : throw new ArgumentOutOfRangeException(
            name, value, FormattableString.Invariant($"{name} is {value}; it must be finite{(double.IsFinite(value) ? $" as a {typeof(T).Name}" : "")}."));

    private void RequireInSet(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Group.Owner != parameters)
        {
            throw new ArgumentException($"Parameter '{parameter.Name}' belongs to another set than the gradients.", nameof(parameter));
        }
    }

    private InvalidOperationException InAnotherForm(string method) => new($"These gradients are in {Storage}. Use {method}.");
}
