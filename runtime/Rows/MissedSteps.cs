using System.Numerics;

namespace OptimGen;

/// <summary>
/// The last steps of a table (<see cref="RowUpdates.CaughtUp"/>) and how many of them each unit has taken. The scalars of a missed step are kept where the
/// kernels find them: the rule has been given more groups than the parameters have, and each kept step has one of those.
/// </summary>
/// <remarks>
/// Steps are counted from the declaration of the table. The kept steps are a ring of one more than the limit: a unit is at most the limit behind when a step
/// begins, because each step has a share of the units caught up (<see cref="Overdue"/>), and the new step is written into the place that is left.
/// </remarks>
internal sealed class MissedSteps<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowStep<T>[] kept;
    private readonly ParameterRun<T>[] runs;
    private readonly long[] taken;

    /// <param name="limit">The largest number of steps that a unit can miss, 1 or more.</param>
    /// <param name="unitCount">The number of units.</param>
    /// <param name="run">The parameter.</param>
    /// <param name="firstGroup">The first of the rule's groups for kept steps.</param>
    /// <param name="firstTensor">The first of the rule's tensors for kept steps; <see langword="null"/> if it has no scalars for each tensor.</param>
    public MissedSteps(int limit, int unitCount, ParameterRun<T> run, int firstGroup, int? firstTensor)
    {
        (Limit, FirstGroup, FirstTensor) = (limit, firstGroup, firstTensor);
        kept = new RowStep<T>[CapacityFor(limit)];
        runs = [.. Enumerable.Range(0, kept.Length).Select(place => run.With(firstGroup + place, firstTensor + place ?? run.Tensor))];
        taken = new long[unitCount];
    }

    /// <summary>The largest number of steps that a unit can miss.</summary>
    public int Limit { get; }

    public int FirstGroup { get; }

    public int? FirstTensor { get; }

    /// <summary>The number of steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>The position of the next step among the kept ones.</summary>
    public int NextPlace => PlaceOf(Count);

    /// <summary>The number of steps that are kept for a limit.</summary>
    public static int CapacityFor(int limit) => checked(limit + 1);

    /// <summary>Keeps what the next step has beside the rule's scalars. It is not counted until <see cref="Commit"/>.</summary>
    public void Keep(in RowStep<T> step) => kept[NextPlace] = step;

    /// <summary>Counts the step that was kept last.</summary>
    public void Commit() => Count++;

    /// <summary>A step by its number from 0, and the parameter as a run that has the step's scalars.</summary>
    public ref readonly RowStep<T> At(long index, out ParameterRun<T> run)
    {
        int place = PlaceOf(index);
        run = runs[place];
        return ref kept[place];
    }

    /// <summary>The number of steps that a unit has taken.</summary>
    public ref long TakenBy(int unit) => ref taken[unit];

    /// <summary>The units that are to be caught up before the next step, so that none misses more steps than the limit: each of them once in as many steps.</summary>
    public (int First, int End) Overdue()
    {
        long part = Count % Limit;
        return ((int)(part * taken.Length / Limit), (int)((part + 1) * taken.Length / Limit));
    }

    /// <summary>Has every unit stand at the current step, as after a checkpoint was loaded.</summary>
    public void Reset() => Array.Fill(taken, Count);

    private int PlaceOf(long index) => (int)(index % kept.Length);
}
