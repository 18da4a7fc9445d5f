using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>What a rule sees in place of the gradient: clamp(factor·g·2^exponent, ±limit).</summary>
/// <param name="Factor">The gradient's scale, times the factor of clipping by the global norm; a normal number if it is positive.</param>
/// <param name="Limit">The limit of clipping by value; infinite where there is none.</param>
internal readonly record struct GradientAdjustment<T>(T Factor, T Limit)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Leaves every gradient as it is.</summary>
    public static GradientAdjustment<T> None => new(T.One, T.PositiveInfinity);

    /// <summary>
    /// Not 0 where the whole factor is so small that it would lose bits as a subnormal number, or be 0. Kernels know the factor alone, so a step then
    /// gives them adjusted copies of the gradients.
    /// </summary>
    public int Exponent { get; init; }

    /// <summary>As the kernels do it, for whoever sees the gradients beside them.</summary>
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
            // As the stage ClipByValue: a NaN stays.
            to[i] = Vector.Min(Vector.Max(from[i] * factor, lower), upper);
        }

        for (int i = from.Length * Vector<T>.Count; i < gradients.Length; i++)
        {
            adjusted[i] = T.Min(T.Max(gradients[i] * Factor, -Limit), Limit);
        }
    }
}
