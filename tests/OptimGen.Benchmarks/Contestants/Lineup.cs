using System.Diagnostics;
using OptimGen.Benchmarks.Contestants.Phase;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>A contestant, and what OptimGen should reach against it.</summary>
/// <param name="Contestant">The contestant.</param>
/// <param name="Target">What should be reached against it by name, or null.</param>
/// <param name="IsExactLoop">Whether it is a plain C loop whose divisions and roots are exact: OptimGen's equal.</param>
internal sealed record Entrant(IContestant Contestant, Target? Target = null, bool IsExactLoop = false);

/// <summary>Who runs against whom in a setting, OptimGen first.</summary>
internal sealed class Lineup
{
    private const int FromMemory = 1 << 24;
    private const int FromTwoThreads = 1 << 16;
    private const int ChoiceLength = 1 << 13;

    private readonly Setting setting;
    private readonly IReadOnlyList<string> peers;
    private readonly List<(CPeer Peer, CLibrary Library)> builds = [];
    private readonly Dictionary<(CPeer Peer, Rule Rule), CLibrary?> fastest = [];

    /// <summary>Builds what is to be built.</summary>
    /// <param name="setting">What holds for all contestants.</param>
    /// <param name="peers">Who takes part beside OptimGen, by name; null for all.</param>
    public Lineup(Setting setting, IReadOnlyList<string>? peers = null)
    {
        this.setting = setting;
        this.peers = peers ?? Peers.All;
        foreach (CPeer peer in CPeer.All.Where(peer => this.peers.Contains(peer.Name)))
        {
            builds.AddRange(peer.Build(setting.InstructionSet, setting.Threads).Select(library => (peer, library)));
        }
    }

    public Setting Setting => setting;

    /// <summary>The target against the fastest plain C loop that is exact.</summary>
    public Target ExactTarget => setting.Threads == 1 ? new Target(0.97) : new Target(0.95, FromTwoThreads);

    /// <summary>For each compiler that takes no part: why, and how to get it.</summary>
    public IEnumerable<string> LeftOut => CPeer.All.Where(peer => peers.Contains(peer.Name) && peer.IsLoop && builds.All(build => build.Peer != peer))
        .Select(peer => peer.Family).Distinct().Select(family => (CCompiler.Of(family), setting.Threads) switch
        {
            (null, _) => $"{family} takes no part, since it is not installed: {CCompiler.HowToInstallFamily(family)}.",
            (_, > 1) => $"{family} takes no part, since it did not build (see above; perhaps without OpenMP): {CCompiler.HowToInstallFamily(family)}.",
            _ => $"{family} takes no part, since it did not build (see above).",
        });

    /// <summary>The contestants for a rule, all on the same streams, with the fastest build of each peer in C.</summary>
    public IReadOnlyList<Entrant> On(Arena arena) => [.. Contestants(arena, Fastest(arena.Rule))];

    /// <summary>As <see cref="On(Arena)"/>, with every build.</summary>
    public IReadOnlyList<IContestant> Everyone(Arena arena) => [.. Contestants(arena, builds.Where(build => Has(build, arena.Rule))).Select(entrant => entrant.Contestant)];

    /// <summary>The contestants for the whole optimizer phase.</summary>
    public IReadOnlyList<Entrant> On(PhaseArena arena)
    {
        var entrants = new List<Entrant> { new(new GeneratedPhase(arena, setting)) };
        if (setting.Threads == 1 && peers.Contains(Peers.Tensors))
        {
            entrants.Add(new Entrant(new TensorPhase(arena)));
        }

        foreach ((CPeer peer, CLibrary library) in Fastest(arena.Arena.Rule).Where(build => build.Peer.IsLoop))
        {
            var loops = new CPhase(arena, peer, library);
            entrants.Add(new Entrant(loops, IsExactLoop: loops.IsExact));
        }

        return entrants;
    }

    /// <summary>
    /// For each peer in C its build that is the fastest in cache, which is the peer at every length. A peer that is there for its estimates is left out
    /// where the rule has nothing to estimate: its code is that of the exact build.
    /// </summary>
    public IEnumerable<(CPeer Peer, CLibrary Library)> Fastest(Rule rule)
    {
        foreach (CPeer peer in CPeer.All)
        {
            if (!fastest.TryGetValue((peer, rule), out CLibrary? library))
            {
                library = Choose(peer, rule);
                fastest.Add((peer, rule), library);
            }

            if (library is not null)
            {
                yield return (peer, library);
            }
        }
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

    private static bool Has((CPeer Peer, CLibrary Library) build, Rule rule) => build.Library.Has(rule.Function + build.Peer.Suffix);

    private CLibrary? Choose(CPeer peer, Rule rule)
    {
        CLibrary[] libraries = [.. builds.Where(build => build.Peer == peer && Has(build, rule)).Select(build => build.Library)];
        if (peer.MayEstimate)
        {
            libraries = [.. libraries.Where(library => !Exactness.IsExact(peer, library, rule))];
        }

        if (libraries.Length < 2)
        {
            return libraries.FirstOrDefault();
        }

        var arena = new Arena(rule, ChoiceLength);
        RaceResult race = Race.Run([.. libraries.Select(one => new CLoop(arena, peer, one))], rounds: 11, ChoiceLength, setting.Threads);
        return libraries[Enumerable.Range(0, libraries.Length).MinBy(index => race.TimeOf(index).Median)];
    }

    private IEnumerable<Entrant> Contestants(Arena arena, IEnumerable<(CPeer Peer, CLibrary Library)> inC)
    {
        yield return new Entrant(new GeneratedStep(arena, setting, "OptimGen"));
        if (setting.Threads == 1)
        {
            if (peers.Contains(Peers.Scalar))
            {
                yield return new Entrant(new ScalarLoop(arena));
            }

            // It takes the widest vectors that there are, and cannot be told to take others.
            if (peers.Contains(Peers.Tensors) && setting.InstructionSet == InstructionSets.Supported[0])
            {
                yield return new Entrant(new TensorPasses(arena));
            }
        }
        else if (peers.Contains(Peers.OneThread))
        {
            yield return new Entrant(new GeneratedStep(arena, setting with { Threads = 1 }, "OptimGen, 1 thread"), new Target(1, InMostRounds: true));
        }

        foreach ((CPeer peer, CLibrary library) in inC)
        {
            var loop = new CLoop(arena, peer, library);
            yield return new Entrant(loop, IsExactLoop: peer.IsLoop && loop.IsExact);
        }

        if (peers.Contains(Peers.OpenMp) && OpenMpKernels.TryCreate(arena, setting) is { } kernels)
        {
            yield return new Entrant(kernels);
        }

        if (peers.Contains(Peers.Memory))
        {
            yield return new Entrant(new MemoryTwin(arena, setting), new Target(0.95, FromMemory));
        }
    }
}
