namespace OptimGen;

/// <summary>What an optimizer is made with and keeps for good, beside its parameters.</summary>
public sealed record OptimizerOptions
{
    /// <summary>
    /// In which form all states are kept. Default: <see langword="null"/>; each state as its declaration says
    /// (<see cref="StateDefinition.Storage"/>). Only rules in single precision have other forms than <see cref="Storage.Native"/>.
    /// </summary>
    public Storage? StateStorage { get; init; }

    /// <summary>How all states are rounded to their form. Default: <see langword="null"/>; each state as its declaration says.</summary>
    public StorageRounding? StateRounding { get; init; }

    /// <summary>How a step writes parameters that are kept in bfloat16 (<see cref="ParameterStorage"/>). Default: <see cref="BFloat16Update.Stochastic"/>.</summary>
    public BFloat16Update BFloat16Update { get; init; }

    /// <summary>
    /// The seed of <see cref="StorageRounding.Stochastic"/> and <see cref="BFloat16Update.Stochastic"/>. Default: 0. A checkpoint keeps it.
    /// </summary>
    public ulong RoundingSeed { get; init; }
}
