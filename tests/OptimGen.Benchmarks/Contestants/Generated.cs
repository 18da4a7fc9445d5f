using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The generated kernel, by <see cref="Optimizer.Step"/>.</summary>
internal sealed class Generated : IContestant
{
    private readonly Optimizer<float> optimizer;
    private readonly int threads;

    public Generated(Arena arena, Setting setting)
    {
        optimizer = arena.Optimizer;
        optimizer.InstructionSet = setting.InstructionSet;
        // Whether gradients are finite is a question that no other contestant asks.
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        threads = setting.Threads;
        Name = threads == 1 ? "OptimGen, 1 thread" : "OptimGen";
    }

    public string Name { get; }

    public void Step()
    {
        // Two contestants share the optimizer where one thread runs against several.
        optimizer.MaxDegreeOfParallelism = threads;
        optimizer.Step();
    }
}
