namespace OptimGen;

/// <summary>The description of an optimizer: its name, equations, hyperparameters and state.</summary>
/// <param name="Name">The name of the class.</param>
/// <param name="Equations">The update rule, one equation in each line.</param>
/// <param name="Hyperparameters">The hyperparameters, in the order of the rule's stages or of the declaration.</param>
/// <param name="States">The state streams, in the order of the rule's stages or of the declaration.</param>
public sealed record OptimizerDefinition(
    string Name,
    IReadOnlyList<string> Equations,
    IReadOnlyList<HyperparameterDefinition> Hyperparameters,
    IReadOnlyList<StateDefinition> States)
{
    /// <summary>The scalars that the rule keeps from step to step, for each group or for each parameter.</summary>
    public IReadOnlyList<ScalarStateDefinition> ScalarStates { get; init; } = [];

    /// <summary>The values that the rule reduces over elements before its update.</summary>
    public IReadOnlyList<ReductionDefinition> Reductions { get; init; } = [];

    /// <summary>Whether the rule computes scalars for each parameter tensor, so that each kernel call covers at most one tensor.</summary>
    public bool PerTensor { get; init; }

    /// <summary>Whether the rule is a method. If so, its statements are the last of <see cref="Equations"/>.</summary>
    public bool IsMethod { get; init; }

    /// <summary>
    /// Whether the kernels fuse the multiply-adds of the method (<see cref="OptimizerAttribute.Contract"/>). If so, the method run as plain C# gives
    /// other bits than the kernels.
    /// </summary>
    public bool Contract { get; init; }

    /// <summary>
    /// A hash of what the rule computes and of the names of its state streams, in 32 hexadecimal digits; empty for a rule that is written by hand. Rules
    /// whose fingerprints differ cannot continue each other's states. It does not cover the bodies of methods that compute scalars
    /// (<see cref="PerStepAttribute"/>), nor the values of static fields.
    /// </summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The position of a hyperparameter, or −1.</summary>
    internal int FindHyperparameter(string name)
    {
        for (int i = 0; i < Hyperparameters.Count; i++)
        {
            if (Hyperparameters[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    internal int IndexOf(string hyperparameter)
    {
        int index = FindHyperparameter(hyperparameter);
        return index >= 0
            ? index
            : throw new ArgumentException(
                $"{Name} has no hyperparameter '{hyperparameter}'. It has: {string.Join(", ", Hyperparameters.Select(known => known.Name))}.",
                nameof(hyperparameter));
    }
}
