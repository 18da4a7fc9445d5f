using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>How a gradient is scaled and clipped before the rule: the rule's gradient is clamp(factor·g·2^exponent, ±limit).</summary>
/// <param name="Factor">The gradient's scale, times the factor of clipping by the global norm; a normal number if it is positive.</param>
/// <param name="Limit">The limit of clipping by value; infinite where there is none.</param>
internal readonly record struct GradientAdjustment<T>(T Factor, T Limit)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Leaves every gradient as it is.</summary>
    public static GradientAdjustment<T> None => new(T.One, T.PositiveInfinity);

    /// <summary>
    /// 0, unless the product factor·2^exponent is too small for a normal number of the element type, so that it would lose bits or be 0. Kernels
    /// multiply by <see cref="Factor"/> alone, so a step with another exponent gives them adjusted copies of the gradients.
    /// </summary>
    public int Exponent { get; init; }

    /// <summary>The adjustment that multiplies each gradient by factor·2^exponent and then clamps it to ±limit.</summary>
    /// <exception cref="ArithmeticException">The factor is finite, but not in the element type.</exception>
    public static GradientAdjustment<T> Of(double factor, int exponent, double limit)
    {
        // GradientScale is finite, so a factor that is not finite comes from a norm that is not. Under NonFiniteGradientPolicy.Allow it propagates.
        T narrowed = double.IsFinite(factor) ? StepMath.Narrow<T>(factor, nameof(Optimizer.GradientScale)) : T.CreateTruncating(factor);
        if (factor > 0 && T.IsFinite(narrowed) && !T.IsNormal(narrowed))
        {
            int shift = Math.ILogB(factor) + 1;
            (narrowed, exponent) = (T.CreateTruncating(Math.ScaleB(factor, -shift)), exponent + shift);
        }

        return new GradientAdjustment<T>(narrowed, T.CreateTruncating(limit)) { Exponent = exponent };
    }

    /// <summary>Writes adjusted copies of gradients. Where the exponent is 0, the operations, and so the bits, are those of the kernels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Apply(ReadOnlySpan<T> gradients, Span<T> adjusted)
    {
        if (Exponent != 0)
        {
            for (int i = 0; i < gradients.Length; i++)
            {
                adjusted[i] = T.Min(T.Max(T.ScaleB(gradients[i] * Factor, Exponent), -Limit), Limit);
            }

            return;
        }

        ReadOnlySpan<Vector<T>> from = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        Span<Vector<T>> to = MemoryMarshal.Cast<T, Vector<T>>(adjusted);
        var factor = new Vector<T>(Factor);
        var upper = new Vector<T>(Limit);
        var lower = new Vector<T>(-Limit);
        for (int i = 0; i < from.Length; i++)
        {
            // Like the stage ClipByValue: NaN stays NaN.
            to[i] = Vector.Min(Vector.Max(from[i] * factor, lower), upper);
        }

        for (int i = from.Length * Vector<T>.Count; i < gradients.Length; i++)
        {
            adjusted[i] = T.Min(T.Max(gradients[i] * Factor, -Limit), Limit);
        }
    }
}
