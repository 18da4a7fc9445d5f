using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>A contiguous range of elements of one run: the unit of work that threads take and that reductions sum.</summary>
/// <param name="Index">The position of the piece in its division.</param>
/// <param name="Run">The position of the run in the division.</param>
/// <param name="Start">The offset of the first element from the start of the run.</param>
/// <param name="Length">The number of elements.</param>
internal readonly record struct Piece(int Index, int Run, int Start, int Length);

/// <summary>Work that is done for every piece of a division.</summary>
internal interface IPieceWork
{
    /// <summary>Processes one piece. Several threads call it at the same time, for different pieces.</summary>
    void Do(in Piece piece);
}

/// <summary>
/// Runs of elements, cut into pieces at fixed boundaries. A reduction sums each piece by itself and combines the results in the order of the pieces.
/// The boundaries depend on the lengths of the runs alone, so the results have the same bits for any number of threads.
/// </summary>
/// <remarks>
/// Each thread is assigned a share of neighbouring pieces, the same in every step, so that they stay in the cache of its core. A thread that has finished
/// its share takes pieces from the shares of others (work stealing), so a thread that starts late or is preempted delays the join by at most the pieces
/// that it has taken and not finished.
/// </remarks>
internal sealed class Division : ITeamWork
{
    /// <summary>The largest number of elements of a piece: 64 KiB of each stream in single precision, which fits into a second-level cache.</summary>
    public const int PieceLength = 1 << 14;

    /// <summary>
    /// Fewer elements than this are processed on the calling thread. The lightest rule, gradient descent, takes about 2 µs in cache for half of this
    /// length, which is about twice the cost of a fork and join: from here on two threads are faster than one.
    /// </summary>
    public const int FewestForThreads = 1 << 16;

    private readonly Piece[] pieces;
    private readonly int[] chunkStarts;
    private PaddedCounter[] counters = [];
    private IPieceWork? work;
    private int members;
    private bool fromTheEnd;
    private bool merges;

    public Division(IEnumerable<int> lengths)
        : this([.. lengths.SelectMany((length, run) => Cut(length, run, PieceLength)).Select((piece, index) => piece with { Index = index })])
    {
    }

    /// <summary>Runs that are cut between rows alone: a piece is whole rows, at least one and about as many elements as pieces have.</summary>
    public static Division OfRows(IEnumerable<(int Length, int Width)> runs) =>
        new([.. runs.SelectMany((run, index) => Cut(run.Length, index, Math.Max(1, PieceLength / run.Width) * run.Width)).Select((piece, index) => piece with { Index = index })]);

    private Division(Piece[] pieces)
    {
        this.pieces = pieces;
        ElementCount = pieces.Sum(piece => (long)piece.Length);

        // A chunk is what a thread takes at once: one piece, or several small ones, such as biases, up to the length of a piece.
        var starts = new List<int>();
        int length = PieceLength;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (length + pieces[i].Length > PieceLength)
            {
                starts.Add(i);
                length = 0;
            }

            length += pieces[i].Length;
        }

