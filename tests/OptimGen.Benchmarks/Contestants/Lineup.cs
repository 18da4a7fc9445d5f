using System.Diagnostics;
using OptimGen.Benchmarks.Contestants.Phase;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>A contestant, and what OptimGen should reach against it.</summary>
internal sealed record Entrant(IContestant Contestant, Target? Target = null);

/// <summary>Who runs against whom in a setting, OptimGen first.</summary>
internal sealed class Lineup(Setting setting)
{
    private const int FromMemory = 1 << 24;
    private const int FromTwoThreads = 1 << 16;
    private const int ChoiceLength = 1 << 13;

    private readonly IReadOnlyList<CLibrary> libraries = CCompiler.OfThisMachine?.Build(setting.InstructionSet, setting.Threads) ?? [];
    private readonly Dictionary<Rule, CLibrary?> fastest = [];

    public Setting Setting => setting;

    /// <summary>The contestants for a rule, all on the same streams.</summary>
    public IReadOnlyList<Entrant> On(Arena arena) => [.. Contestants(arena, Fastest(arena.Rule) is { } library ? [library] : [])];

    /// <summary>As <see cref="On(Arena)"/>, with every build of the C loop.</summary>
    public IReadOnlyList<IContestant> Everyone(Arena arena) => [.. Contestants(arena, libraries).Select(entrant => entrant.Contestant)];

    /// <summary>The contestants for the whole optimizer phase.</summary>
    /// <param name="arena">Their streams.</param>
    /// <param name="target">What should be reached against the loops in C.</param>
    public IEnumerable<Entrant> On(PhaseArena arena, Target? target = null)
    {
        yield return new Entrant(new GeneratedPhase(arena, setting));
        if (setting.Threads == 1)
        {
            yield return new Entrant(new TensorPhase(arena));
        }

        if (Fastest(arena.Arena.Rule) is { } library)
        {
            yield return new Entrant(new CPhase(arena, library), target);
        }
    }

    /// <summary>The build of the C loop that is the fastest in cache; it is the peer at every length.</summary>
    public CLibrary? Fastest(Rule rule)
    {
        if (!fastest.TryGetValue(rule, out CLibrary? library))
        {
            var arena = new Arena(rule, ChoiceLength);
            IContestant[] builds = [.. libraries.Select(one => new CLoop(arena, one))];
            RaceResult race = Race.Run(builds, rounds: 11, ChoiceLength, setting.Threads);
            library = Enumerable.Range(0, builds.Length).OrderBy(index => race.TimeOf(index).Median).Select(index => libraries[index]).FirstOrDefault();
            fastest.Add(rule, library);
        }

        return library;
    }

    /// <summary>Lets everyone run until the runtime has compiled what it runs for good.</summary>
    public void WarmUp(Rule rule)
    {
        var arena = new Arena(rule, 1 << 10);
        IReadOnlyList<IContestant> everyone = Everyone(arena);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(1);)
        {
            foreach (IContestant contestant in everyone)
            {
                for (int step = 0; step < 50; step++)
                {
                    contestant.Step();
                }
            }

            Thread.Sleep(20);
        }
    }

    private IEnumerable<Entrant> Contestants(Arena arena, IReadOnlyList<CLibrary> builds)
    {
        yield return new Entrant(new Generated(arena, setting));
        if (setting.Threads == 1)
        {
            yield return new Entrant(new ScalarLoop(arena));
            // It takes the widest vectors that there are, and cannot be told to take others.
            if (setting.InstructionSet == InstructionSets.Supported[0])
            {
                yield return new Entrant(new TensorPasses(arena));
            }
        }
        else
        {
            yield return new Entrant(new Generated(arena, setting with { Threads = 1 }), new Target(1, InMostRounds: true));
        }

        foreach (CLibrary library in builds)
        {
            yield return new Entrant(new CLoop(arena, library), setting.Threads == 1 ? new Target(0.97) : new Target(0.95, FromTwoThreads));
        }

        yield return new Entrant(new MemoryTwin(arena, setting), new Target(0.95, FromMemory));
    }
}
