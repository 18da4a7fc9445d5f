using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>For generated code: what a kernel does around the rule, for one stretch of elements.</summary>
/// <typeparam name="T">The element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct StepPhase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T average;

    internal StepPhase(GradientAdjustment<T> adjustment, bool zeroesGradients, Span<T> averages, T averageShare, bool fetchesAhead)
    {
        (GradientFactor, GradientLimit) = adjustment;
        ClipsGradients = GradientLimit < T.PositiveInfinity;
        ZeroesGradients = zeroesGradients;
        AveragesParameters = !averages.IsEmpty;
        AverageShare = averageShare;
        FetchesAhead = fetchesAhead;
        average = ref MemoryMarshal.GetReference(averages);
    }

    /// <summary>What the gradient is multiplied by; 1 where it stays as it is.</summary>
    public T GradientFactor { get; }

    /// <summary>The limit of the gradient's magnitude, after the factor.</summary>
    public T GradientLimit { get; }

    /// <summary>Whether there is a limit.</summary>
    public bool ClipsGradients { get; }

    /// <summary>Whether the gradient is set to zero after the rule.</summary>
    public bool ZeroesGradients { get; }

    /// <summary>Whether the moving average of the parameters is kept.</summary>
    public bool AveragesParameters { get; }

    /// <summary>The weight of the new parameter in the average, 1 − β.</summary>
    public T AverageShare { get; }

    /// <summary>Whether the streams come from memory, so that it pays to ask for them early.</summary>
    public bool FetchesAhead { get; }

    /// <summary>The average, where one is kept.</summary>
    public ref T Average => ref average;
}
