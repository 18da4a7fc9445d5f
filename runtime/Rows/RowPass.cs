using System.Numerics;

namespace OptimGen;

/// <summary>
/// Updates units of a table on the threads of the team. A thread takes the next few units until none is left. Units do not depend on each other, so the bits
/// depend neither on the number of threads nor on who takes what.
/// </summary>
internal sealed class RowPass<T> : ITeamWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of units that a thread takes at once: about 10 µs of work where a row has 64 elements.</summary>
    private const int Taken = 128;

    private StepEngine<T>? engine;
    private RowTable<T>? table;
    private RowUnits units;
    private bool takesStep;
    private long next;

    /// <summary>Updates the units.</summary>
    /// <param name="engine">The engine that updates them.</param>
    /// <param name="table">The table.</param>
    /// <param name="units">The units.</param>
    /// <param name="takesStep">Whether the current step is taken, after those that were missed.</param>
    /// <param name="degree">The largest number of threads.</param>
    public void Run(StepEngine<T> engine, RowTable<T> table, in RowUnits units, bool takesStep, int degree)
    {
        bool isWorthSharing = degree > 1 && (long)units.Count * table.UnitLength >= Division.FewestForThreads;
        if (!isWorthSharing)
        {
            engine.UpdateUnits(table, in units, 0, units.Count, takesStep);
            return;
        }

        (this.engine, this.table, this.units, this.takesStep, next) = (engine, table, units, takesStep, 0);
        try
        {
            int members = Math.Min(Math.Min(degree, Team.MostMembers), (units.Count + Taken - 1) / Taken);
            Team.Shared.Run(this, members);
        }
        finally
        {
            (this.engine, this.table, this.units) = (null, null, default);
        }
    }

    void ITeamWork.Work(int member)
    {
        for (long start; (start = Interlocked.Add(ref next, Taken) - Taken) < units.Count;)
        {
            engine!.UpdateUnits(table!, in units, (int)start, (int)Math.Min(Taken, units.Count - start), takesStep);
        }
    }
}
