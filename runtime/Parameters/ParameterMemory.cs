using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Memory of another owner for the values and the gradient of a parameter, each in the element type of the set or in bfloat16.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct ParameterMemory<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly ParameterStorage Native = new();

    private readonly ParameterStorage? storage;

    /// <summary>Both in the element type.</summary>
    public ParameterMemory(Memory<T> values, Memory<T> gradients) => (Values, Gradients, storage) = (values, gradients, Native);

    /// <summary>Both in bfloat16.</summary>
    public ParameterMemory(Memory<BFloat16> values, Memory<BFloat16> gradients) =>
        (BFloat16Values, BFloat16Gradients, storage) = (values, gradients, ParameterStorage.BFloat16);

    /// <summary>Values in bfloat16, and their gradient in the element type.</summary>
    public ParameterMemory(Memory<BFloat16> values, Memory<T> gradients) =>
        (BFloat16Values, Gradients, storage) = (values, gradients, new ParameterStorage { Values = OptimGen.Storage.BFloat16 });

    /// <summary>Values in the element type, and their gradient in bfloat16.</summary>
    public ParameterMemory(Memory<T> values, Memory<BFloat16> gradients) =>
        (Values, BFloat16Gradients, storage) = (values, gradients, new ParameterStorage { Gradients = OptimGen.Storage.BFloat16 });

    internal Memory<T> Values { get; }

    internal Memory<T> Gradients { get; }

    internal Memory<BFloat16> BFloat16Values { get; }

    internal Memory<BFloat16> BFloat16Gradients { get; }

    /// <summary>Which of the memories there are.</summary>
    internal ParameterStorage Storage => storage ?? Native;

    internal bool HasBFloat16Values => Storage.Values == OptimGen.Storage.BFloat16;

    internal bool HasBFloat16Gradients => Storage.Gradients == OptimGen.Storage.BFloat16;

    /// <summary>The number of values.</summary>
    internal int Length => HasBFloat16Values ? BFloat16Values.Length : Values.Length;

    /// <summary>The number of elements of the gradient.</summary>
    internal int GradientLength => HasBFloat16Gradients ? BFloat16Gradients.Length : Gradients.Length;

    /// <summary>The memory of the values, whatever is in it.</summary>
    internal ReadOnlySpan<byte> ValueBytes =>
        HasBFloat16Values ? MemoryMarshal.AsBytes(BFloat16Values.Span) : MemoryMarshal.AsBytes(Values.Span);

    /// <summary>The memory of the gradient, whatever is in it.</summary>
    internal ReadOnlySpan<byte> GradientBytes =>
        HasBFloat16Gradients ? MemoryMarshal.AsBytes(BFloat16Gradients.Span) : MemoryMarshal.AsBytes(Gradients.Span);

    /// <summary>Whether any is of a <see cref="MemoryManager{T}"/>, which can throw when it is accessed; an array cannot.</summary>
    internal bool IsManaged =>
        IsOfManager(Values) || IsOfManager(Gradients) || IsOfManager(BFloat16Values) || IsOfManager(BFloat16Gradients);

    /// <summary>The exception that the values throw when they are accessed, of any type; <see langword="null"/> if they do not.</summary>
    internal Exception? FailureOfValues()
    {
        try
        {
            _ = ValueBytes;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>The same for the gradient.</summary>
    internal Exception? FailureOfGradients()
    {
        try
        {
            _ = GradientBytes;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Zeroed memory in the arena's way.</summary>
    internal static ParameterMemory<T> Allocate(ParameterStorage storage, int length) => (storage.Values, storage.Gradients) switch
    {
        (OptimGen.Storage.Native, OptimGen.Storage.Native) => new(AlignedMemory.Allocate<T>(length), AlignedMemory.Allocate<T>(length)),
        (OptimGen.Storage.Native, _) => new(AlignedMemory.Allocate<T>(length), AlignedMemory.Allocate<BFloat16>(length)),
        (_, OptimGen.Storage.Native) => new(AlignedMemory.Allocate<BFloat16>(length), AlignedMemory.Allocate<T>(length)),
        _ => new(AlignedMemory.Allocate<BFloat16>(length), AlignedMemory.Allocate<BFloat16>(length)),
    };

    private static bool IsOfManager<TElement>(Memory<TElement> memory) => MemoryMarshal.TryGetMemoryManager<TElement, MemoryManager<TElement>>(memory, out _);
}
