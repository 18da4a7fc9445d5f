using System.Diagnostics.CodeAnalysis;

namespace OptimGen;

/// <summary>
/// Runs a declared optimizer against its own method, as plain C#, and compares every bit of every parameter and state; NaN is equal to NaN.
/// The inputs are random numbers of many magnitudes, mixed with zeros of both signs, subnormal numbers, and numbers whose square under- or
/// overflows; with NaN and infinities too where <see cref="Optimizer.NonFiniteGradients"/> allows them. Meant for tests:
/// <code>
/// RuleCheck.Require(parameters => new MyRule(parameters) { LearningRate = 0.1f });
/// </code>
/// </summary>
/// <remarks>
/// Each instruction set makes two runs. In the first the optimizer starts fresh and goes on from its own state; in the second parameters and states
/// are drawn anew before each step. In both, hyperparameters change on the way (<see cref="RuleCheckOptions.BeforeStep"/>). The reference finds the rule's
/// methods by their attributes and calls them plainly, at every step, from the initial state; it shares nothing with what is generated. A rule that no plain
/// C# computes to the bit is compared with its scalar kernel (<see cref="RuleCheckReference"/>), of an optimizer that is made anew for each step and given
/// nothing but the states. Of a rule with states of rows (<see cref="StateGranularity.Row"/>) some tensors are matrices, and the compiled code of the method is run up to
/// the assignment of such a state, and on with the mean. Compared are parameters, gradients, states of every kind, the average of the parameters if one is kept, the number of steps, and
/// whether a step is refused. Before the second step of a run, one with a gradient that is NaN is tried where the policy does not allow it, and must change
/// nothing.
/// </remarks>
[RequiresUnreferencedCode("The methods of the rule are found by reflection.")]
public static class RuleCheck
{
    /// <summary>Compares, and says what was found.</summary>
    /// <param name="make">
    /// Makes the optimizer for a set of parameters, with the hyperparameters to check; it is called several times, and must do the same each time.
    /// The set has the groups <c>default</c> and <c>other</c>.
    /// </param>
    /// <param name="options">What to run; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The options make no sense, or the optimizer was made for another set.</exception>
    public static RuleCheckResult Run(Func<ParameterSet, Optimizer<float>> make, RuleCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(make);
        return new RuleComparison<float>(() => new ParameterSet(), set => make((ParameterSet)set), options ?? new RuleCheckOptions()).Run();
    }

    /// <inheritdoc cref="Run(Func{ParameterSet, Optimizer{float}}, RuleCheckOptions?)"/>
    public static RuleCheckResult Run(Func<ParameterSet<double>, Optimizer<double>> make, RuleCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(make);
        return new RuleComparison<double>(() => new ParameterSet<double>(), make, options ?? new RuleCheckOptions()).Run();
    }

    /// <summary>Compares, and throws with the report if something differs.</summary>
    /// <inheritdoc cref="Run(Func{ParameterSet, Optimizer{float}}, RuleCheckOptions?)"/>
    /// <exception cref="RuleCheckException">A kernel does not agree.</exception>
    public static RuleCheckResult Require(Func<ParameterSet, Optimizer<float>> make, RuleCheckOptions? options = null) => Require(Run(make, options));

    /// <inheritdoc cref="Require(Func{ParameterSet, Optimizer{float}}, RuleCheckOptions?)"/>
    public static RuleCheckResult Require(Func<ParameterSet<double>, Optimizer<double>> make, RuleCheckOptions? options = null) => Require(Run(make, options));

    private static RuleCheckResult Require(RuleCheckResult result) => result.Agrees ? result : throw new RuleCheckException(result);
}
