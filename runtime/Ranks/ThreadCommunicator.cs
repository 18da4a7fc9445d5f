using System.Diagnostics.CodeAnalysis;

namespace OptimGen;

/// <summary>
/// Ranks that are threads of this process, for tests and to try things out. Everything that each rank changes must be its own: its parameters, its optimizer,
/// its model. The bits are those of as many processes.
/// </summary>
/// <example>
/// <code>
/// ThreadCommunicator.Run(4, communicator =>
/// {
///     ParameterSet parameters = MakeModel();
///     var optimizer = new Adam(parameters, new OptimizerOptions { Communicator = communicator });
///     …
/// });
/// </code>
/// </example>
public sealed class ThreadCommunicator : ICommunicator
{
    private readonly Group group;

    private ThreadCommunicator(Group group, int rank) => (this.group, Rank) = (group, rank);

    /// <summary>How long a rank waits for another one, if the caller does not say: ten minutes.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size => group.Size;

    /// <summary>Runs the ranks, each on a thread of its own, and returns when all have ended.</summary>
    /// <param name="size">The number of ranks, at least 1.</param>
    /// <param name="body">What each rank does.</param>
    /// <param name="patience">How long a rank waits for another one; <see langword="null"/> for <see cref="DefaultPatience"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is below 1, or <paramref name="patience"/> is not positive.</exception>
    /// <exception cref="RankFailedException">A rank threw. The message names the first that did, and the inner exception is its own.</exception>
    public static void Run(int size, Action<ICommunicator> body, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        Run(
            size,
            communicator =>
            {
                body(communicator);
                return true;
            },
            patience);
    }

    /// <summary>Runs the ranks, each on a thread of its own, and returns their results in the order of the ranks.</summary>
    /// <inheritdoc cref="Run(int, Action{ICommunicator}, TimeSpan?)"/>
    public static TResult[] Run<TResult>(int size, Func<ICommunicator, TResult> body, TimeSpan? patience = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentNullException.ThrowIfNull(body);
        TimeSpan limit = patience ?? DefaultPatience;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(patience));
        var group = new Group(size, limit);
        var results = new TResult[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() => RunRank(group, rank, body, results)) { IsBackground = true, Name = $"Rank {rank}" })];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return group.Failure is { } failure ? throw failure : results;
    }

    /// <inheritdoc/>
    public Transfer StartSend(int rank, ReadOnlyMemory<byte> message)
    {
        RequireOther(rank);
        group.ThrowIfFailed();
        group.MailboxOf(Rank, rank).Put(message.ToArray());
        return SentMessage.Instance;
    }

    /// <inheritdoc/>
    public Transfer StartReceive(int rank, Memory<byte> message)
    {
        RequireOther(rank);
        return new ReceivedMessage(this, rank, group.MailboxOf(rank, Rank), message);
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public void Abort(string message)
    {
        var failure = new RankFailedException(Rank, $"Rank {Rank} of {Size} has ended the others: {message}");
        group.Fail(failure);
        throw failure;
    }

    private static void RunRank<TResult>(Group group, int rank, Func<ICommunicator, TResult> body, TResult[] results)
    {
        try
        {
            results[rank] = body(new ThreadCommunicator(group, rank));
        }
        catch (Exception exception)
        {
            // A rank that only reports the failure of another is not the first.
            group.Fail(exception as RankFailedException
                ?? new RankFailedException(rank, $"Rank {rank} of {group.Size} threw {exception.GetType().Name}: {exception.Message}", exception));
        }
    }

    private void RequireOther(int rank)
    {
        if (rank < 0 || rank >= Size || rank == Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"rank is {rank}; it must be from 0 to {Size - 1} and not {Rank}, which is this rank.");
        }
    }

    /// <summary>What the ranks share: a mailbox for each pair, and the first failure.</summary>
    private sealed class Group(int size, TimeSpan patience)
    {
        private readonly Mailbox[] mailboxes = [.. Enumerable.Range(0, size * size).Select(_ => new Mailbox())];
        private RankFailedException? failure;

        public int Size => size;

        public TimeSpan Patience => patience;

        public RankFailedException? Failure => Volatile.Read(ref failure);

        public Mailbox MailboxOf(int from, int to) => mailboxes[(from * size) + to];

        public void Fail(RankFailedException exception)
        {
            if (Interlocked.CompareExchange(ref failure, exception, null) is null)
            {
                foreach (Mailbox mailbox in mailboxes)
                {
                    mailbox.Wake();
                }
            }
        }

        public void ThrowIfFailed()
        {
            if (Failure is { } first)
            {
                throw new RankFailedException(first.Rank, first.Message, first.InnerException);
            }
        }
    }

    /// <summary>The messages from one rank to another that have not been received.</summary>
    private sealed class Mailbox
    {
        private readonly Dictionary<long, byte[]> messages = [];
        private long putCount;
        private long ticketCount;

        public void Put(byte[] message)
        {
            lock (messages)
            {
                messages.Add(putCount++, message);
                Monitor.PulseAll(messages);
            }
        }

        /// <summary>The number of the message that the next receive takes.</summary>
        public long TakeTicket() => ticketCount++;

        public void Wake()
        {
            lock (messages)
            {
                Monitor.PulseAll(messages);
            }
        }

        /// <summary>Waits for a message.</summary>
        /// <returns><see langword="null"/> if a rank has failed or the time is over.</returns>
        public byte[]? Take(long ticket, Group group)
        {
            long end = Environment.TickCount64 + (long)group.Patience.TotalMilliseconds;
            lock (messages)
            {
                byte[]? message;
                while (!messages.Remove(ticket, out message))
                {
                    long left = end - Environment.TickCount64;
                    if (group.Failure is not null || left <= 0)
                    {
                        return null;
                    }

                    Monitor.Wait(messages, (int)Math.Min(left, int.MaxValue));
                }

                return message;
            }
        }
    }

    private sealed class SentMessage : Transfer
    {
        public static SentMessage Instance { get; } = new();

        public override void Wait()
        {
            // The message has been copied.
        }
    }

    private sealed class ReceivedMessage(ThreadCommunicator owner, int from, Mailbox mailbox, Memory<byte> message) : Transfer
    {
        private readonly long ticket = mailbox.TakeTicket();
        private bool isDone;

        public override void Wait()
        {
            if (isDone)
            {
                return;
            }

            if (mailbox.Take(ticket, owner.group) is not { } received)
            {
                owner.group.ThrowIfFailed();
                var late = new RankFailedException(
                    from, $"Rank {from} of {owner.Size} does not answer: rank {owner.Rank} has waited {owner.group.Patience.TotalSeconds:0.###} s for a message of it.");
                owner.group.Fail(late);
                throw late;
            }

            if (received.Length != message.Length)
            {
                throw MessageLength.Mismatch(from, received.Length, owner.Rank, message.Length);
            }

            received.CopyTo(message);
            isDone = true;
        }
    }
}
