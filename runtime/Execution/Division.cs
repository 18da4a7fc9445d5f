using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>A stretch of one run of elements.</summary>
/// <param name="Index">The position among the pieces.</param>
/// <param name="Run">The position of the run.</param>
/// <param name="Start">The first element, counted from the run's.</param>
/// <param name="Length">The number of elements.</param>
internal readonly record struct Piece(int Index, int Run, int Start, int Length);

/// <summary>Something that is done to every piece of a division.</summary>
internal interface IPieceWork
{
    void Do(in Piece piece);
}

/// <summary>
/// Runs of elements, cut into pieces at fixed boundaries: a piece is what a reduction sums before its results are combined in order, and what threads
/// divide among each other. The boundaries depend on the lengths of the runs alone, so nothing that is computed depends on the number of threads.
/// </summary>
/// <remarks>
/// Each thread has a share of its own, neighbouring pieces that stay in its cache from step to step, and takes what is left of the others' when it is
/// done, so that a thread that came late or is held up delays nobody by more than a piece.
/// </remarks>
internal sealed class Division : ITeamWork
{
    /// <summary>The largest number of elements of a piece: 64 KiB of each stream in single precision, which a second-level cache holds.</summary>
    public const int PieceLength = 1 << 14;

    /// <summary>
    /// Fewer elements are left to one thread. Two threads gain from about twice the length at which their half of the lightest rule, some 2 µs for
    /// gradient descent in cache, is what the fork and the join cost.
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
    {
        pieces = [.. lengths.SelectMany(Cut).Select((piece, index) => piece with { Index = index })];
        ElementCount = pieces.Sum(piece => (long)piece.Length);

        // Small runs, such as biases, are handed out together.
        var starts = new List<int>();
        int length = PieceLength;
        foreach (Piece piece in pieces)
        {
            if (length + piece.Length > PieceLength)
            {
                starts.Add(piece.Index);
                length = 0;
            }

            length += piece.Length;
        }

        chunkStarts = [.. starts, pieces.Length];
    }

    public ReadOnlySpan<Piece> Pieces => pieces;

    public int PieceCount => pieces.Length;

    public long ElementCount { get; }

    private int ChunkCount => chunkStarts.Length - 1;

    /// <summary>Whether several threads are faster than one.</summary>
    public bool IsWorthSharing(int degree) => degree > 1 && ElementCount >= FewestForThreads;

    /// <summary>How many threads <see cref="ForEachPiece"/> takes at the most: their numbers as members are below it.</summary>
    public int MembersAt(int degree) => IsWorthSharing(degree) ? Math.Min(Math.Min(degree, ChunkCount), Team.MostMembers) : 1;

    /// <summary>Does the work for every piece, on at most <paramref name="degree"/> threads.</summary>
    /// <param name="work">The work.</param>
    /// <param name="degree">The most threads.</param>
    /// <param name="fromTheEnd">Whether each thread begins with the last of its pieces.</param>
    /// <param name="merges">
    /// Whether pieces of one run that a thread takes together are done as one: fewer calls, and memory is prefetched across their boundaries. The index of
    /// such a piece is that of its first.
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
            int left;
            while ((left = end - Volatile.Read(ref next)) > 0)
            {
                // A quarter of what is left: large parts first, and a thread that is held up delays the others by little.
                int taken = Math.Max(1, left / 4);
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

    private static IEnumerable<Piece> Cut(int length, int run)
    {
        for (int start = 0; start < length; start += PieceLength)
        {
            yield return new Piece(0, run, start, Math.Min(PieceLength, length - start));
        }
    }

    /// <summary>A counter with a cache line of its own, and its neighbour's, which processors fetch in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct PaddedCounter
    {
        [FieldOffset(0)]
        public int Next;
    }
}
