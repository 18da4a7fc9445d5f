using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>The random words of <see cref="StochasticRounding"/>, a vector at a time.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal static class RoundingHash<TLanes, T>
    where TLanes : struct, IWordLanes<T>
{
    /// <summary>The first counters of a range, to which the offset of the hash has been added.</summary>
    /// <param name="firstElement">The first element of the range, a multiple of 32.</param>
    /// <param name="random">The key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FirstCounter(uint firstElement, StochasticRounding random) => TLanes.Add(TLanes.Sequence, TLanes.Create((firstElement / 2) + random.Offset));

    /// <summary>The part of the hash that is the same for every stream.</summary>
    /// <param name="word">Counters to which the offset has been added.</param>
    /// <param name="inner">What enters between the multiplications.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Begin(T word, T inner)
    {
        word = TLanes.Xor(word, TLanes.ShiftRight(word, 16));
        word = TLanes.Xor(TLanes.Multiply(word, TLanes.Create(StochasticRounding.FirstMultiplier)), inner);
        return TLanes.Xor(word, TLanes.ShiftRight(word, 15));
    }

    /// <summary>The random words of a stream.</summary>
    /// <param name="word">What <see cref="Begin"/> has given.</param>
    /// <param name="multiplier">The multiplier of the stream.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T End(T word, T multiplier)
    {
        word = TLanes.Multiply(word, multiplier);
        return TLanes.Xor(word, TLanes.ShiftRight(word, 16));
    }
}

/// <summary>The random words of a kernel call in which a stream is rounded stochastically.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal struct RandomWords<TLanes, T> : IRandomWords<RandomWords<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private T counter;
    private T inner;

    public static RandomWords<TLanes, T> Of(in StoredStreams streams)
    {
        StochasticRounding rounding = streams.Rounding;
        return new() { counter = RoundingHash<TLanes, T>.FirstCounter((uint)streams.Start, rounding), inner = TLanes.Create(rounding.Inner) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Next()
    {
        T words = RoundingHash<TLanes, T>.Begin(counter, inner);
        counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
        return words;
    }
}

/// <summary>No words, for a kernel call in which no stream is rounded stochastically.</summary>
/// <typeparam name="T">The vector.</typeparam>
internal readonly struct NoRandomWords<T> : IRandomWords<NoRandomWords<T>, T>
    where T : struct
{
    public static NoRandomWords<T> Of(in StoredStreams streams) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Next() => default;
}
