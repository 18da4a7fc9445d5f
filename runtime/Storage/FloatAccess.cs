using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>A kernel's access to parameters, or to a state, in single precision, beside streams in fewer bits.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe struct FloatAccess<TLanes, T> : IStreamAccess<FloatAccess<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private float* values;

    public static FloatAccess<TLanes, T> Of(in StoredStreams streams, int index) => new() { values = streams.FloatsOf(index) };

    public readonly void BeginBlock(nuint start)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => TLanes.Load(ref *values, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T lower, T upper, T random, nuint index) => FloatWords<TLanes, T>.Store(values, lower, upper, index);

    public readonly void EndBlock()
    {
    }

    public readonly void EncodeBlock(nuint start)
    {
    }

    public readonly void End(nuint count)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(nuint index) => FloatWords<TLanes, T>.Prefetch(values, index);
}

/// <summary>A kernel's access to gradients in single precision.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe struct FloatGradient<TLanes, T> : IGradientAccess<FloatGradient<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private float* values;

    public static FloatGradient<TLanes, T> Of(in StoredStreams streams) => new() { values = (float*)streams.Gradients };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => TLanes.Load(ref *values, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Clear(nuint index) => FloatWords<TLanes, T>.Store(values, TLanes.Create(0), TLanes.Create(0), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(nuint index) => FloatWords<TLanes, T>.Prefetch(values, index);
}

/// <summary>The elements i and i + 16 of a group in single precision.</summary>
internal static unsafe class FloatWords<TLanes, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private const int HalfGroup = StochasticRounding.GroupLength / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* values, T lower, T upper, nuint index)
    {
        TLanes.Store(lower, ref *values, index);
        TLanes.Store(upper, ref *values, index + HalfGroup);
    }

    /// <summary>The two cache lines of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* values, nuint index)
    {
        CompilerServices.Prefetch.Ahead(ref *values, index);
        CompilerServices.Prefetch.Ahead(ref *values, index + HalfGroup);
    }
}
