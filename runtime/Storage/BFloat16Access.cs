using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>A kernel's access to a state in <see cref="Storage.BFloat16"/> that is rounded stochastically.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe struct StochasticBFloat16<TLanes, T> : IStoredState<StochasticBFloat16<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    // In pinned memory of the optimizer, which outlives a kernel call.
    private ushort* codes;
    private T counter;
    private T inner;

    public static StochasticBFloat16<TLanes, T> Of(in StoredStates states, int index)
    {
        StochasticRounding rounding = states.RoundingOf(index);
        return new()
        {
            codes = ((BFloat16State)states[index]).CodesAt(states.Start),
            counter = RoundingHash<TLanes, T>.FirstCounter((uint)states.Start, rounding),
            inner = TLanes.Create(rounding.Inner),
        };
    }

    public readonly void BeginBlock(nuint start)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => BFloat16Words<TLanes, T>.Load(codes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T lower, T upper, nuint index)
    {
        T random = RoundingHash<TLanes, T>.Hash(counter, inner);
        counter = TLanes.Add(counter, TLanes.Create((uint)TLanes.Count));
        T lowerBits = TLanes.And(random, TLanes.Create(0xFFFF)), upperBits = TLanes.ShiftRight(random, 16), magnitude = TLanes.Create(StorageCodec.Magnitude);
        if (TLanes.AnyLessThan(TLanes.Create(StorageCodec.LargestBFloat16 - 1), TLanes.Max(TLanes.And(lower, magnitude), TLanes.And(upper, magnitude))))
        {
            (lower, lowerBits) = Truncated(lower, lowerBits);
            (upper, upperBits) = Truncated(upper, upperBits);
        }

        TLanes.StoreUpperHalves(TLanes.Add(lower, lowerBits), TLanes.Add(upper, upperBits), ref Unsafe.AsRef<ushort>(codes), index);
    }

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
    public readonly void Prefetch(nuint index) => CompilerServices.Prefetch.Ahead(ref *codes, index);

    /// <summary>Numbers with their random bits, but none where a magnitude is so large that they may not be added; and every NaN quiet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Bits, T Random) Truncated(T bits, T random)
    {
        T magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude)), zero = TLanes.Create(0);
        return (BFloat16Words<TLanes, T>.Quiet(bits, magnitude), TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(StorageCodec.LargestBFloat16)), random, zero));
    }
}

/// <summary>A kernel's access to a state in <see cref="Storage.BFloat16"/> that is rounded to nearest.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe struct NearestBFloat16<TLanes, T> : IStoredState<NearestBFloat16<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private ushort* codes;

    public static NearestBFloat16<TLanes, T> Of(in StoredStates states, int index) => new() { codes = ((BFloat16State)states[index]).CodesAt(states.Start) };

    public readonly void BeginBlock(nuint start)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => BFloat16Words<TLanes, T>.Load(codes, index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T lower, T upper, nuint index) =>
        TLanes.StoreUpperHalves(BFloat16Words<TLanes, T>.Nearest(lower), BFloat16Words<TLanes, T>.Nearest(upper), ref Unsafe.AsRef<ushort>(codes), index);

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
    public readonly void Prefetch(nuint index) => CompilerServices.Prefetch.Ahead(ref *codes, index);
}

/// <summary>bfloat16 in the upper halves of 32-bit words.</summary>
internal static unsafe class BFloat16Words<TLanes, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(ushort* codes, nuint index) => TLanes.ShiftLeft(TLanes.LoadHalves(ref Unsafe.AsRef<ushort>(codes), index), 16);

    /// <summary>Words whose upper halves are the nearest codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Nearest(T bits)
    {
        T magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));
        T rounded = TLanes.Add(TLanes.Add(bits, TLanes.Create(0x7FFF)), TLanes.And(TLanes.ShiftRight(bits, 16), TLanes.Create(1)));
        return TLanes.Select(TLanes.LessThan(TLanes.Create(StorageCodec.Infinity), magnitude), Quiet(bits, magnitude), rounded);
    }

    /// <summary>Numbers, every NaN quiet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Quiet(T bits, T magnitude) =>
        TLanes.Or(bits, TLanes.And(TLanes.LessThan(TLanes.Create(StorageCodec.Infinity), magnitude), TLanes.Create(0x400000)));
}
