using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace OptimGen;

/// <summary>Work that several threads can do together. Each call takes parts until none is left, so any number of calls completes the work.</summary>
internal interface ITeamWork
{
    /// <summary>
    /// Does the parts assigned to this thread, and then any part that no other thread has taken. When every call that was made has returned, all of the
    /// work is done, even if some member numbers were never called.
    /// </summary>
    /// <param name="member">The number of the thread in the team: 0 for the thread that called <see cref="Team.Run"/>, then 1, 2, …</param>
    void Work(int member);
}

/// <summary>
/// A small thread pool for steps. A fork and join costs about a microsecond while the threads are still polling for work from the last one.
/// </summary>
/// <remarks>
/// <para>
/// A worker that has finished polls for 3 ms, because a benchmark or a small model steps again at once. Then it blocks, because a large model computes its
/// gradients first. A worker without work for ten seconds exits; the next work starts a new thread.
/// </para>
/// <para>
/// The calling thread does not wait for a worker to start. It does every part that no worker has begun, and takes the assignment back: on a busy machine
/// a step takes at most a few microseconds longer than on one thread.
/// </para>
/// <para>
/// A process has one team, and it does one piece of work at a time. An optimizer that steps while the team is busy uses its calling thread alone, so the
/// processors are not oversubscribed. Between calls of <see cref="Run"/> the team holds no reference to the work, whose types may be in an assembly that
/// is to be unloaded (a collectible load context).
/// </para>
/// </remarks>
/// <param name="idleTime">How long a thread waits for work before it ends; at least a millisecond.</param>
internal sealed class Team(TimeSpan idleTime)
{
    private readonly List<Worker> workers = [];
    private int isBusy;

    public static Team Shared { get; } = new(TimeSpan.FromSeconds(10));

    /// <summary>
    /// The upper limit of the number of threads, the calling one included. It is the number of processors, because more threads would only wait for each
    /// other. Tests raise it, to take steps on more threads than the machine has processors.
    /// </summary>
    public static int MostMembers { get; set; } = Environment.ProcessorCount;

    /// <summary>The number of worker threads, idle or not, without callers. Exact only while no work runs.</summary>
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
                    // Joins every worker, even after a failure: none may still use the work when this method returns.
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

    /// <summary>A member of the team other than the caller. Its thread spins for work, then yields, then blocks, and at last exits.</summary>
    private sealed class Worker(int member, TimeSpan idleTime)
    {
        // At most one thread exists for a worker. Only the thread itself sets Ended, as its last act (or MakeThread, where it could not start one). Only
        // Start replaces Ended, and Run admits one caller at a time.
        private const int Idle = 0, Assigned = 1, Working = 2, Asleep = 3, Ended = 4;

        // 20 µs, longer than a fork and join. A thread that waits for longer yields the processor, perhaps to the thread that it waits for.
        private static readonly long SpinTicks = Stopwatch.Frequency / 50_000;

        // 3 ms, about as long as the threads of OpenMP poll. To block earlier would be slow: the scheduler often puts a woken thread on the processor of
        // the thread that woke it, and leaves it there for milliseconds, in which it does not run.
        private static readonly long AwakeTicks = 3 * Stopwatch.Frequency / 1000;

        private readonly object wakeSignal = new();
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
                    lock (wakeSignal)
                    {
                        Monitor.Pulse(wakeSignal);
                    }

                    break;

                case Ended:
                    MakeThread();
                    break;
            }
        }

        /// <summary>Waits until the thread has done the work, or takes the work back if the thread has not begun it.</summary>
        /// <returns>The exception that the work threw on the thread, or <see langword="null"/>.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public ExceptionDispatchInfo? Join()
        {
            if (Interlocked.CompareExchange(ref state, Idle, Assigned) == Assigned)
            {
                work = null;
                return null;
            }

            // The worker is about to finish, so this spins at first: a yield could cost a whole time slice.
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
                // UnsafeStart does not capture the execution context of this caller (AsyncLocal values), which the thread would keep for its whole life.
                new Thread(WaitAndWork) { IsBackground = true, Name = $"OptimGen {member}" }.UnsafeStart();
            }
            catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
            {
                // The system could not create a thread. The caller and the other workers do the work.
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

        /// <summary>
        /// Runs the work. NoInlining: the references to the work and its exception are in this frame, which must be gone while the thread waits, or they
        /// would keep the assembly of the work from being unloaded.
        /// </summary>
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

        /// <summary>Waits for work: spins, then yields, then blocks.</summary>
        /// <returns>Whether there is work; otherwise the thread must exit.</returns>
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

                    // After a wake-up without work, yields and does not spin: this thread may be on the processor of a thread that has work.
                    start = Stopwatch.GetTimestamp() - SpinTicks;
                }
            }
        }

        /// <summary>Blocks until there is work or the idle time has passed.</summary>
        /// <returns>Whether the thread has been woken; otherwise the state is Ended and the thread must exit.</returns>
        private bool Sleep()
        {
            lock (wakeSignal)
            {
                if (Interlocked.CompareExchange(ref state, Asleep, Idle) == Idle)
                {
                    // No wake-up is lost: Start needs this lock to pulse, and Wait releases it only once this thread is in the queue of waiters.
                    while (Volatile.Read(ref state) == Asleep)
                    {
                        if (!Monitor.Wait(wakeSignal, idleTime) && Interlocked.CompareExchange(ref state, Ended, Asleep) == Asleep)
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
