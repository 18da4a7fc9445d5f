using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The rule in C: a plain loop, or written by hand with intrinsics; with more than one thread, by OpenMP.</summary>
internal sealed unsafe class CLoop : IContestant
{
    private readonly Arena arena;
    // Without the transition of a P/Invoke, as a C program would call it: at 1 Ki parameters that would be a tenth of the time.
    private readonly delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, CLong, StepScalars*, void> function;
    private readonly ScalarSequence scalars;

    public CLoop(Arena arena, CPeer peer, CLibrary library)
    {
        this.arena = arena;
        scalars = arena.Scalars();
        function = (delegate* unmanaged[SuppressGCTransition]<float*, float*, float*, float*, CLong, StepScalars*, void>)
            library.Find(arena.Rule.Function + peer.Suffix);
        Library = library;
        IsExact = Exactness.IsExact(peer, library, arena.Rule);
        Name = peer.Heading(library.Threads) + (IsExact ? "" : " (estimates)");
    }

    public CLibrary Library { get; }

    /// <summary>Whether its divisions and roots are correctly rounded.</summary>
    public bool IsExact { get; }

    public string Name { get; }

    public void Step()
    {
        StepScalars own = scalars.Next();
        function(arena.Parameter, arena.Gradient, arena.First, arena.Second, new CLong(arena.Length), &own);
    }
}
