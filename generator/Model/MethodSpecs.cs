namespace OptimGen.Generator.Model;

/// <summary>The user's update method, as the reference of the kernels calls it.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Arguments">How each parameter is bound.</param>
/// <param name="Stages">What stages on its parameters compute before it is called.</param>
/// <param name="Contract">Whether its multiply-adds are fused, so that the kernels give other bits than it does.</param>
internal sealed record UpdateMethodSpec(string Name, EquatableArray<ArgumentSpec> Arguments, EquatableArray<Assignment> Stages, bool Contract);

/// <summary>A user's method that computes scalars, in double, for each group or for each tensor.</summary>
internal sealed record ScalarMethodSpec
{
    public required string Name { get; init; }

    public required EquatableArray<ArgumentSpec> Arguments { get; init; }

    public bool PerTensor { get; init; }

    /// <summary>Whether it takes the result of a reduction, and so runs after them.</summary>
    public bool AfterReductions { get; init; }
}

/// <summary>One parameter of a user's method, and what it is bound to: the value of that name.</summary>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Name">The name of the value.</param>
/// <param name="Type">The keyword of the parameter's type.</param>
internal sealed record ArgumentSpec(ArgumentKind Kind, string Name, string Type);

internal enum ArgumentKind
{
    /// <summary>An element's value, by value: parameter, gradient, what a stage hands over, a state before the step.</summary>
    Element,

    /// <summary>An element's state, by reference.</summary>
    State,

    /// <summary>A scalar, by value.</summary>
    Scalar,

    /// <summary>A truth value of the step, by value.</summary>
    Flag,

    /// <summary>A scalar's state, by reference.</summary>
    ScalarState,

    /// <summary>A scalar that the method hands out.</summary>
    OutScalar,

    /// <summary>A truth value that the method hands out.</summary>
    OutFlag,
}

/// <summary>A scalar that is kept from step to step, for each group or for each tensor.</summary>
internal sealed record ScalarStateSpec(string Name, double InitialValue, bool PerTensor);

/// <summary>A static read-only field.</summary>
/// <param name="Name">The scalar's name.</param>
/// <param name="Path">How generated code reads it.</param>
internal sealed record FieldScalarSpec(string Name, string Path);

/// <summary>A value reduced over elements, before the update.</summary>
internal sealed record ReductionSpec
{
    /// <summary>The name of the result: the method's in camelCase.</summary>
    public required string Name { get; init; }

    /// <summary>Its name as a scalar.</summary>
    public string Scalar
    {
        get => scalar ?? Name;
        init => scalar = value;
    }

    private readonly string? scalar;

    public required ReductionKind Kind { get; init; }

    public required bool Global { get; init; }

    /// <summary>What is done for each element; the last assignment is to <see cref="Value"/>.</summary>
    public required EquatableArray<Assignment> Body { get; init; }

    /// <summary>The name that the body gives its result.</summary>
    public const string Value = "reduced";
}

/// <summary>As the runtime's <c>Reduction</c>.</summary>
internal enum ReductionKind
{
    Sum,
    SumOfSquares,
    Norm,
    MaxAbs,
}
