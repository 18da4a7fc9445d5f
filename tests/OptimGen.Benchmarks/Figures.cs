using BenchmarkDotNet.Attributes;
using OptimGen.Benchmarks.Rules;

namespace OptimGen.Benchmarks;

/// <summary>Single figures, by BenchmarkDotNet: a step of a rule, with and without the check that every gradient is finite.</summary>
[MemoryDiagnoser]
public class Figures
{
    private Optimizer<float> optimizer = null!;

    public static IEnumerable<string> RuleNames => Rules.Rule.All.Select(rule => rule.Name);

    [ParamsSource(nameof(RuleNames))]
    public string Rule { get; set; } = "";

    [Params(1 << 10, 1 << 16, 1 << 20)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        optimizer = new Arena(Rules.Rule.All.Single(rule => rule.Name == Rule), Length).Optimizer;
        optimizer.MaxDegreeOfParallelism = 1;
    }

    [Benchmark]
    public void Step()
    {
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        optimizer.Step();
    }

    [Benchmark]
    public void StepWithGradientCheck()
    {
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Throw;
        optimizer.Step();
    }
}
