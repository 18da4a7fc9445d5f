using System.Runtime.CompilerServices;

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

    /// <summary>The hash of counters to which the offset has been added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Hash(T word, T inner)
    {
        word = TLanes.Xor(word, TLanes.ShiftRight(word, 16));
        word = TLanes.Xor(TLanes.Multiply(word, TLanes.Create(StochasticRounding.FirstMultiplier)), inner);
        word = TLanes.Xor(word, TLanes.ShiftRight(word, 15));
        word = TLanes.Multiply(word, TLanes.Create(StochasticRounding.SecondMultiplier));
        return TLanes.Xor(word, TLanes.ShiftRight(word, 16));
    }
}
