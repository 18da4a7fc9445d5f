using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>A kernel's access to parameters, or to a state, in <see cref="Storage.BFloat16"/> that are rounded stochastically.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
/// <typeparam name="TSign">Whether a number can be negative.</typeparam>
internal unsafe struct StochasticBFloat16<TLanes, T, TSign> : IStreamAccess<StochasticBFloat16<TLanes, T, TSign>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
    where TSign : struct, ISign
{
    // In memory that does not move during the call.
    private ushort* codes;
    private T multiplier;

    public static StochasticBFloat16<TLanes, T, TSign> Of(in StoredStreams streams, int index) => new()
    {
        codes = streams.BFloat16CodesOf(index),
        multiplier = TLanes.Create(streams.RoundingOf(index).Multiplier),
    };

    public readonly void BeginBlock(nuint start)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => TLanes.LoadUpperHalves(ref Unsafe.AsRef<ushort>(codes), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T lower, T upper, T random, nuint index)
    {
        random = RoundingHash<TLanes, T>.End(random, multiplier);
        T lowerBits = TLanes.And(random, TLanes.Create(0xFFFF)), upperBits = TLanes.ShiftRight(random, 16);
        // With a sign, the bits of a negative number are larger than every other.
        if (TLanes.AnyLessThan(TLanes.Create(StorageCodec.LargestBFloat16 - 1), TLanes.Max(Magnitude(lower), Magnitude(upper))))
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Magnitude(T bits) => TSign.IsNonNegative ? bits : TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude));

    /// <summary>Numbers with their random bits, but none where a magnitude is so large that they may not be added; and every NaN quiet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Bits, T Random) Truncated(T bits, T random)
    {
        T magnitude = TLanes.And(bits, TLanes.Create(StorageCodec.Magnitude)), zero = TLanes.Create(0);
        return (BFloat16Words<TLanes, T>.Quiet(bits, magnitude), TLanes.Select(TLanes.LessThan(magnitude, TLanes.Create(StorageCodec.LargestBFloat16)), random, zero));
    }
}

/// <summary>A kernel's access to parameters, or to a state, in <see cref="Storage.BFloat16"/> that are rounded to nearest.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe struct NearestBFloat16<TLanes, T> : IStreamAccess<NearestBFloat16<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private ushort* codes;

    public static NearestBFloat16<TLanes, T> Of(in StoredStreams streams, int index) => new() { codes = streams.BFloat16CodesOf(index) };

    public readonly void BeginBlock(nuint start)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => TLanes.LoadUpperHalves(ref Unsafe.AsRef<ushort>(codes), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(T lower, T upper, T random, nuint index) =>
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

/// <summary>A kernel's access to gradients in bfloat16.</summary>
/// <typeparam name="TLanes">The operations.</typeparam>
/// <typeparam name="T">The vector.</typeparam>
internal unsafe struct BFloat16Gradient<TLanes, T> : IGradientAccess<BFloat16Gradient<TLanes, T>, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
    private ushort* codes;

    public static BFloat16Gradient<TLanes, T> Of(in StoredStreams streams) => new() { codes = (ushort*)streams.Gradients };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T Load(nuint index) => TLanes.LoadUpperHalves(ref Unsafe.AsRef<ushort>(codes), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Clear(nuint index) => TLanes.StoreUpperHalves(TLanes.Create(0), TLanes.Create(0), ref Unsafe.AsRef<ushort>(codes), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(nuint index) => CompilerServices.Prefetch.Ahead(ref *codes, index);
}

/// <summary>bfloat16 in the upper halves of 32-bit words.</summary>
internal static class BFloat16Words<TLanes, T>
    where TLanes : struct, IWordLanes<T>
    where T : struct
{
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