        chunkStarts = [.. starts, pieces.Length];
    }

    public ReadOnlySpan<Piece> Pieces => pieces;

    public int PieceCount => pieces.Length;

    public long ElementCount { get; }

    private int ChunkCount => chunkStarts.Length - 1;

    /// <summary>The pieces from one position to another, which keep their <see cref="Piece.Index"/> in the whole.</summary>
    public Division Part(int first, int end) => new(pieces[first..end]);

    /// <summary>The pieces of all runs but some, which keep their <see cref="Piece.Index"/> in the whole.</summary>
    public Division Without(Func<int, bool> isLeftOut) => new([.. pieces.Where(piece => !isLeftOut(piece.Run))]);

    /// <summary>The positions of the pieces of a run.</summary>
    public Range PiecesOf(int run)
    {
        int first = Array.FindIndex(pieces, piece => piece.Run == run);
        return first..(Array.FindLastIndex(pieces, piece => piece.Run == run) + 1);
    }

    /// <summary>Whether there are enough elements for several threads to be faster than one.</summary>
    public bool IsWorthSharing(int degree) => degree > 1 && ElementCount >= FewestForThreads;

    /// <summary>The number of threads that <see cref="ForEachPiece"/> uses at most. Their member numbers go from 0 to one less.</summary>
    public int MembersAt(int degree) => IsWorthSharing(degree) ? Math.Min(Math.Min(degree, ChunkCount), Team.MostMembers) : 1;

    /// <summary>Does the work for every piece, on at most <paramref name="degree"/> threads.</summary>
    /// <param name="work">The work.</param>
    /// <param name="degree">The largest number of threads.</param>
    /// <param name="fromTheEnd">Whether each thread goes through its pieces in reverse order.</param>
    /// <param name="merges">
    /// Whether neighbouring pieces of one run that a thread takes together are passed to the work as one longer piece, which has the index of the first.
    /// That makes fewer calls, and the kernel prefetches across the boundaries.
    /// </param>
    public void ForEachPiece(IPieceWork work, int degree, bool fromTheEnd = false, bool merges = false)
    {
        (this.fromTheEnd, this.merges) = (fromTheEnd, merges);
        if (IsWorthSharing(degree))
        {
            RunOnTeam(work, MembersAt(degree));
            return;
        }

        for (int i = 0; i < pieces.Length; i++)
        {
            work.Do(in pieces[fromTheEnd ? pieces.Length - 1 - i : i]);
        }
    }

    void ITeamWork.Work(int member)
    {
        for (int i = 0; i < members; i++)
        {
            int share = (member + i) % members;
            int start = FirstChunkOf(share), end = FirstChunkOf(share + 1);
            ref int next = ref counters[share].Next;
            int remaining;
            while ((remaining = end - Volatile.Read(ref next)) > 0)
            {
                // Guided scheduling: a quarter of the remaining chunks at a time. The parts get smaller, so a preempted thread holds little at the end.
                int taken = Math.Max(1, remaining / 4);
                int first = Interlocked.Add(ref next, taken) - taken;
                int last = Math.Min(first + taken, end);
                if (first < last)
                {
                    DoChunks(fromTheEnd ? start + end - last : first, fromTheEnd ? start + end - first : last);
                }
            }
        }
    }

    private void DoChunks(int first, int last)
    {
        ReadOnlySpan<Piece> taken = pieces.AsSpan(chunkStarts[first]..chunkStarts[last]);
        if (!merges)
        {
            for (int i = 0; i < taken.Length; i++)
            {
                work!.Do(in taken[fromTheEnd ? taken.Length - 1 - i : i]);
            }

            return;
        }

        for (int i = 0; i < taken.Length;)
        {
            Piece piece = taken[i++];
            for (; i < taken.Length && taken[i].Run == piece.Run; i++)
            {
                piece = piece with { Length = piece.Length + taken[i].Length };
            }

            work!.Do(in piece);
        }
    }

    private void RunOnTeam(IPieceWork work, int degree)
    {
        if (counters.Length < degree)
        {
            counters = new PaddedCounter[degree];
        }

        (this.work, members) = (work, degree);
        for (int share = 0; share < degree; share++)
        {
            counters[share].Next = FirstChunkOf(share);
        }

        try
        {
            Team.Shared.Run(this, degree);
        }
        finally
        {
            this.work = null;
        }
    }

    private int FirstChunkOf(int share) => (int)((long)share * ChunkCount / members);

    private static IEnumerable<Piece> Cut(int length, int run, int pieceLength)
    {
        for (long start = 0; start < length; start += pieceLength)
        {
            yield return new Piece(0, run, (int)start, (int)Math.Min(pieceLength, length - start));
        }
    }

    /// <summary>
    /// The next chunk of a share. Padded to two cache lines against false sharing: the adjacent-line prefetcher of x86 processors fetches lines in pairs.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedCounter
    {
        [FieldOffset(0)]
        public int Next;
    }
}
