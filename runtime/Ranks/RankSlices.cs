using System.Numerics;

namespace OptimGen;

/// <summary>
/// Which elements each rank owns: those whose states it keeps, and which it alone updates. The slice of a rank is a range of neighbouring pieces of the division of the
/// tensors, so every partial result of a reduction is computed by one rank, from the same elements as in one process, and every block of an encoded state has one owner.
/// The slices depend on the shapes and the number of ranks alone. Rajbhandari, Rasley, Ruwase and He, "ZeRO: memory optimizations toward training trillion parameter
/// models", 2020, arXiv:1910.02054: this is its first stage.
/// </summary>
internal sealed class RankSlices<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// A message has at most this many pieces, 1 MiB in single precision: large enough for the bandwidth, small enough for the next one to overlap with the computation.
    /// </summary>
    private const int MostPiecesPerMessage = 16;

    /// <summary>A rank has buffers for a message of each other one; with many ranks messages get shorter, so that all take about 16 MiB in single precision.</summary>
    private const int PiecesOfAllBuffers = 256;

    private readonly Division division;
    private readonly int[] starts;
    private readonly int[] firstPieces;
    private readonly int piecesPerMessage;

    public RankSlices(ICommunicator communicator, ParameterRun<T>[] tensors, Division division)
    {
        (Communicator, Tensors, this.division) = (communicator, tensors, division);
        starts = Cut(division, communicator.Size);
        firstPieces = new int[tensors.Length + 1];
        foreach (ref readonly Piece piece in division.Pieces)
        {
            firstPieces[piece.Run + 1] = piece.Index + 1;
        }

        piecesPerMessage = Math.Clamp(PiecesOfAllBuffers / communicator.Size, 1, MostPiecesPerMessage);
        Own = division.Part(starts[Rank], starts[Rank + 1]);
        MessageCount = Enumerable.Range(0, Size).Max(MessagesOf);
    }

    public ICommunicator Communicator { get; }

    public int Rank => Communicator.Rank;

    public int Size => Communicator.Size;

    /// <summary>A run for each tensor.</summary>
    public ParameterRun<T>[] Tensors { get; }

    /// <summary>The pieces of this rank.</summary>
    public Division Own { get; }

    /// <summary>The number of pieces of all ranks.</summary>
    public int PieceCount => division.PieceCount;

    /// <summary>The largest number of messages that a slice is cut into.</summary>
    public int MessageCount { get; }

    /// <summary>The pieces of a rank.</summary>
    public ReadOnlySpan<Piece> PiecesOf(int rank) => division.Pieces[starts[rank]..starts[rank + 1]];

    /// <summary>The position of the first piece of a rank, and the number of its pieces.</summary>
    public (int First, int Count) RangeOf(int rank) => (starts[rank], starts[rank + 1] - starts[rank]);

    /// <summary>The number of messages that the slice of a rank is cut into.</summary>
    public int MessagesOf(int rank) => (starts[rank + 1] - starts[rank] + piecesPerMessage - 1) / piecesPerMessage;

    /// <summary>The pieces of a message of the slice of a rank; empty if it has no such message.</summary>
    public ReadOnlySpan<Piece> PiecesOf(int rank, int message)
    {
        (int first, int end) = BoundsOf(rank, message);
        return division.Pieces[first..end];
    }

    /// <summary>The same as a division, for this rank.</summary>
    public Division OwnMessage(int message)
    {
        (int first, int end) = BoundsOf(Rank, message);
        return division.Part(first, end);
    }

    /// <summary>The number of elements of a message of the slice of a rank.</summary>
    public int LengthOf(int rank, int message)
    {
        int length = 0;
        foreach (ref readonly Piece piece in PiecesOf(rank, message))
        {
            length += piece.Length;
        }

        return length;
    }

    /// <summary>The elements of a tensor that a rank owns, which are neighbours; a length of 0 if it owns none.</summary>
    public (int Start, int Length) PartOf(int rank, int tensor)
    {
        int first = Math.Max(firstPieces[tensor], starts[rank]) - firstPieces[tensor];
        int end = Math.Min(firstPieces[tensor + 1], starts[rank + 1]) - firstPieces[tensor];
        return first < end ? (first * Division.PieceLength, Math.Min(end * Division.PieceLength, Tensors[tensor].Length) - (first * Division.PieceLength)) : (0, 0);
    }

    private (int First, int End) BoundsOf(int rank, int message)
    {
        int end = starts[rank + 1];
        return (Math.Min(starts[rank] + (message * piecesPerMessage), end), Math.Min(starts[rank] + ((message + 1) * piecesPerMessage), end));
    }

    /// <summary>Cuts between pieces, so that each rank has about as many elements.</summary>
    private static int[] Cut(Division division, int size)
    {
        var starts = new int[size + 1];
        starts[size] = division.PieceCount;
        (int piece, long before) = (0, 0);
        for (int rank = 1; rank < size; rank++)
        {
            // The cut goes to the boundary that is nearest to the rank's share.
            double share = (double)division.ElementCount * rank / size;
            while (piece < division.PieceCount && before + (division.Pieces[piece].Length / 2.0) <= share)
            {
                before += division.Pieces[piece++].Length;
            }

            starts[rank] = piece;
        }

        return starts;
    }
}
