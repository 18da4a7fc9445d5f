using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>Whether values are finite.</summary>
/// <remarks>
/// x·0 is a zero where x is finite and NaN where it is not, and a sum keeps a NaN: one multiply-add a vector and no branch. Several sums hide its latency.
/// </remarks>
internal static class FiniteCheck
{
    /// <summary>
    /// The bytes between what is read and what is prefetched. The pass only reads, and so runs ahead of the processor's own prefetcher: twice the distance
    /// of a kernel is the best of 1, 2, 4 and 8 KiB at 64 Mi elements.
    /// </summary>
    private const int PrefetchDistance = 4096;

    /// <param name="first">The first of the values.</param>
    /// <param name="count">Their number.</param>
    /// <param name="fetchesAhead">Whether they come from memory, so that it pays to prefetch them.</param>
    public static bool AllFinite<T>(ref T first, int count, bool fetchesAhead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? AllFinite(ref Unsafe.As<T, float>(ref first), (nuint)count, fetchesAhead)
            : AllFinite(ref Unsafe.As<T, double>(ref first), (nuint)count, fetchesAhead);

    /// <summary>The position of the first value that is not finite, or −1.</summary>
    public static int IndexOfNonFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool AllFinite(ref float first, nuint count, bool fetchesAhead)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, zero = a;
        const int Width = 16;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            // Eight sums: four cycles of latency, two multiply-adds a cycle.
            for (; i + (8 * Width) <= count; i += 8 * Width)
            {
                if (fetchesAhead)
                {
                    for (nuint line = 0; line < 8 * Width; line += Width)
                    {
                        Prefetch.Ahead(ref first, i + line, PrefetchDistance);
                    }
                }

                a = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i), zero, a);
                b = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + Width), zero, b);
                c = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (2 * Width)), zero, c);
                d = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (3 * Width)), zero, d);
                e = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (4 * Width)), zero, e);
                f = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (5 * Width)), zero, f);
                g = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (6 * Width)), zero, g);
                h = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (7 * Width)), zero, h);
            }
        }

        // Where a vector is two of 256 bits, four sums are eight.
        for (; i + (4 * Width) <= count; i += 4 * Width)
        {
            if (fetchesAhead)
            {
                for (nuint line = 0; line < 4 * Width; line += Width)
                {
                    Prefetch.Ahead(ref first, i + line, PrefetchDistance);
                }
            }

            a = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i), zero, a);
            b = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + Width), zero, b);
            c = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (2 * Width)), zero, c);
            d = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (3 * Width)), zero, d);
        }

        float rest = 0;
        for (; i < count; i++)
        {
            rest += Unsafe.Add(ref first, i) * 0;
        }

        return Vector512.EqualsAll(a + b + (c + d) + (e + f + (g + h)), Vector512<float>.Zero) && rest == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static bool AllFinite(ref double first, nuint count, bool fetchesAhead)
    {
        Vector512<double> a = Vector512<double>.Zero, b = a, c = a, d = a, zero = a;
        const int Width = 8;
        nuint i = 0;
        for (; i + (4 * Width) <= count; i += 4 * Width)
        {
            if (fetchesAhead)
            {
                for (nuint line = 0; line < 4 * Width; line += Width)
                {
                    Prefetch.Ahead(ref first, i + line, PrefetchDistance);
                }
            }

            a = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i), zero, a);
            b = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + Width), zero, b);
            c = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (2 * Width)), zero, c);
            d = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref first, i + (3 * Width)), zero, d);
        }

        double rest = 0;
        for (; i < count; i++)
        {
            rest += Unsafe.Add(ref first, i) * 0;
        }

        return Vector512.EqualsAll(a + b + (c + d), Vector512<double>.Zero) && rest == 0;
    }
}
