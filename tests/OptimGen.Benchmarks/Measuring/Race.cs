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
    // Threads that have worked stay awake for some milliseconds, OptimGen's and OpenMP's, on the cores of whoever has the next turn; and on a virtual
    // machine the thread that this one wakes may take as long to come. What is measured is steps that follow each other.
    private const double ThreadsWarmUp = 16e6;

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
                times[index, Math.Max(round, 0)] = Turn(contestants[index], stepTimes[index], threads) / elements;
            }
        }

        return new RaceResult([.. contestants.Select(one => one.Name)], times);
    }

    /// <summary>Nanoseconds of a step, in a turn.</summary>
    private static double Turn(IContestant contestant, double stepTime, int threads)
    {
        // What the contestant before has left in the caches, or awake, is none of this one's business.
        double warmUp = threads > 1 ? ThreadsWarmUp : stepTime < LongStep ? stepTime : 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalNanoseconds < warmUp;)
        {
            contestant.Prepare();
            contestant.Step();
        }

        double turn = threads > 1 ? ThreadsTurn : LeastTurn;
        int steps = contestant.NeedsPreparation ? 1 : (int)Math.Max(1, Math.Ceiling(turn / stepTime));
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
