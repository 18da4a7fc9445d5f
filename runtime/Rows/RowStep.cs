using System.Numerics;

namespace OptimGen;

/// <summary>What a step does to rows beside the rule.</summary>
/// <param name="Step">The number of the step, from 1, which decides its random bits.</param>
/// <param name="Adjustment">How gradients are scaled and clipped. A gradient of zero stays zero, unless the factor is NaN.</param>
/// <param name="AverageShare">The weight of the new parameter in the average; 0 if there is none.</param>
/// <param name="IsPlain">Whether gradients are as they are, and there is no average.</param>
internal readonly record struct RowStep<T>(long Step, GradientAdjustment<T> Adjustment, T AverageShare, bool IsPlain)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
