using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>
/// The gradients as the rule sees them in one step, for what is computed beside its kernels: those of the parameters themselves, or, where they are to
/// be scaled or clipped, copies of one stretch at a time, which stay in the cache.
/// </summary>
internal sealed class SeenGradients<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Memory<T>[] copies = [];

    /// <summary>Whether the rule sees the gradients themselves. It follows from the adjustment; but to compare costs a small step a tenth.</summary>
    public bool AreAsGiven { get; private set; } = true;

    /// <summary>What becomes of each gradient in this step.</summary>
    public GradientAdjustment<T> Adjustment { get; private set; } = GradientAdjustment<T>.None;

    /// <summary>Sets what holds for the next step.</summary>
    /// <param name="factor">The gradient's scale, times the factor of clipping by the global norm.</param>
    /// <param name="exponent">A power of two that belongs to the factor, where the whole would be subnormal as a double; else 0.</param>
    /// <param name="limit">The limit of clipping by value.</param>
    /// <exception cref="ArithmeticException">The factor is finite, but not in the element type.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(double factor, int exponent, double? limit)
    {
        if (factor != 1 || exponent != 0 || limit is not null || !AreAsGiven)
        {
            Adjust(factor, exponent, limit ?? double.PositiveInfinity);
        }
    }

    /// <summary>Lets so many threads ask at the same time.</summary>
    public void MakeRoom(int members)
    {
        if (!AreAsGiven && copies.Length < members)
        {
            copies = [.. copies, .. Enumerable.Range(copies.Length, members - copies.Length).Select(_ => AlignedMemory.Allocate<T>(Division.PieceLength))];
        }
    }

    /// <summary>The gradients of a stretch of a run, valid until the same thread asks again.</summary>
    public Span<T> Of(ParameterRun<T> run, int start, int length, int member)
    {
        Span<T> own = run.Gradients.Slice(start, length);
        if (AreAsGiven)
        {
            return own;
        }

        Span<T> copy = copies[member].Span[..length];
        Adjustment.Apply(own, copy);
        return copy;
    }

    private void Adjust(double factor, int exponent, double limit)
    {
        // What is not finite here comes from the norm, and is let through.
        T narrowed = double.IsFinite(factor) ? StepMath.Narrow<T>(factor, nameof(Optimizer.GradientScale)) : T.CreateTruncating(factor);
        if (factor > 0 && T.IsFinite(narrowed) && !T.IsNormal(narrowed))
        {
            int shift = Math.ILogB(factor) + 1;
            (narrowed, exponent) = (T.CreateTruncating(Math.ScaleB(factor, -shift)), exponent + shift);
        }

        Adjustment = new GradientAdjustment<T>(narrowed, T.CreateTruncating(limit)) { Exponent = exponent };
        AreAsGiven = Adjustment == GradientAdjustment<T>.None;
    }
}
