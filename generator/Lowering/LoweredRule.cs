using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>A rule as its kernels compute it: what is left for a kernel to be printed from.</summary>
internal sealed record LoweredRule
{
    /// <summary>The scalars of the step that something needs, in double, each from those before it.</summary>
    public required EquatableArray<StepScalarSpec> StepScalars { get; init; }

    /// <summary>What is handed to the kernels, computed once a step in the element type.</summary>
    public required EquatableArray<KernelScalar> KernelScalars { get; init; }

    /// <summary>The kernels of the update. A more special condition comes after the general one.</summary>
    public required EquatableArray<KernelBody> Kernels { get; init; }

    /// <summary>The general kernels of the update, for steps that do more than the rule: one for each value of the flags.</summary>
    public IEnumerable<KernelBody> PhaseKernels =>
        Kernels.Where(kernel => kernel.Condition.UnitScalars.Count == 0).Select(kernel => kernel with { InPhase = true });

    /// <summary>The kernels of the reductions, in the order of the rule's.</summary>
    public required EquatableArray<KernelBody> Reductions { get; init; }

    /// <summary>What stages compute before the user's method sees an element, where the rule is a method.</summary>
    public KernelBody? Stages { get; init; }
}

/// <summary>A value that a kernel receives; <paramref name="Value"/> is over hyperparameters and scalars of the step.</summary>
internal sealed record KernelScalar(string Name, Expression Value);

/// <summary>A truth value of the step.</summary>
internal sealed record FlagValue(string Name, bool Value);

/// <summary>The steps that a kernel is for: those on which the flags have these values, and the unit scalars are exactly 1.</summary>
internal sealed record KernelCondition(EquatableArray<FlagValue> Flags, EquatableArray<string> UnitScalars)
{
    /// <summary>The kernel's method: <c>Run</c>, <c>RunNotRectified</c>, <c>RunUncorrected</c>.</summary>
    public string MethodName =>
        "Run" + string.Concat(Flags.Select(flag => (flag.Value ? "" : "Not") + Identifier.Capitalize(flag.Name)))
        + (UnitScalars.Count > 0 ? "Uncorrected" : "");

    /// <summary>In words, for the reader of the kernel; <see langword="null"/> if it is for every step.</summary>
    public string? Description
    {
        get
        {
            IEnumerable<string> parts = Flags.Select(flag => $"{flag.Name} is {(flag.Value ? "true" : "false")}")
                .Concat(UnitScalars.Count > 0 ? ["the bias correction has become exactly 1"] : Array.Empty<string>());
            string text = string.Join(", and ", parts);
            return text.Length > 0 ? text : null;
        }
    }
}

/// <summary>One kernel: what is done to an element, between loading and storing it.</summary>
internal sealed record KernelBody
{
    public required KernelCondition Condition { get; init; }

    public required EquatableArray<Assignment> Assignments { get; init; }

    /// <summary>The streams whose old value is read, in the order of the streams.</summary>
    public required EquatableArray<string> Loads { get; init; }

    /// <summary>The streams that get a new value, in the order of the streams.</summary>
    public required EquatableArray<string> Stores { get; init; }

    /// <summary>The kernel scalars that it uses.</summary>
    public required EquatableArray<string> Scalars { get; init; }

    /// <summary>Whether the kernel also does what surrounds the rule in a step.</summary>
    public bool InPhase { get; init; }

    /// <summary>The kernel's method.</summary>
    public string MethodName => Condition.MethodName + (InPhase ? "InPhase" : "");

    /// <summary>The instructions for one vector, about: loads, operations, stores.</summary>
    public int Instructions => Loads.Count + Stores.Count + OperationCount;

    public int OperationCount => Assignments.Sum(assignment => assignment.Value.Nodes.Sum(Cost));

    /// <summary>
    /// A function of RuleMath is a polynomial or two, from 40 instructions (Exp) to 250 (Pow). Such a body must not be copied: the just-in-time compiler
    /// inlines about a thousand operations into a method, and beyond that it leaves calls.
    /// </summary>
    private static int Cost(Expression node) => node switch
    {
        Operation => 1,
        Call => 64,
        _ => 0,
    };
}
