using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Sums of two tensors, element by element, the first in place.</summary>
internal static class ElementSum
{
    /// <summary>y ← y + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<T>(Span<T> y, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<T>> sums = MemoryMarshal.Cast<T, Vector<T>>(y);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += vectors[i];
        }

        for (int i = sums.Length * Vector<T>.Count; i < y.Length; i++)
        {
            y[i] += x[i];
        }
    }

    /// <summary>y ← y + ax. Two roundings: C# fuses no multiply-add, in vectors neither.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<T>> sums = MemoryMarshal.Cast<T, Vector<T>>(y);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += vectors[i] * a;
        }

        for (int i = sums.Length * Vector<T>.Count; i < y.Length; i++)
        {
            y[i] += x[i] * a;
        }
    }
}
