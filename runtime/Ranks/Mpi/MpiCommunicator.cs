using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace OptimGen;

/// <summary>
/// Ranks that are processes, on one machine or many, connected by the MPI library that the cluster has: any with the binary interface of MPI 5, Open MPI, or
/// MPICH and its relatives. The library is found when the program runs; nothing is compiled for it. Start the program by the library's launcher:
/// <c>mpirun -n 4 dotnet program.dll</c>.
/// </summary>
/// <remarks>
/// <para>
/// A rank that throws ends the others: <see cref="Run"/> writes the exception, with the number of the rank, to the standard error and calls <c>MPI_Abort</c>. When a
/// process dies, the launcher ends the others, usually within a second, and names the rank. A rank that hangs is noticed by those that wait for it: a wait that
/// lasts longer than <see cref="Patience"/> ends all, with a message that names it.
/// </para>
/// <para>
/// A process has one communicator in its life, because MPI can be initialized once. It asks for <c>MPI_THREAD_SERIALIZED</c>. Where less is granted, only the thread
/// that made the communicator may use it.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// return MpiCommunicator.Run(communicator =>
/// {
///     var optimizer = new Adam(parameters, new OptimizerOptions { Communicator = communicator });
///     …
/// });
/// </code>
/// </example>
public sealed class MpiCommunicator : ICommunicator, IDisposable
{
    /// <summary>Counts of MPI are ints, and some libraries copy a message whole; so longer ones are sent in parts.</summary>
    internal const int LongestPart = 1 << 28;

    private const int FailureExitCode = 1;
    private static readonly TimeSpan AbortDelay = TimeSpan.FromMilliseconds(250);

    private readonly MpiLibrary library;
    private readonly bool isInitializer;
    private readonly int? onlyThread;
    private bool isDisposed;

    /// <summary>Finds the MPI library, and initializes it unless the program has done so.</summary>
    /// <exception cref="DllNotFoundException">There is no MPI library; the message says what to install.</exception>
    /// <exception cref="InvalidOperationException">
    /// MPI has been initialized and shut down before in this process, or the program was started by the launcher of another library than the one that was found.
    /// </exception>
    public MpiCommunicator()
        : this(MpiSearch.Load(), LongestPart)
    {
    }

    internal MpiCommunicator(MpiLibrary library, int longestPart)
    {
        (this.library, PartLength) = (library, longestPart);
        if (library.IsFinalized)
        {
            throw new InvalidOperationException($"MPI has been shut down in this process, and cannot be initialized again. Make one {nameof(MpiCommunicator)} only.");
        }

        if (!library.IsInitialized)
        {
            isInitializer = true;
            // Less than serialized: calls from this thread only.
            onlyThread = library.Initialize(library.SerializedThreads) >= library.SerializedThreads ? null : Environment.CurrentManagedThreadId;
        }

        library.Open();
        if (isInitializer)
        {
            // Who has initialized MPI before may have a handler of its own.
            library.ReturnOtherErrors();
        }

        (Rank, Size) = (library.Rank(), library.Size());
        if (Size == 1 && MpiSearch.LaunchedSize() is > 1 and int launched)
        {
            throw new InvalidOperationException(
                $"The launcher has started {launched} processes, but {library.Name} sees only this one: they are of different MPI libraries. Start the program by the launcher "
                + $"of {library.Name}, or set {MpiSearch.PathVariable} to the path of the launcher's library.");
        }
    }

