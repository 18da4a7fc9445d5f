using System.Numerics;

namespace OptimGen;

/// <summary>
/// Gives all ranks the elements that each has computed for its slice. The slices go in messages of a few pieces: while one is on its way, the next is computed.
/// </summary>
internal sealed class ValueExchange<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RankSlices<T> slices;
    private readonly Division[] ownMessages;
    private readonly Round[] rounds;

    public ValueExchange(RankSlices<T> slices)
    {
        this.slices = slices;
        ownMessages = [.. Enumerable.Range(0, slices.MessagesOf(slices.Rank)).Select(slices.OwnMessage)];
        rounds = [new(slices), new(slices)];
    }

    /// <summary>The elements of a tensor that are exchanged.</summary>
    public delegate Span<T> ElementsOf(ParameterRun<T> tensor);

    /// <summary>Computes this rank's slice and exchanges it.</summary>
    /// <param name="compute">Computes the pieces of one message; <see langword="null"/> if they are computed already.</param>
    /// <param name="elementsOf">Where the elements are.</param>
    public void Gather(Action<Division>? compute, ElementsOf elementsOf)
    {
        for (int message = 0; message <= slices.MessageCount; message++)
        {
            if (message < slices.MessageCount)
            {
                Round round = rounds[message & 1];
                round.StartReceiving(message);
                if (message < ownMessages.Length)
                {
                    compute?.Invoke(ownMessages[message]);
                    round.Send(elementsOf);
                }
            }

            if (message > 0)
            {
                rounds[(message - 1) & 1].Complete(elementsOf);
            }
        }
    }

    /// <summary>One message of each slice on its way.</summary>
    private sealed class Round(RankSlices<T> slices)
    {
        private readonly SliceBuffer<T>[] buffers = [.. Enumerable.Range(0, slices.Size).Select(_ => new SliceBuffer<T>())];
        private readonly List<Transfer> transfers = [];
        private int message;

        public void StartReceiving(int message)
        {
            this.message = message;
            for (int distance = 1; distance < slices.Size; distance++)
            {
                int from = (slices.Rank - distance + slices.Size) % slices.Size;
                if (slices.LengthOf(from, message) is > 0 and int length)
                {
                    transfers.Add(slices.Communicator.StartReceive(from, buffers[from].Bytes(length)));
                }
            }
        }

        public void Send(ElementsOf elementsOf)
        {
            Memory<byte> bytes = buffers[slices.Rank].Bytes(slices.LengthOf(slices.Rank, message));
            int start = 0;
            foreach (ref readonly Piece piece in slices.PiecesOf(slices.Rank, message))
            {
                elementsOf(slices.Tensors[piece.Run]).Slice(piece.Start, piece.Length).CopyTo(buffers[slices.Rank].Elements(start, piece.Length));
                start += piece.Length;
            }

            for (int distance = 1; distance < slices.Size; distance++)
            {
                transfers.Add(slices.Communicator.StartSend((slices.Rank + distance) % slices.Size, bytes));
            }
        }

        public void Complete(ElementsOf elementsOf)
        {
            foreach (Transfer transfer in transfers)
            {
                transfer.Wait();
            }

            transfers.Clear();
            for (int rank = 0; rank < slices.Size; rank++)
            {
                int start = 0;
                foreach (ref readonly Piece piece in rank == slices.Rank ? [] : slices.PiecesOf(rank, message))
                {
                    buffers[rank].Elements(start, piece.Length).CopyTo(elementsOf(slices.Tensors[piece.Run]).Slice(piece.Start, piece.Length));
                    start += piece.Length;
                }
            }
        }
    }
}
