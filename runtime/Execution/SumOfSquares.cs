using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>Σx² in double, summed in the order that <see cref="ReductionLanes"/> fixes: the same bits whatever the width of a vector.</summary>
internal static class SumOfSquares
{
    /// <summary>With a scale of 2⁻⁵⁵⁸ the squares of the largest doubles, and their sum over 2⁴⁰ elements, are finite.</summary>
    private const int ExponentForLargest = -558;

    /// <summary>
    /// With a scale of 2⁷⁰⁰ the square of the smallest double, 2⁻²¹⁴⁸, is above <see cref="SmallestExactSum"/>, and the squares of doubles whose sum
    /// was below that are finite.
    /// </summary>
    private const int ExponentForSmallest = 700;

    /// <summary>
    /// 2⁻⁹⁶⁰. A square that is a subnormal double has a rounding error of at most 2⁻¹⁰⁷⁵. Over 2⁴⁰ elements that is less than half a unit in the last
    /// place of a sum that is at least this large.
    /// </summary>
    private static readonly double SmallestExactSum = Math.ScaleB(1, -960);

    /// <summary>
    /// The exponent of the power of two that the values have to be scaled by, so that the sum of their squares neither overflows nor loses bits; 0 if the
    /// sum is right as it is, as it always is for floats.
    /// </summary>
    /// <param name="sum">The sum of the squares without a scale.</param>
    public static int ExponentFor<T>(double sum)
        where T : unmanaged =>
        typeof(T) == typeof(float) ? 0
        : double.IsPositiveInfinity(sum) ? ExponentForLargest
        : sum < SmallestExactSum ? ExponentForSmallest
        : 0;

    /// <param name="values">The values x.</param>
    /// <param name="scale">A factor of each value before it is squared; a power of two, so that the product is exact.</param>
    public static double Of<T>(ReadOnlySpan<T> values, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Of(MemoryMarshal.Cast<T, float>(values), scale) : Of(MemoryMarshal.Cast<T, double>(values), scale);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Of(ReadOnlySpan<float> values, double scale)
    {
        Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero, factor = Vector512.Create(scale);
        ref float first = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(ref first, (nuint)i));
            low *= factor;
            high *= factor;
            lower += low * low;
            upper += high * high;
        }

        return AddTailAndSum(lower, upper, values[i..], scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Of(ReadOnlySpan<double> values, double scale)
    {
        Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero, factor = Vector512.Create(scale);
        ref double first = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i <= values.Length - (2 * Vector512<double>.Count); i += 2 * Vector512<double>.Count)
        {
            Vector512<double> low = Vector512.LoadUnsafe(ref first, (nuint)i) * factor;
            Vector512<double> high = Vector512.LoadUnsafe(ref first, (nuint)(i + Vector512<double>.Count)) * factor;
            lower += low * low;
            upper += high * high;
        }

        return AddTailAndSum(lower, upper, values[i..], scale);
    }

    /// <summary>Adds the squares of the tail, fewer than 16 elements, to the lanes, and sums the lanes.</summary>
    private static double AddTailAndSum<T>(Vector512<double> lower, Vector512<double> upper, ReadOnlySpan<T> tail, double scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = default(ReductionLanes);
        lower.StoreUnsafe(ref lanes[0]);
        upper.StoreUnsafe(ref lanes[Vector512<double>.Count]);
        for (int lane = 0; lane < tail.Length; lane++)
        {
            double value = double.CreateTruncating(tail[lane]) * scale;
            lanes[lane] += value * value;
        }

        return lanes.Sum();
    }
}
