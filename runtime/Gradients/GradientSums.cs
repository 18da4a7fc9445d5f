using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OptimGen;

/// <summary>
/// The gradients of a step over a set with addends (<see cref="GradientSum"/>), kept in memory of their own where the step reads them more than once: to check them,
/// for their norm or for a reduction, and then to update. A kept sum is written and read, 8 bytes in single precision; without it every addend would be read again.
/// The gradients that were summed stay as they are, because the step can still be refused.
/// </summary>
internal sealed class GradientSums<T>(ParameterSet<T> parameters) : IPieceWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ElementMemory<T>[] blocks = [.. parameters.Blocks.Select(block => new ElementMemory<T>(AlignedMemory.Allocate<T>(block.Used)))];
    private ParameterRun<T>[] runs = [];
    private bool bypassesCaches;
    private int sawNonFinite;

    /// <summary>The sums of a block.</summary>
    public ElementMemory<T> Of(int block) => blocks[block];

    /// <summary>Computes the sums.</summary>
    /// <param name="runs">The runs of parameters that have gradients.</param>
    /// <param name="division">The runs, cut into pieces.</param>
    /// <param name="degree">The largest number of threads.</param>
    /// <param name="isFromMemory">Whether a step's streams are too long for the caches, so that the sums would be written to memory before they are read.</param>
    /// <returns>Whether all are finite.</returns>
    public bool Compute(ParameterRun<T>[] runs, Division division, int degree, bool isFromMemory)
    {
        (this.runs, bypassesCaches, sawNonFinite) = (runs, isFromMemory, 0);
        division.ForEachPiece(this, degree, fromTheEnd: !isFromMemory, merges: true);
        return sawNonFinite == 0;
    }

    void IPieceWork.Do(in Piece piece)
    {
        ParameterRun<T> run = runs[piece.Run];
        ParameterBlock<T> block = parameters.Blocks[run.Block];
        Span<T> buffer = GradientSum.BufferOfThread<T>();
        for (int start = run.Offset + piece.Start, end = start + piece.Length; start < end; start += buffer.Length)
        {
            Span<T> sum = buffer[..Math.Min(buffer.Length, end - start)];
            GradientSum.Of(parameters, block, start, sum);
            if (!FiniteCheck.AllFinite(ref sum[0], sum.Length, fetchesAhead: false))
            {
                Volatile.Write(ref sawNonFinite, 1);
            }

            Span<T> kept = MemoryMarshal.CreateSpan(ref blocks[run.Block].At(start), sum.Length);
            if (bypassesCaches && AlignedMemory.IsAligned(ref kept[0]))
            {
                CopyPastCaches(sum, kept);
            }
            else
            {
                sum.CopyTo(kept);
            }
        }

        if (bypassesCaches && Sse.IsSupported)
        {
            // Such stores are not ordered with those that tell other threads that the piece is done.
            Sse.StoreFence();
        }
    }

    /// <summary>A store that bypasses the caches does not read the line that it overwrites.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void CopyPastCaches(ReadOnlySpan<T> sum, Span<T> kept)
    {
        ref T from = ref MemoryMarshal.GetReference(sum);
        T* to = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(kept));
        int i = 0;
        for (; i + Vector512<T>.Count <= sum.Length; i += Vector512<T>.Count)
        {
            Vector512.LoadUnsafe(ref from, (nuint)i).StoreAlignedNonTemporal(to + i);
        }

        sum[i..].CopyTo(kept[i..]);
    }
}
