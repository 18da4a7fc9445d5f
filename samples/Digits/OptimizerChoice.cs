using OptimGen;

namespace Digits;

/// <summary>An optimizer that can be chosen on the command line.</summary>
/// <param name="Key">The name on the command line.</param>
/// <param name="Name">The name in tables and in the report.</param>
/// <param name="Create">Creates the optimizer for a set of parameters, with how it keeps its states.</param>
internal sealed record OptimizerChoice(string Key, string Name, Func<ParameterSet<float>, OptimizerOptions?, Optimizer<float>> Create)
{
    /// <summary>The four optimizers, in the order of the notes.</summary>
    public static IReadOnlyList<OptimizerChoice> All { get; } =
    [
        new("gradient-descent", "Gradient descent", (parameters, options) => new GradientDescent(parameters, options)),
        new("momentum", "Momentum", (parameters, options) => new Momentum(parameters, options)),
        new("rmsprop", "RMSprop", (parameters, options) => new RmsProp(parameters, options)),
        new("adam", "Adam", (parameters, options) => new Adam(parameters, options)),
    ];
}
