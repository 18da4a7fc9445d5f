using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen.CompilerServices;

/// <summary>What a kernel does around the rule, for some neighbouring elements.</summary>
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
        ZeroesGradients = zeroesGradients;
        FetchesAhead = fetchesAhead;
        AverageShare = averageShare;
        this.average = ref average;
    }

    /// <summary>What the gradient is multiplied by; 1 where it stays as it is.</summary>
    public T GradientFactor { get; }

    /// <summary>The limit of the gradient's magnitude, after the factor; infinite where there is none.</summary>
    public T GradientLimit { get; }

    /// <summary>The same with the other sign.</summary>
    public T NegativeGradientLimit { get; }

    /// <summary>Whether the gradient is set to zero after the rule.</summary>
    public bool ZeroesGradients { get; }

    /// <summary>Whether the moving average of the parameters is kept.</summary>
    public bool AveragesParameters => !Unsafe.IsNullRef(in average);

    /// <summary>The weight of the new parameter in the average, 1 − β.</summary>
    public T AverageShare { get; }

    /// <summary>Whether the streams come from memory, so that it pays to prefetch them.</summary>
    public bool FetchesAhead { get; }

    /// <summary>The average, where one is kept.</summary>
    public ref T Average => ref average;

    /// <summary>The same, without the scaling and clipping of the gradient.</summary>
    internal GradientAdjustment<T> Adjustment => new(GradientFactor, GradientLimit);
}
