namespace OptimGen;

/// <summary>What <see cref="RuleCheck"/> runs.</summary>
public sealed record RuleCheckOptions
{
    /// <summary>Decides every value that the rule is run on: the same seed gives the same run on every platform. Default: 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The number of steps of each run, 1 or more. Default: 6.</summary>
    public int Steps { get; init; } = 6;

    /// <summary>
    /// The lengths of the tensors, each 1 or more. They go by turns into the set's arena, into the group <c>other</c> of the arena, and into
    /// wrapped memory, which starts at each element of a cache line by turns. Default: lengths around the widths of the vectors, and a longer one.
    /// </summary>
    public IReadOnlyList<int> Lengths { get; init; } = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 130, 257];

    /// <summary>The instruction sets whose kernels are checked. Default: every one that this machine supports.</summary>
    public IReadOnlyList<InstructionSet> InstructionSets { get; init; } = OptimGen.InstructionSets.Supported;

    /// <summary>
    /// Runs before each step, with the optimizer and the number of the step in the run, from 1: to change hyperparameters and settings on the way. It is
    /// called for the kernel's optimizer and for the reference's, and must do the same to both each time. Default: <see cref="ChangeHyperparameters"/>;
    /// <see langword="null"/> changes nothing.
    /// </summary>
    public Action<Optimizer, long>? BeforeStep { get; init; } = ChangeHyperparameters;

    /// <summary>
    /// What happens before each step unless <see cref="BeforeStep"/> says otherwise. Step 3 halves every hyperparameter of the optimizer, as far as its bounds
    /// allow it; step 4 gives the group <c>other</c> three quarters of what the optimizer has, unless the group has values of its own; step 5 takes that back,
    /// and doubles every hyperparameter of the optimizer, as far as its bounds allow it.
    /// </summary>
    public static void ChangeHyperparameters(Optimizer optimizer, long step)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        RuleChanges.Make(optimizer, step);
    }
}
