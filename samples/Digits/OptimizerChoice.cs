using OptimGen;

namespace Digits;

/// <summary>An optimizer that can be chosen on the command line.</summary>
/// <param name="Key">What is typed.</param>
/// <param name="Name">What is shown.</param>
/// <param name="Create">Makes one for a set of parameters.</param>
internal sealed record OptimizerChoice(string Key, string Name, Func<ParameterSet<float>, Optimizer<float>> Create)
{
    /// <summary>The four, in the order of the notes.</summary>
    public static IReadOnlyList<OptimizerChoice> All { get; } =
    [
        new("gradient-descent", "Gradient descent", parameters => new GradientDescent(parameters)),
        new("momentum", "Momentum", parameters => new Momentum(parameters)),
        new("rmsprop", "RMSprop", parameters => new RmsProp(parameters)),
        new("adam", "Adam", parameters => new Adam(parameters)),
    ];
}
