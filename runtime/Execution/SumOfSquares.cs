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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = default(ReductionLanes);
        AddFromFirstLane(values, scale, ref lanes);
        return lanes.Sum();
    }

    /// <summary>Adds the squares of some values, of which others are zero or have been added, to the lanes.</summary>
    /// <param name="values">The values x.</param>
    /// <param name="position">The position of the first among all values.</param>
    /// <param name="scale">A factor of each value before it is squared; a power of two.</param>
    /// <param name="lanes">The lanes.</param>
    public static void Add<T>(ReadOnlySpan<T> values, int position, double scale, ref ReductionLanes lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lane = position % ReductionLanes.Count, head = lane == 0 ? 0 : Math.Min(values.Length, ReductionLanes.Count - lane);
        AddEach(values[..head], lane, scale, ref lanes);
        AddFromFirstLane(values[head..], scale, ref lanes);
    }

    /// <summary>Adds the squares of values of which the first belongs to the first lane.</summary>
    private static void AddFromFirstLane<T>(ReadOnlySpan<T> values, double scale, ref ReductionLanes lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> whole = values[..(values.Length & -ReductionLanes.Count)];
        if (typeof(T) == typeof(float))
        {
            AddWhole(MemoryMarshal.Cast<T, float>(whole), scale, ref lanes);
        }
        else
        {
            AddWhole(MemoryMarshal.Cast<T, double>(whole), scale, ref lanes);
        }

        AddEach(values[whole.Length..], 0, scale, ref lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddWhole(ReadOnlySpan<float> values, double scale, ref ReductionLanes lanes)
    {
        Vector512<double> lower = Vector512.LoadUnsafe(ref lanes[0]), upper = Vector512.LoadUnsafe(ref lanes[Vector512<double>.Count]);
        Vector512<double> factor = Vector512.Create(scale);
        ref float first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += ReductionLanes.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.LoadUnsafe(ref first, (nuint)i));
            low *= factor;
            high *= factor;
            lower += low * low;
            upper += high * high;
        }

        lower.StoreUnsafe(ref lanes[0]);
        upper.StoreUnsafe(ref lanes[Vector512<double>.Count]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddWhole(ReadOnlySpan<double> values, double scale, ref ReductionLanes lanes)
    {
        Vector512<double> lower = Vector512.LoadUnsafe(ref lanes[0]), upper = Vector512.LoadUnsafe(ref lanes[Vector512<double>.Count]);
        Vector512<double> factor = Vector512.Create(scale);
        ref double first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += ReductionLanes.Count)
        {
            Vector512<double> low = Vector512.LoadUnsafe(ref first, (nuint)i) * factor;
            Vector512<double> high = Vector512.LoadUnsafe(ref first, (nuint)(i + Vector512<double>.Count)) * factor;
            lower += low * low;
            upper += high * high;
        }

        lower.StoreUnsafe(ref lanes[0]);
        upper.StoreUnsafe(ref lanes[Vector512<double>.Count]);
    }

    /// <summary>Adds the squares of values that do not reach the last lane.</summary>
    private static void AddEach<T>(ReadOnlySpan<T> values, int lane, double scale, ref ReductionLanes lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.CreateTruncating(values[i]) * scale;
            lanes[lane + i] += value * value;
        }
    }
}
