using System.Runtime.CompilerServices;

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

    /// <summary>Lanes to which values are added without a change of the sign of zero: −0 + x is x for each x.</summary>
    public static ReductionLanes NegativeZeros()
    {
        ReductionLanes lanes = default;
        ((Span<double>)lanes).Fill(-0.0);
        return lanes;
    }

    /// <summary>The sum of the lanes: the upper half is added to the lower half until one lane is left.</summary>
    public double Sum()
    {
        ReductionLanes lanes = this;
        for (int half = Count / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0];
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
