using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>(a) The generated kernel, by <see cref="Optimizer.Step"/>.</summary>
internal sealed class Generated : IContestant
{
    private readonly Optimizer<float> optimizer;

    public Generated(Arena arena, Setting setting)
    {
        optimizer = arena.Optimizer;
        optimizer.InstructionSet = setting.InstructionSet;
        // Whether gradients are finite is a question that no other contestant asks.
        optimizer.RefuseNonFiniteGradients = false;
    }

    public string Name => "OptimGen";

    public void Step() => optimizer.Step();
}
