using System.Diagnostics.CodeAnalysis;

namespace OptimGen.Tests.Ranks;

/// <summary>Counts what a rank sends.</summary>
internal sealed class CountingCommunicator(ICommunicator communicator) : ICommunicator
{
    public int Rank => communicator.Rank;

    public int Size => communicator.Size;

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    public void Reset() => (Messages, Bytes) = (0, 0);

    public Transfer StartSend(int rank, ReadOnlyMemory<byte> message)
    {
        Messages++;
        Bytes += message.Length;
        return communicator.StartSend(rank, message);
    }

    public Transfer StartReceive(int rank, Memory<byte> message) => communicator.StartReceive(rank, message);

    [DoesNotReturn]
    public void Abort(string message) => communicator.Abort(message);
}
