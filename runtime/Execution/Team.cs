using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace OptimGen;

/// <summary>Work that several threads can do together.</summary>
internal interface ITeamWork
{
    /// <summary>Does a part of the work, and then what is left of the others' parts; when every call has returned, everything is done.</summary>
    /// <param name="member">Who calls: 0 for the thread that started it, then 1, 2, … Parts that nobody came for are done by the others.</param>
    void Work(int member);
}

/// <summary>
/// The threads that take steps together: a fork and a join that cost about a microsecond while they follow each other closely.
/// </summary>
/// <remarks>
/// A thread that has finished stays awake for a while, since the next step of a benchmark or a small model comes at once, and then sleeps, since
/// the next step of a large model comes after its gradients. The thread that starts the work never waits for one that is not there yet: what
/// nobody has begun it does by itself, so that on a busy machine a step is at most a few microseconds slower than on one thread. There is one team in
/// a process; an optimizer that steps while the team works for another steps on its own thread alone, and the processors are not oversubscribed.
/// A thread without work for ten seconds ends, and is made again when there is work for it. Between two calls of <see cref="Run"/> the team holds no
/// reference to the work, whose types may be in an assembly that is to be unloaded.
/// </remarks>
/// <param name="idleTime">How long a thread waits for work before it ends; at least a millisecond.</param>
internal sealed class Team(TimeSpan idleTime)
{
    private readonly List<Worker> workers = [];
    private int isBusy;

    public static Team Shared { get; } = new(TimeSpan.FromSeconds(10));

    /// <summary>
    /// The most threads of a team, however many are asked for: the number of processors, because more threads only wait for each other. Tests set it, to
    /// take steps on more threads than the machine has processors.
    /// </summary>
    public static int MostMembers { get; set; } = Environment.ProcessorCount;

    /// <summary>The number of threads that wait or work, not counting callers. Exact only while nobody runs anything.</summary>
    public int ThreadCount => workers.Count(worker => worker.HasThread);

    /// <summary>Runs the work on up to <paramref name="members"/> threads, the calling one among them, and returns when it is done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ITeamWork work, int members)
    {
        if (members <= 1 || Interlocked.CompareExchange(ref isBusy, 1, 0) != 0)
        {
            work.Work(0);
            return;
        }

        ExceptionDispatchInfo? failure = null;
        try
        {
            while (workers.Count < members - 1)
            {
                workers.Add(new Worker(workers.Count + 1, idleTime));
            }

            for (int i = 0; i < members - 1; i++)
            {
                workers[i].Start(work);
            }

            try
            {
                work.Work(0);
            }
            finally
            {
                for (int i = 0; i < members - 1; i++)
                {
                    // Each is waited for, whether or not one before it has failed.
                    ExceptionDispatchInfo? thrown = workers[i].Join();
                    failure ??= thrown;
                }
            }
        }
        finally
        {
            Volatile.Write(ref isBusy, 0);
        }

        failure?.Throw();
    }

    /// <summary>A place for a thread that waits for work, awake at first and then asleep, and ends after a while.</summary>
    private sealed class Worker(int member, TimeSpan idleTime)
    {
        // Only the thread leaves Ended behind it, and only Start, which one caller at a time is in, leaves Ended: so there is never a second thread.
        private const int Idle = 0, Assigned = 1, Working = 2, Asleep = 3, Ended = 4;

        // 20 µs, longer than a fork and join: who waits for longer gives the processor to whoever else needs it, perhaps the one that it waits for.
        private static readonly long SpinTicks = Stopwatch.Frequency / 50_000;

        // 3 ms, about as long as the threads of OpenMP: a thread that is woken is often put on the processor of the one that woke it, and stays there,
        // for milliseconds in which it is of no use.
        private static readonly long AwakeTicks = 3 * Stopwatch.Frequency / 1000;

        private readonly object bed = new();
        private ITeamWork? work;
        private ExceptionDispatchInfo? failure;
        private int state = Ended;

        public bool HasThread => Volatile.Read(ref state) != Ended;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Start(ITeamWork work)
        {
            this.work = work;
            switch (Interlocked.Exchange(ref state, Assigned))
            {
                case Asleep:
                    lock (bed)
                    {
                        Monitor.Pulse(bed);
                    }

                    break;

                case Ended:
                    MakeThread();
                    break;
            }
        }

        /// <summary>Waits until the work is done, or takes it back if it has not begun.</summary>
        /// <returns>What the work threw.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public ExceptionDispatchInfo? Join()
        {
            if (Interlocked.CompareExchange(ref state, Idle, Assigned) == Assigned)
            {
                work = null;
                return null;
            }

            // Nearly there: to give up the processor here would give it up for a whole time slice.
            long start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref state) == Working)
            {
                if (Stopwatch.GetTimestamp() - start < SpinTicks)
                {
                    Thread.SpinWait(4);
                }
                else
                {
                    Thread.Yield();
                }
            }

            ExceptionDispatchInfo? thrown = failure;
            (failure, work) = (null, null);
            return thrown;
        }

        private void MakeThread()
        {
            try
            {
                // Unsafe only in that the thread does not take over the execution context of whoever came first, which it would keep for good.
                new Thread(WaitAndWork) { IsBackground = true, Name = $"OptimGen {member}" }.UnsafeStart();
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // The system gives no more threads: the caller and the threads that there are do the work.
                Volatile.Write(ref state, Ended);
            }
        }

        private void WaitAndWork()
        {
            while (WaitForWork())
            {
                DoWork();
                Volatile.Write(ref state, Idle);
            }
        }

        /// <summary>NoInlining: its frame has the references to the work and to what it threw, and must be gone while the thread waits.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void DoWork()
        {
            try
            {
                work!.Work(member);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        /// <returns>Whether there is work; else the thread is to end.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private bool WaitForWork()
        {
            long start = Stopwatch.GetTimestamp();
            while (true)
            {
                if (Volatile.Read(ref state) == Assigned && Interlocked.CompareExchange(ref state, Working, Assigned) == Assigned)
                {
                    return true;
                }

                long waited = Stopwatch.GetTimestamp() - start;
                if (waited < SpinTicks)
                {
                    Thread.SpinWait(4);
                }
                else if (waited < AwakeTicks)
                {
                    Thread.Yield();
                }
                else
                {
                    if (!Sleep())
                    {
                        return false;
                    }

                    // Perhaps on the processor of the thread that has the work: it goes first.
                    start = Stopwatch.GetTimestamp() - SpinTicks;
                }
            }
        }

        /// <returns>Whether the thread has been woken; else it has ended.</returns>
        private bool Sleep()
        {
            lock (bed)
            {
                if (Interlocked.CompareExchange(ref state, Asleep, Idle) == Idle)
                {
                    // Who changes the state afterwards also takes the lock, and so finds this thread waiting.
                    while (Volatile.Read(ref state) == Asleep)
                    {
                        if (!Monitor.Wait(bed, idleTime) && Interlocked.CompareExchange(ref state, Ended, Asleep) == Asleep)
                        {
                            return false;
                        }
                    }
                }
            }

            return true;
        }
    }
}
