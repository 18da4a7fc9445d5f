using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <content>Which gradients refuse or skip a step, and how the others are scaled and clipped.</content>
internal sealed partial class StepEngine<T>
{
    /// <summary>
    /// Refuses or skips the step if a gradient is not finite (<see cref="Optimizer.NonFiniteGradients"/>), and computes how the kernels scale and clip
    /// the gradients.
    /// </summary>
    /// <returns>Whether the step is to be taken.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CheckGradients()
    {
        (double factor, int exponent) = (optimizer.GradientScale, 0);
        (gradientNorm, nonFiniteGradient, checksPieces) = (null, null, false);
        if (HasTables)
        {
            MergeRowGradients();
        }

        bool areSumsFinite = !(parameters.HasGradientAddends || sums is not null) || PrepareSums();
        if ((optimizer.MaxGradientNorm is not null || optimizer.NonFiniteGradients != NonFiniteGradientPolicy.Allow) && !ScanGradients(areSumsFinite, ref factor, ref exponent))
        {
            return false;
        }

        if (factor != 1 || optimizer.MaxGradientValue is not null || isAdjusted)
        {
            adjustment = GradientAdjustment<T>.Of(factor, exponent, optimizer.MaxGradientValue ?? double.PositiveInfinity);
            isAdjusted = adjustment != GradientAdjustment<T>.None;
        }

        isInPhase = isAdjusted || KernelsZeroGradients || Average is not null || KernelsFetchAhead;
        return true;
    }

    /// <summary>Reads every gradient, to find elements that are not finite, and multiplies the factor by that of clipping by norm.</summary>
    /// <param name="areSumsFinite">Whether the sums with addends are, where they are kept.</param>
    /// <param name="factor">The factor of the gradients.</param>
    /// <param name="exponent">The power of two that they are multiplied by too.</param>
    /// <returns>Whether the step is to be taken.</returns>
    private bool ScanGradients(bool areSumsFinite, ref double factor, ref int exponent)
    {
        NonFiniteGradientPolicy policy = optimizer.NonFiniteGradients;
        if (optimizer.MaxGradientNorm is { } maximum)
        {
            GradientNorm norm = gradientScan.Norm(optimizer.MaxDegreeOfParallelism);
            gradientNorm = norm.Times(optimizer.GradientScale);
            (factor, exponent) = norm.Clip(optimizer.GradientScale, maximum);
            // A finite norm shows that every element is finite, so there is no second pass.
            nonFiniteGradient = policy == NonFiniteGradientPolicy.Allow || double.IsFinite(norm.Root) ? null : gradientScan.FirstNonFinite();
        }
        else if (policy == NonFiniteGradientPolicy.StepFinitePieces && reductions is null && !HasRowStates)
        {
            checksPieces = true;
            skipped.Clear();
            nonFiniteGradient = gradientScan.FirstNonFiniteRow();
        }
        else if (sums is not null)
        {
            nonFiniteGradient = areSumsFinite ? gradientScan.FirstNonFiniteRow() : gradientScan.FirstNonFinite();
        }
        else
        {
            nonFiniteGradient = gradientScan.FindNonFinite(optimizer.MaxDegreeOfParallelism, IsFromMemory);
        }

        if (nonFiniteGradient is not null && policy != NonFiniteGradientPolicy.SkipStep)
        {
            throw new NonFiniteGradientException(nonFiniteGradient);
        }

        return nonFiniteGradient is null;
    }
}
