using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>The generated kernel, by <see cref="Optimizer.Step"/>.</summary>
internal sealed class GeneratedStep : IContestant
{
    private readonly Optimizer<float> optimizer;
    private readonly int threads;
    private readonly NonFiniteGradientPolicy policy;

    public GeneratedStep(Arena arena, Setting setting, string name)
        : this(arena, setting, name, setting.ChecksGradients ? NonFiniteGradientPolicy.Throw : NonFiniteGradientPolicy.Allow)
    {
    }

    public GeneratedStep(Arena arena, Setting setting, string name, NonFiniteGradientPolicy policy)
    {
        optimizer = arena.Optimizer;
        optimizer.InstructionSet = setting.InstructionSet;
        threads = setting.Threads;
        this.policy = policy;
        Name = name;
    }

    public string Name { get; }

    public void Step()
    {
        // Two contestants share the optimizer where one thread runs against several, or checked gradients against others.
        optimizer.MaxDegreeOfParallelism = threads;
        if (optimizer.NonFiniteGradients != policy)
        {
            optimizer.NonFiniteGradients = policy;
        }

        optimizer.Step();
    }
}