    /// <summary>
    /// How long a rank waits for another one before it ends all. Default: ten minutes. It must be longer than the ranks differ in the time for their gradients or
    /// evaluations, or for a checkpoint that rank 0 writes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan Patience
    {
        get;
        set => field = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Patience), value, $"{nameof(Patience)} is {value}; it must be positive.");
    } = ThreadCommunicator.DefaultPatience;

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>The MPI library that was found.</summary>
    public string LibraryName => library.Name;

    /// <summary>The longest part of a message.</summary>
    private int PartLength { get; }

    /// <summary>Runs a program as one rank. If it throws, all ranks end: this one writes the exception to the standard error, and the process ends with exit code 1.</summary>
    /// <param name="body">What the rank does.</param>
    /// <returns>0, for <c>Main</c> to return.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    /// <exception cref="DllNotFoundException">There is no MPI library; the message says what to install.</exception>
    /// <exception cref="InvalidOperationException">MPI cannot be initialized.</exception>
    public static int Run(Action<MpiCommunicator> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var communicator = new MpiCommunicator();
        try
        {
            body(communicator);
        }
        catch (Exception exception)
        {
            communicator.Abort(exception.ToString());
        }

        communicator.Dispose();
        return 0;
    }

    /// <inheritdoc/>
    public unsafe Transfer StartSend(int rank, ReadOnlyMemory<byte> message)
    {
        RequireUsable(rank);
        MemoryHandle pinned = message.Pin();
        var requests = new long[PartsOf(message.Length)];
        for (int part = 0; part < requests.Length; part++)
        {
            int start = part * PartLength;
            requests[part] = library.StartSend((byte*)pinned.Pointer + start, Math.Min(PartLength, message.Length - start), rank);
        }

        return new MpiTransfer(this, rank, pinned, requests, expected: null);
    }

    /// <inheritdoc/>
    public unsafe Transfer StartReceive(int rank, Memory<byte> message)
    {
        RequireUsable(rank);
        MemoryHandle pinned = message.Pin();
        var requests = new long[PartsOf(message.Length)];
        for (int part = 0; part < requests.Length; part++)
        {
            int start = part * PartLength;
            requests[part] = library.StartReceive((byte*)pinned.Pointer + start, Math.Min(PartLength, message.Length - start), rank);
        }

        return new MpiTransfer(this, rank, pinned, requests, message.Length);
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public void Abort(string message)
    {
        Console.Error.WriteLine($"Rank {Rank} of {Size} has ended the others: {message}");
        Console.Error.Flush();
        // The launcher of MPICH may end the job before it has passed the message on.
        Thread.Sleep(AbortDelay);
        library.Abort(FailureExitCode);
        // MPI_Abort of a library may return before the launcher has ended this process.
        Environment.Exit(FailureExitCode);
        throw new UnreachableException();
    }

    /// <summary>Shuts MPI down, if this object has initialized it. Every rank must come here; a process that ends without it is reported as failed.</summary>
    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        library.Close();
        if (isInitializer)
        {
            library.Shutdown();
        }
    }

    private int PartsOf(int length) => Math.Max(1, (int)(((long)length + PartLength - 1) / PartLength));

    private void RequireUsable(int rank)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (rank < 0 || rank >= Size || rank == Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"rank is {rank}; it must be from 0 to {Size - 1} and not {Rank}, which is this rank.");
        }

        RequireThread();
    }

    private void RequireThread()
    {
        if (onlyThread is { } thread && thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                $"{library.Name} allows calls from one thread only, the one that made the {nameof(MpiCommunicator)}; this is another one. Step and train on that thread.");
        }
    }

    /// <summary>The parts of one message. MPI makes progress inside of calls of it only, so the wait asks again and again, more and more seldom.</summary>
    private sealed class MpiTransfer(MpiCommunicator owner, int rank, MemoryHandle pinned, long[] requests, int? expected) : Transfer
    {
        // A message between processes of one machine takes a few microseconds.
        private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

        // A thread that has yielded for that long sleeps, a millisecond at a time: it waits for a computation.
        private static readonly long YieldTicks = Stopwatch.Frequency / 100;

        private int next;
        private long received;

        public override void Wait()
        {
            if (next == requests.Length)
            {
                return;
            }

            owner.RequireThread();
            long start = Stopwatch.GetTimestamp();
            while (next < requests.Length)
            {
                if (owner.library.Test(ref requests[next], out int count))
                {
                    received += count;
                    next++;
                    continue;
                }

                Pause(Stopwatch.GetTimestamp() - start);
            }

            pinned.Dispose();
            if (expected is { } length && received != length)
            {
                throw MessageLength.Mismatch(rank, (int)received, owner.Rank, length);
            }
        }

        private void Pause(long waited)
        {
            if (waited < SpinTicks)
            {
                Thread.SpinWait(8);
            }
            else if (waited < YieldTicks)
            {
                Thread.Yield();
            }
            else if (waited < owner.Patience.TotalSeconds * Stopwatch.Frequency)
            {
                Thread.Sleep(1);
            }
            else
            {
                owner.Abort($"rank {rank} does not answer; rank {owner.Rank} has waited for it for {owner.Patience.TotalSeconds:0.###} s.");
            }
        }
    }
}
