using System.Diagnostics.CodeAnalysis;

namespace OptimGen;

/// <summary>
/// The connection of one rank to the others. The ranks are processes (<see cref="MpiCommunicator"/>) or threads (<see cref="ThreadCommunicator"/>) that run
/// the same program on their parts of the data. It moves bytes and computes nothing, so a sum never depends on the order in which a library adds.
/// </summary>
/// <remarks>
/// Messages from one rank to another arrive in the order in which they were sent, and are received in the order in which the receives were started. All ranks
/// call <see cref="AllGather"/> and <see cref="Barrier"/> in the same order. One thread at a time may use a communicator.
/// </remarks>
public interface ICommunicator
{
    /// <summary>The number of this rank, from 0 to <see cref="Size"/> − 1.</summary>
    int Rank { get; }

    /// <summary>The number of ranks, n; at least 1.</summary>
    int Size { get; }

    /// <summary>Starts to send a message, and does not wait for its receiver.</summary>
    /// <param name="rank">The rank that receives it; not this one.</param>
    /// <param name="message">The bytes, which must not change until <see cref="Transfer.Wait"/> has returned.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rank"/> is this rank or none of the ranks.</exception>
    Transfer StartSend(int rank, ReadOnlyMemory<byte> message);

    /// <summary>Starts to receive a message. Its bytes are there when <see cref="Transfer.Wait"/> has returned.</summary>
    /// <param name="rank">The rank that sends it; not this one.</param>
    /// <param name="message">Receives the bytes; as many as are sent.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rank"/> is this rank or none of the ranks.</exception>
    Transfer StartReceive(int rank, Memory<byte> message);

    /// <summary>Ends all ranks, with a message that says why and names this rank. It does not return.</summary>
    /// <param name="message">Why.</param>
    /// <exception cref="RankFailedException">The ranks are threads of one process, which goes on.</exception>
    [DoesNotReturn]
    void Abort(string message);

    /// <summary>Sends a message and waits until its bytes may be changed again. Two ranks that do this towards each other may wait for ever.</summary>
    /// <inheritdoc cref="StartSend"/>
    /// <exception cref="RankFailedException">Another rank has ended, or does not answer.</exception>
    void Send(int rank, ReadOnlyMemory<byte> message) => StartSend(rank, message).Wait();

    /// <summary>Receives a message.</summary>
    /// <inheritdoc cref="StartReceive"/>
    /// <exception cref="RankFailedException">Another rank has ended, or does not answer.</exception>
    void Receive(int rank, Memory<byte> message) => StartReceive(rank, message).Wait();

    /// <summary>Gives every rank the messages of all, in the order of the ranks.</summary>
    /// <param name="own">The message of this rank, of the same length on every rank.</param>
    /// <param name="all">Receives the messages: n times the length of one.</param>
    /// <exception cref="ArgumentException"><paramref name="all"/> has another length.</exception>
    /// <exception cref="RankFailedException">Another rank has ended, or does not answer.</exception>
    /// <remarks>
    /// Each rank sends to each other one: n − 1 messages. A rank has sent before it waits, so a wait that lasts too long is for the rank that is late.
    /// </remarks>
    void AllGather(ReadOnlyMemory<byte> own, Memory<byte> all)
    {
        if (all.Length != (long)own.Length * Size)
        {
            throw new ArgumentException($"all has {all.Length} bytes; {Size} messages of {own.Length} need {(long)own.Length * Size}.", nameof(all));
        }

        Transfer[] transfers = new Transfer[2 * (Size - 1)];
        int count = 0;
        for (int distance = 1; distance < Size; distance++)
        {
            int from = (Rank - distance + Size) % Size;
            transfers[count++] = StartReceive(from, all.Slice(from * own.Length, own.Length));
        }

        for (int distance = 1; distance < Size; distance++)
        {
            transfers[count++] = StartSend((Rank + distance) % Size, own);
        }

        own.CopyTo(all.Slice(Rank * own.Length, own.Length));
        foreach (Transfer transfer in transfers)
        {
            transfer.Wait();
        }
    }

    /// <summary>Returns when every rank has called it.</summary>
    /// <exception cref="RankFailedException">Another rank has ended, or does not answer.</exception>
    void Barrier() => AllGather(new byte[1], new byte[Size]);
}
