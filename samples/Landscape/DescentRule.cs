using OptimGen;

namespace Landscape;

/// <summary>A rule to descend with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Create">Makes an optimizer of the rule, with the learning rates of a surface.</param>
internal sealed record DescentRule(string Name, Func<ParameterSet, Surface, Optimizer<float>> Create)
{
    public static IReadOnlyList<DescentRule> All { get; } =
    [
        new("Gradient descent", (parameters, surface) => new Sgd(parameters) { LearningRate = surface.Rate }),
        new("Momentum", (parameters, surface) => new Momentum(parameters) { LearningRate = 2 * surface.Rate }),
        new("RMSprop", (parameters, surface) => new RmsProp(parameters) { LearningRate = surface.NormalizedRate / 2, Beta2 = 0.9f }),
        new("Adam", (parameters, surface) => new Adam(parameters) { LearningRate = surface.NormalizedRate }),
        new("My rule", (parameters, surface) => new MyRule(parameters) { LearningRate = surface.Rate / 10 }),
    ];
}
