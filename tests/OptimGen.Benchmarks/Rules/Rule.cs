using OptimGen.Benchmarks.Contestants;

namespace OptimGen.Benchmarks.Rules;

/// <summary>A rule that is measured: its optimizer, and where its peers are found.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Function">Its function in rules.c.</param>
/// <param name="Create">Makes the optimizer of the catalogue. What decays weights does so in every contestant.</param>
/// <param name="Corrected">Whether the averages are corrected for their start at 0.</param>
/// <param name="Scalar">The loop over its scalar method.</param>
/// <param name="Tensors">Its passes with TensorPrimitives.</param>
internal sealed record Rule(
    string Name, string Function, bool Corrected, Func<ParameterSet, Optimizer<float>> Create, ScalarStep Scalar, TensorStep Tensors)
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("Adam", "adam", true, set => new Adam(set), ScalarRules.Loop<AdamRule>, TensorRules.Adam),
        new("AdamW", "adamw", true, set => new AdamW(set), ScalarRules.Loop<AdamWRule>, TensorRules.AdamW),
        new("Momentum", "momentum", false, set => new HeavyBall(set) { WeightDecay = 1e-2f }, ScalarRules.Loop<MomentumRule>, TensorRules.Momentum),
        new("RMSprop", "rmsprop", false, set => new RmsProp(set), ScalarRules.Loop<RmsPropRule>, TensorRules.RmsProp),
        new("Lion", "lion", false, set => new Lion(set) { WeightDecay = 1e-2f }, ScalarRules.Loop<LionRule>, TensorRules.Lion),
        new("Adagrad", "adagrad", false, set => new Adagrad(set), ScalarRules.Loop<AdagradRule>, TensorRules.Adagrad),
    ];

    public override string ToString() => Name;
}
