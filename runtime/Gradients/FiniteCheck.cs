using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>Whether values are finite.</summary>
internal static class FiniteCheck
{
    /// <summary>x − x is 0 where x is finite and NaN where it is not, and a sum keeps a NaN: a test without a branch an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static bool AllFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A processor that has no vectors of 512 bits takes two of its own, and is faster by that too: there are more sums at a time.
        ReadOnlySpan<Vector512<T>> vectors = MemoryMarshal.Cast<T, Vector512<T>>(values);
        Vector512<T> first = Vector512<T>.Zero, second = Vector512<T>.Zero, third = Vector512<T>.Zero, fourth = Vector512<T>.Zero;
        int i = 0;
        for (; i <= vectors.Length - 4; i += 4)
        {
            first += vectors[i] - vectors[i];
            second += vectors[i + 1] - vectors[i + 1];
            third += vectors[i + 2] - vectors[i + 2];
            fourth += vectors[i + 3] - vectors[i + 3];
        }

        for (; i < vectors.Length; i++)
        {
            first += vectors[i] - vectors[i];
        }

        T rest = T.Zero;
        foreach (T value in values[(vectors.Length * Vector512<T>.Count)..])
        {
            rest += value - value;
        }

        return Vector512.EqualsAll(first + second + third + fourth, Vector512<T>.Zero) && rest == T.Zero;
    }

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
}
