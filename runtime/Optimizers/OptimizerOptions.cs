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

    /// <summary>
    /// The ranks that train together, each with the same parameters and its own part of every mini-batch; each keeps the states of a part of the elements only.
    /// Default: <see langword="null"/>, this process alone.
    /// </summary>
    /// <remarks>
    /// <para>
    /// All ranks make the same optimizer over the same parameters, with the same values and settings, and call the same methods in the same order: those that step, and
    /// those that save, load, or read a state or an average, which then comes from all ranks. <see cref="Optimizer.Step"/> sums the gradients of the ranks, each as one
    /// leaf of the tree that <see cref="GradientShards{T}"/> describes. Divide a mini-batch by that, and the result has the same bits for any number of ranks.
    /// </para>
    /// <para>
    /// A step leaves the sum in the gradients of the elements that this rank owns, and what this rank has computed in the others; also if it is refused or skipped, so
    /// compute the gradients anew.
    /// </para>
    /// </remarks>
    public ICommunicator? Communicator { get; init; }
}
