using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Whether values are finite.</summary>
internal static class FiniteCheck
{
    /// <summary>x − x is 0 where x is finite and NaN where it is not, and a sum keeps a NaN: a test without a branch an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static bool AllFinite<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        Vector<T> first = Vector<T>.Zero, second = Vector<T>.Zero, third = Vector<T>.Zero, fourth = Vector<T>.Zero;
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
        foreach (T value in values[(vectors.Length * Vector<T>.Count)..])
        {
            rest += value - value;
        }

        return Vector.EqualsAll(first + second + third + fourth, Vector<T>.Zero) && rest == T.Zero;
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
