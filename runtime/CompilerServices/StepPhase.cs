using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen.CompilerServices;

/// <summary>
/// What a kernel does besides the rule, for a contiguous range of elements: scaling and clipping of the gradient before it, averaging of the parameter
/// and zeroing of the gradient after it, prefetching.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct StepPhase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T average;

    internal StepPhase(GradientAdjustment<T> adjustment, bool zeroesGradients, bool fetchesAhead)
        : this(adjustment, zeroesGradients, fetchesAhead, ref Unsafe.NullRef<T>(), T.Zero)
    {
    }

    internal StepPhase(GradientAdjustment<T> adjustment, bool zeroesGradients, bool fetchesAhead, ref T average, T averageShare)
    {
        (GradientFactor, GradientLimit) = adjustment;
        NegativeGradientLimit = -GradientLimit;
        AdjustsGradients = adjustment != GradientAdjustment<T>.None;
        ZeroesGradients = zeroesGradients;
        FetchesAhead = fetchesAhead;
        AverageShare = averageShare;
        this.average = ref average;
    }

    /// <summary>The factor of the gradient; 1 for none.</summary>
    public T GradientFactor { get; }

    /// <summary>The limit of the gradient's magnitude, after the factor; infinite for none.</summary>
    public T GradientLimit { get; }

    /// <summary>−<see cref="GradientLimit"/>.</summary>
    public T NegativeGradientLimit { get; }

    /// <summary>Whether the factor or the limit changes a gradient.</summary>
    public bool AdjustsGradients { get; }

    /// <summary>Whether the gradient is set to zero after the rule.</summary>
    public bool ZeroesGradients { get; }

    /// <summary>Whether a moving average of the parameters is updated.</summary>
    public bool AveragesParameters => !Unsafe.IsNullRef(in average);

    /// <summary>The weight of the new parameter in the average, 1 − β.</summary>
    public T AverageShare { get; }

    /// <summary>Whether the kernel prefetches its streams; faster where they are in memory and not in a cache.</summary>
    public bool FetchesAhead { get; }

    /// <summary>The average of the first element; a null reference if <see cref="AveragesParameters"/> is <see langword="false"/>.</summary>
    public ref T Average => ref average;

    /// <summary>The average at a distance from the first element; a null reference if <see cref="AveragesParameters"/> is <see langword="false"/>.</summary>
    public ref T AverageAt(nuint index) => ref AveragesParameters ? ref Unsafe.Add(ref average, index) : ref average;

    /// <summary>The same for elements at a distance from the first.</summary>
    internal StepPhase<T> At(nuint index) => new(Adjustment, ZeroesGradients, FetchesAhead, ref AverageAt(index), AverageShare);

    /// <summary>The factor and the limit as an adjustment.</summary>
    internal GradientAdjustment<T> Adjustment => new(GradientFactor, GradientLimit);
}
