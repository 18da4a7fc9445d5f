namespace OptimGen.Generator.Model;

/// <summary>What a rule computes, whichever way it was declared.</summary>
internal sealed record RuleSpec
{
    public required ElementType ElementType { get; init; }

    /// <summary>The rule for people, an equation a line.</summary>
    public required EquatableArray<string> Equations { get; init; }

    public required EquatableArray<HyperparameterSpec> Hyperparameters { get; init; }

    public required EquatableArray<StateSpec> States { get; init; }

    /// <summary>The names of the streams, in the order in which kernels take them.</summary>
    public IEnumerable<string> Streams => [Names.Parameter, Names.Gradient, .. States.Select(state => state.Stream)];

    /// <summary>The scalars that are computed once a step, in double, each from those before it.</summary>
    public required EquatableArray<StepScalarSpec> StepScalars { get; init; }

    /// <summary>What is done to each element, in order.</summary>
    public required EquatableArray<Assignment> Body { get; init; }

    /// <summary>
    /// Step scalars that become exactly 1 in the course of training. When all of them are, a second kernel runs that does without them, if
    /// that saves an operation; a multiplication by 1 is exact, so the bits are the same.
    /// </summary>
    public EquatableArray<string> FadingScalars { get; init; }

    /// <summary>The user's method that is the rule, if there is one.</summary>
    public UpdateMethodSpec? Method { get; init; }

    /// <summary>The user's methods that compute scalars, in the order in which they run.</summary>
    public EquatableArray<ScalarMethodSpec> ScalarMethods { get; init; }

    public EquatableArray<ScalarStateSpec> ScalarStates { get; init; }

    public EquatableArray<ReductionSpec> Reductions { get; init; }

    /// <summary>Scalars that are static read-only fields of the user's.</summary>
    public EquatableArray<FieldScalarSpec> Fields { get; init; }

    /// <summary>The number by which the runtime knows a hyperparameter.</summary>
    public int IndexOf(HyperparameterSpec hyperparameter) => Hyperparameters.TakeWhile(one => one.Name != hyperparameter.Name).Count();

    /// <summary>Truth values that a scalar method hands out; there is a kernel for each combination.</summary>
    public IEnumerable<string> Flags =>
        ScalarMethods.SelectMany(method => method.Arguments).Where(argument => argument.Kind == ArgumentKind.OutFlag).Select(argument => argument.Name);

    /// <summary>Whether some scalars are known only after the reductions, or for a tensor alone, so that a step computes them in parts.</summary>
    public bool InParts => Reductions.Count > 0 || PerTensor;

    /// <summary>Whether the kernels' scalars may differ from tensor to tensor.</summary>
    public bool PerTensor =>
        ScalarMethods.Any(method => method.PerTensor) || Reductions.Any(reduction => !reduction.Global);
}

/// <summary>A hyperparameter: a settable property of the optimizer.</summary>
internal sealed record HyperparameterSpec
{
    public required string Name { get; init; }

    public required double Default { get; init; }

    public double Minimum { get; init; } = double.NegativeInfinity;

    public double Maximum { get; init; } = double.PositiveInfinity;

    public bool BelowMaximum { get; init; }

    public bool AboveMinimum { get; init; }

    /// <summary>What it is, for the property's documentation, without the full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether the user's class declares the property; otherwise the generator does.</summary>
    public bool Declared { get; init; }

    /// <summary>Whether each group has a factor of it.</summary>
    public bool HasGroupScale => Name == GeneratedMembers.LearningRate;

    /// <summary>Its name as a scalar: the property's in camelCase, unless generated code needs that name.</summary>
    public string ScalarName
    {
        get => scalarName ?? Identifier.Uncapitalize(Name);
        init => scalarName = value;
    }

    private readonly string? scalarName;
}

/// <summary>A state stream.</summary>
/// <param name="Name">The name that users see.</param>
/// <param name="InitialValue">The value before the first step.</param>
/// <param name="CopiesParameter">Whether it starts as a copy of the parameter.</param>
internal sealed record StateSpec(string Name, double InitialValue = 0, bool CopiesParameter = false)
{
    /// <summary>The name in the kernels.</summary>
    public string Stream { get; init; } = Name;
}

/// <summary>A scalar computed once a step, in double: <c>1 − β₁ᵗ</c>.</summary>
internal sealed record StepScalarSpec(string Name, Expression Value, string Comment);

/// <summary>Gives a name a new value. A name of a stream that is assigned to is stored at the end.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The new value.</param>
/// <param name="Contract">Whether a product that is added to something is fused with the addition.</param>
/// <param name="Comment">What it means, if the expression does not say it.</param>
internal sealed record Assignment(string Name, Expression Value, bool Contract, string? Comment = null);

/// <summary>The names that every rule has.</summary>
internal static class Names
{
    public const string Parameter = "parameter";
    public const string Gradient = "gradient";

    /// <summary>The number of the step, t, counted from 1; a scalar of the step's own arithmetic.</summary>
    public const string Step = "step";

    /// <summary>The number of elements of a tensor, for its own scalars.</summary>
    public const string ElementCount = "elementCount";
}
