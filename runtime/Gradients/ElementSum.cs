using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Sums and multiples of tensors, element by element, the first in place. Products and sums are rounded by themselves: C# fuses no multiply-add, in vectors neither.</summary>
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

    /// <summary>y ← ax.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SetToScaled<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<T>> products = MemoryMarshal.Cast<T, Vector<T>>(y);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        for (int i = 0; i < products.Length; i++)
        {
            products[i] = vectors[i] * a;
        }

        for (int i = products.Length * Vector<T>.Count; i < y.Length; i++)
        {
            y[i] = x[i] * a;
        }
    }

    /// <summary>y ← ay + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndAdd<T>(Span<T> y, T a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<T>> sums = MemoryMarshal.Cast<T, Vector<T>>(y);
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(x);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = (sums[i] * a) + vectors[i];
        }

        for (int i = sums.Length * Vector<T>.Count; i < y.Length; i++)
        {
            y[i] = (y[i] * a) + x[i];
        }
    }

    /// <summary>y ← y + ax.</summary>
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
