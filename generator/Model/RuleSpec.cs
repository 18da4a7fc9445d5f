namespace OptimGen.Generator.Model;

/// <summary>What a rule computes, whichever way it was declared. Names are for people; what belongs together has the same variable.</summary>
internal sealed record RuleSpec
{
    public required ElementType ElementType { get; init; }

    /// <summary>The rule for people, an equation a line.</summary>
    public required EquatableArray<string> Equations { get; init; }

    public required EquatableArray<HyperparameterSpec> Hyperparameters { get; init; }

    public required EquatableArray<StateSpec> States { get; init; }

    /// <summary>The scalars that stages compute in double, each from those before it.</summary>
    public required EquatableArray<ScalarSpec> Scalars { get; init; }

    /// <summary>What stages compute for each element before a method sees it, in order; the whole rule where there is no method.</summary>
    public required EquatableArray<Assignment> Stages { get; init; }

    /// <summary>What the user's method does to each element, in order.</summary>
    public EquatableArray<Assignment> Body { get; init; }

    /// <summary>Whether the rule is a method.</summary>
    public bool IsMethod { get; init; }

    /// <summary>Whether the multiply-adds of the method are fused, so that it does not give the kernels' bits when it runs as plain C#.</summary>
    public bool Contract { get; init; }

    /// <summary>The number of vectors that an iteration of a kernel's main loop handles; 0 where the lowering is to choose.</summary>
    public int Unroll { get; init; }

    /// <summary>Whether there are to be kernels that decode and encode states in registers.</summary>
    public bool StorageKernels { get; init; }

    /// <summary>Whether there are to be kernels over a list of rows.</summary>
    public bool RowKernels { get; init; }

    /// <summary>The user's methods that compute scalars, in the order in which they run.</summary>
    public EquatableArray<ScalarMethodSpec> ScalarMethods { get; init; }

    public EquatableArray<ScalarStateSpec> ScalarStates { get; init; }

    public EquatableArray<ReductionSpec> Reductions { get; init; }

    /// <summary>Scalars that are static read-only fields of the user's.</summary>
    public EquatableArray<FieldSpec> Fields { get; init; }
}

/// <summary>A hyperparameter: a settable property of the optimizer.</summary>
internal sealed record HyperparameterSpec
{
    /// <summary>The hyperparameter whose value each group can scale.</summary>
    public const string LearningRate = "LearningRate";

    public required int Variable { get; init; }

    public required string Name { get; init; }

    /// <summary>The declared value; NaN where only the run time knows it.</summary>
    public required double Default { get; init; }

    public required NumberRange Range { get; init; }

    /// <summary>What it is, for the property's documentation, without the full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether the user's class declares the property; otherwise the generator does.</summary>
    public bool Declared { get; init; }
}

/// <summary>A stream of state: one value for each element, or for each row.</summary>
/// <param name="Variable">The variable that has the element's value.</param>
/// <param name="Name">The name that users see.</param>
/// <param name="InitialValue">The value before the first step.</param>
/// <param name="CopiesParameter">Whether it starts as a copy of the parameter.</param>
internal sealed record StateSpec(int Variable, string Name, double InitialValue = 0, bool CopiesParameter = false)
{
    /// <summary>How it is kept; <see langword="null"/> for as the optimizer says.</summary>
    public StorageSpec? Storage { get; init; }

    /// <summary>Whether it is never negative.</summary>
    public bool IsNonNegative { get; init; }

    /// <summary>Whether it has one value for each row: the mean of what is assigned.</summary>
    public bool PerRow { get; init; }
}

/// <summary>A scalar that stages compute in double: <c>1 − β₁ᵗ</c>. When it is computed follows from its operands.</summary>
internal sealed record ScalarSpec(int Variable, string Name, Expression Value, string Comment);

/// <summary>Gives a variable a new value. A stream whose variable gets one is stored.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Name">What its author calls it.</param>
/// <param name="Value">The new value.</param>
/// <param name="Contract">Whether a product that is added to something is fused with the addition.</param>
/// <param name="Comment">What it means, if the expression does not say it.</param>
internal sealed record Assignment(int Variable, string Name, Expression Value, bool Contract, string? Comment = null);
