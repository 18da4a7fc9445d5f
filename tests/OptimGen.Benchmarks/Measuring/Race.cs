using System.Diagnostics;
using OptimGen.Benchmarks.Contestants;

namespace OptimGen.Benchmarks.Measuring;

/// <summary>
/// Times contestants against each other in one process. In each round each has a turn, in an order that is drawn anew, so that a disturbance of the
/// machine hits all of them alike, and none always follows the same other. What counts is the ratio of two turns of one round.
/// </summary>
internal sealed class Race
{
    // In nanoseconds.
    private const double LeastTurn = 1.5e6;
    private const double ThreadsTurn = 4e6;
    private const double LongStep = 5e6;
    // A pool of threads spins before it sleeps, OpenMP's for some milliseconds and OptimGen's for a tenth of one: on the cores of whoever has the next turn.
    private static readonly TimeSpan ThreadsFallAsleep = TimeSpan.FromMilliseconds(12);

    /// <summary>Runs the race.</summary>
    /// <param name="contestants">The first is whom the others are compared with.</param>
    /// <param name="rounds">The number of rounds that count; before them are a few that do not.</param>
    /// <param name="elements">The number of elements of a step.</param>
    /// <param name="threads">The number of threads that contestants use.</param>
    public static RaceResult Run(IReadOnlyList<IContestant> contestants, int rounds, long elements, int threads)
    {
        var random = new Random(1);
        double[] stepTimes = [.. contestants.Select(Calibrate)];
        var times = new double[contestants.Count, rounds];
        int[] order = [.. Enumerable.Range(0, contestants.Count)];
        for (int round = rounds > 10 ? -2 : 0; round < rounds; round++)
        {
            random.Shuffle(order);
            foreach (int index in order)
            {
                if (threads > 1)
                {
                    Thread.Sleep(ThreadsFallAsleep);
                }

                times[index, Math.Max(round, 0)] = Turn(contestants[index], stepTimes[index], threads) / elements;
            }
        }

        return new RaceResult([.. contestants.Select(one => one.Name)], times);
    }

    /// <summary>Nanoseconds of a step, in a turn.</summary>
    private static double Turn(IContestant contestant, double stepTime, int threads)
    {
        double turn = LeastTurn;
        if (threads > 1)
        {
            // The other processor may take a millisecond to wake, for whoever comes; what is measured is steps that follow each other.
            turn = ThreadsTurn;
            for (long start = Stopwatch.GetTimestamp(); stepTime < LongStep && Stopwatch.GetElapsedTime(start).TotalNanoseconds < ThreadsTurn;)
            {
                contestant.Prepare();
                contestant.Step();
            }
        }

        int steps = contestant.NeedsPreparation ? 1 : (int)Math.Max(1, Math.Ceiling(turn / stepTime));
        if (stepTime < LongStep)
        {
            // What the contestant before has left in the caches is none of this one's business.
            contestant.Prepare();
            contestant.Step();
        }

        contestant.Prepare();
        return Time(contestant, steps);
    }

    /// <summary>Nanoseconds of a step, roughly: in batches that grow until one can be timed.</summary>
    private static double Calibrate(IContestant contestant)
    {
        contestant.Prepare();
        contestant.Step();
        for (int steps = 1; ; steps *= 4)
        {
            contestant.Prepare();
            double time = Time(contestant, steps);
            if (time * steps >= LeastTurn / 4 || contestant.NeedsPreparation)
            {
                return time;
            }
        }
    }

    private static double Time(IContestant contestant, int steps)
    {
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            contestant.Step();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / steps;
    }
}
