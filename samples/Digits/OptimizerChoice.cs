using OptimGen;

namespace Digits;

/// <summary>An optimizer that can be chosen on the command line.</summary>
/// <param name="Key">The name on the command line.</param>
/// <param name="Name">The name in tables and in the report.</param>
/// <param name="Create">Creates the optimizer for a set of parameters.</param>
internal sealed record OptimizerChoice(string Key, string Name, Func<ParameterSet<float>, Optimizer<float>> Create)
{
    /// <summary>The four optimizers, in the order of the notes.</summary>
    public static IReadOnlyList<OptimizerChoice> All { get; } =
    [
        new("gradient-descent", "Gradient descent", parameters => new GradientDescent(parameters)),
        new("momentum", "Momentum", parameters => new Momentum(parameters)),
        new("rmsprop", "RMSprop", parameters => new RmsProp(parameters)),
        new("adam", "Adam", parameters => new Adam(parameters)),
    ];
}
