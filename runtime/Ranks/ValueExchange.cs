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

    /// <summary>The memory of the elements of a tensor that are exchanged, from the element <paramref name="start"/> on.</summary>
    public delegate Span<byte> BytesOf(ParameterRun<T> tensor, int start, int length);

    /// <summary>Computes this rank's slice and exchanges it.</summary>
    /// <param name="compute">Computes the pieces of one message; <see langword="null"/> if they are computed already.</param>
    /// <param name="bytesOf">Where the elements are; on every rank in the same form.</param>
    public void Gather(Action<Division>? compute, BytesOf bytesOf)
    {
        for (int message = 0; message <= slices.MessageCount; message++)
        {
            if (message < slices.MessageCount)
            {
                Round round = rounds[message & 1];
                round.StartReceiving(message, bytesOf);
                if (message < ownMessages.Length)
                {
                    compute?.Invoke(ownMessages[message]);
                    round.Send(bytesOf);
                }
            }

            if (message > 0)
            {
                rounds[(message - 1) & 1].Complete(bytesOf);
            }
        }
    }

    /// <summary>One message of each slice on its way.</summary>
    private sealed class Round(RankSlices<T> slices)
    {
        private readonly SliceBuffer<byte>[] buffers = [.. Enumerable.Range(0, slices.Size).Select(_ => new SliceBuffer<byte>())];
        private readonly List<Transfer> transfers = [];
        private int message;

        public void StartReceiving(int message, BytesOf bytesOf)
        {
            this.message = message;
            for (int distance = 1; distance < slices.Size; distance++)
            {
                int from = (slices.Rank - distance + slices.Size) % slices.Size;
                if (LengthOf(from, bytesOf) is > 0 and int length)
                {
                    transfers.Add(slices.Communicator.StartReceive(from, buffers[from].Bytes(length)));
                }
            }
        }

        public void Send(BytesOf bytesOf)
        {
            Memory<byte> bytes = buffers[slices.Rank].Bytes(LengthOf(slices.Rank, bytesOf));
            int start = 0;
            foreach (ref readonly Piece piece in slices.PiecesOf(slices.Rank, message))
            {
                Span<byte> part = PartOf(piece, bytesOf);
                part.CopyTo(bytes.Span[start..]);
                start += part.Length;
            }

            for (int distance = 1; distance < slices.Size; distance++)
            {
                transfers.Add(slices.Communicator.StartSend((slices.Rank + distance) % slices.Size, bytes));
            }
        }

        public void Complete(BytesOf bytesOf)
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
                    Span<byte> part = PartOf(piece, bytesOf);
                    buffers[rank].Elements(start, part.Length).CopyTo(part);
                    start += part.Length;
                }
            }
        }

        /// <summary>The number of bytes of the message of a rank.</summary>
        private int LengthOf(int rank, BytesOf bytesOf)
        {
            int length = 0;
            foreach (ref readonly Piece piece in slices.PiecesOf(rank, message))
            {
                length += PartOf(piece, bytesOf).Length;
            }

            return length;
        }

        private Span<byte> PartOf(in Piece piece, BytesOf bytesOf) => bytesOf(slices.Tensors[piece.Run], piece.Start, piece.Length);
    }
}
