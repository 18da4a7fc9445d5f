using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>
/// The sixteen accumulators of a reduction, in double. Element i of a piece goes to lane i mod 16, on every instruction set. A fixed
/// tree combines the lanes, so the result has the same bits whatever the width of a vector.
/// </summary>
[InlineArray(Count)]
internal struct ReductionLanes
{
    /// <summary>The number of lanes.</summary>
    public const int Count = 16;

    private double first;

    /// <summary>Has the lanes begin at −0, so that a sum of zeros has their sign: −0 + x is x for each x.</summary>
    public void BeginAtNegativeZero() => ((Span<double>)this).Fill(-0.0);

    /// <summary>The sum of the lanes: the upper half is added to the lower half until one lane is left.</summary>
    public readonly double Sum()
    {
        ref readonly double lanes = ref first;
        Vector256<double> lower = Vector256.LoadUnsafe(in lanes) + Vector256.LoadUnsafe(in lanes, 8);
        Vector256<double> four = lower + (Vector256.LoadUnsafe(in lanes, 4) + Vector256.LoadUnsafe(in lanes, 12));
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }

    /// <summary>The largest lane; NaN if any lane is NaN.</summary>
    public double Max()
    {
        double max = this[0];
        for (int i = 1; i < Count; i++)
        {
            max = Math.Max(max, this[i]);
        }

        return max;
    }
}
