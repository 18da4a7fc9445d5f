using System.Numerics;

namespace OptimGen;

/// <summary>A part of the sum of gradients that this rank has computed: that of a complete subtree of shards.</summary>
internal interface IPartialGradient<T>
    where T : unmanaged
{
    /// <summary>Copies elements of a tensor, from <paramref name="start"/> on.</summary>
    void CopyTo(int tensor, int start, Span<T> elements);
}

/// <summary>
/// Adds the gradients of all ranks. Each rank sends the others what it has for their slices, as the sums of complete subtrees of the shards, and adds up its own slice
/// in the order of the tree (<see cref="TreeSum{TSum}"/>). So each sum is computed once, by its owner, and never by the MPI library, whose order is its own.
/// </summary>
/// <remarks>The slices go in messages of a few pieces. While a rank adds up one, the next is on its way.</remarks>
internal sealed class GradientExchange<T>(ParameterSet<T> parameters, RankSlices<T> slices)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Round[] rounds = [new(parameters, slices), new(parameters, slices)];

    /// <summary>
    /// Leaves the sum over all leaves in the gradients of this rank's slice, rounded to nearest where they are in bfloat16. The gradients of other slices keep their values.
    /// </summary>
    /// <param name="leafCount">The number of leaves of the tree, S.</param>
    /// <param name="own">The sums of this rank's subtrees: those of <see cref="SumNode.Cover"/> of its leaves.</param>
    public void Sum(int leafCount, IReadOnlyList<IPartialGradient<T>> own)
    {
        SumNode[][] nodes =
        [
            .. Enumerable.Range(0, slices.Size).Select(rank => SumNode.LeavesOf(rank, slices.Size, leafCount)).Select(leaves => SumNode.Cover(leaves.Start, leaves.End)),
        ];
        for (int message = 0; message <= slices.MessageCount; message++)
        {
            if (message < slices.MessageCount)
            {
                rounds[message & 1].Start(message, nodes, own);
            }

            if (message > 0)
            {
                rounds[(message - 1) & 1].Complete(nodes, own);
            }
        }
    }

    /// <summary>One message of each slice on its way.</summary>
    private sealed class Round
    {
        private readonly ParameterSet<T> parameters;
        private readonly RankSlices<T> slices;
        private readonly SliceBuffer<T>[] sent;
        private readonly SliceBuffer<T>[] received;
        private readonly List<Transfer> transfers = [];
        private readonly TreeSum<(int Rank, int Start)> sum;
        private int message;

        public Round(ParameterSet<T> parameters, RankSlices<T> slices)
        {
            (this.parameters, this.slices) = (parameters, slices);
            sent = [.. Enumerable.Range(0, slices.Size).Select(_ => new SliceBuffer<T>())];
            received = [.. Enumerable.Range(0, slices.Size).Select(_ => new SliceBuffer<T>())];
            sum = new TreeSum<(int Rank, int Start)>((left, right) =>
            {
                ElementSum.Add(ElementsOf(left), ElementsOf(right));
                return left;
            });
        }

        private int OwnLength => slices.LengthOf(slices.Rank, message);

        public void Start(int message, SumNode[][] nodes, IReadOnlyList<IPartialGradient<T>> own)
        {
            this.message = message;
            ICommunicator communicator = slices.Communicator;
            for (int distance = 1; distance < slices.Size; distance++)
            {
                int from = (slices.Rank - distance + slices.Size) % slices.Size;
                if (OwnLength > 0 && nodes[from].Length > 0)
                {
                    transfers.Add(communicator.StartReceive(from, received[from].Bytes(nodes[from].Length * OwnLength)));
                }
            }

            for (int distance = 1; distance < slices.Size; distance++)
            {
                int to = (slices.Rank + distance) % slices.Size;
                int length = slices.LengthOf(to, message);
                if (length > 0 && own.Count > 0)
                {
                    Memory<byte> bytes = sent[to].Bytes(own.Count * length);
                    Pack(to, own, sent[to]);
                    transfers.Add(communicator.StartSend(to, bytes));
                }
            }
        }

        public void Complete(SumNode[][] nodes, IReadOnlyList<IPartialGradient<T>> own)
        {
            int length = OwnLength;
            received[slices.Rank].Bytes(own.Count * length);
            Pack(slices.Rank, own, received[slices.Rank]);
            foreach (Transfer transfer in transfers)
            {
                transfer.Wait();
            }

            transfers.Clear();
            if (length == 0)
            {
                return;
            }

            for (int rank = 0; rank < slices.Size; rank++)
            {
                for (int i = 0; i < nodes[rank].Length; i++)
                {
                    sum.Add(nodes[rank][i], (rank, i * length));
                }
            }

            ReadOnlySpan<T> total = ElementsOf(sum.Complete());
            foreach (ref readonly Piece piece in slices.PiecesOf(slices.Rank, message))
            {
                parameters[piece.Run].SetGradients(piece.Start, total[..piece.Length]);
                total = total[piece.Length..];
            }
        }

        private Span<T> ElementsOf((int Rank, int Start) part) => received[part.Rank].Elements(part.Start, OwnLength);

        /// <summary>Copies what this rank has for a slice, one subtree behind the other.</summary>
        private void Pack(int rank, IReadOnlyList<IPartialGradient<T>> own, SliceBuffer<T> buffer)
        {
            int start = 0;
            foreach (IPartialGradient<T> partial in own)
            {
                foreach (ref readonly Piece piece in slices.PiecesOf(rank, message))
                {
                    partial.CopyTo(piece.Run, piece.Start, buffer.Elements(start, piece.Length));
                    start += piece.Length;
                }
            }
        }
    }
}
