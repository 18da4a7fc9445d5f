using System.Numerics;

namespace OptimGen;

/// <summary>
/// The gradients as the rule sees them in one step, for what is computed beside its kernels: those of the parameters themselves, or, where they are to
/// be scaled or clipped, copies of one stretch at a time, which stay in the cache.
/// </summary>
internal sealed class SeenGradients<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Memory<T>[] copies = [];

    /// <summary>What becomes of each gradient in this step.</summary>
    public GradientAdjustment<T> Adjustment { get; private set; } = new(T.One, T.PositiveInfinity);

    /// <summary>Sets what holds for the next step.</summary>
    public void Begin(GradientAdjustment<T> adjustment) => Adjustment = adjustment;

    /// <summary>Lets so many threads ask at the same time.</summary>
    public void MakeRoom(int members)
    {
        if (!Adjustment.IsIdentity && copies.Length < members)
        {
            copies = [.. copies, .. Enumerable.Range(copies.Length, members - copies.Length).Select(_ => AlignedMemory.Allocate<T>(Division.PieceLength))];
        }
    }

    /// <summary>The gradients of a stretch of a run, valid until the same thread asks again.</summary>
    public Span<T> Of(ParameterRun<T> run, int start, int length, int member)
    {
        Span<T> own = run.Gradients.Slice(start, length);
        if (Adjustment.IsIdentity)
        {
            return own;
        }

        Span<T> copy = copies[member].Span[..length];
        Adjustment.Apply(own, copy);
        return copy;
    }
}
