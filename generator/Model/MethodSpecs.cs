namespace OptimGen.Generator.Model;

/// <summary>A user's method that computes scalars, in double, for each group or for each tensor.</summary>
internal sealed record ScalarMethodSpec
{
    /// <summary>The method's name as C# writes it.</summary>
    public required string Name { get; init; }

    public required EquatableArray<ArgumentSpec> Arguments { get; init; }

    /// <summary>Whether it need not be called while its arguments have not changed.</summary>
    public bool IsPure { get; init; }

    /// <summary>Whether it runs for each tensor; otherwise for each group.</summary>
    public bool PerTensor { get; init; }
}

/// <summary>One parameter of a method that computes scalars, and what it is bound to.</summary>
/// <param name="Kind">What it is bound to.</param>
/// <param name="Variable">The variable; of a state, its position among the rule's scalar states.</param>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">The keyword of the parameter's type.</param>
internal sealed record ArgumentSpec(ArgumentKind Kind, int Variable, string Name, string Type);

internal enum ArgumentKind
{
    /// <summary>A scalar, by value.</summary>
    Scalar,

    /// <summary>A scalar that is kept from step to step, by reference.</summary>
    State,

    /// <summary>A scalar or a truth value that the method hands out.</summary>
    Out,
}

/// <summary>A scalar that is kept from step to step, for each group or for each tensor.</summary>
internal sealed record ScalarStateSpec(string Name, double InitialValue, bool PerTensor);

/// <summary>A static read-only field.</summary>
/// <param name="Variable">The variable that has its value.</param>
/// <param name="Name">The field's name.</param>
/// <param name="Path">How generated code reads it.</param>
internal sealed record FieldSpec(int Variable, string Name, string Path);

/// <summary>A value reduced over elements, before the update.</summary>
internal sealed record ReductionSpec
{
    /// <summary>The variable that has the result.</summary>
    public required int Variable { get; init; }

    /// <summary>The name of the result: the method's in camelCase.</summary>
    public required string Name { get; init; }

    public required ReductionKind Kind { get; init; }

    public required bool Global { get; init; }

    /// <summary>What is done for each element, after what the stages do.</summary>
    public required EquatableArray<Assignment> Body { get; init; }

    /// <summary>States that the body reads as they were before the step: the variable of the body, and the state's.</summary>
    public required EquatableArray<StateView> Views { get; init; }

    /// <summary>What is reduced.</summary>
    public required Assignment Result { get; init; }
}

/// <summary>A variable that has a state's value as it was before the step.</summary>
internal sealed record StateView(int Variable, int State);

/// <summary>As the runtime's <c>Reduction</c>.</summary>
internal enum ReductionKind
{
    Sum,
    SumOfSquares,
    Norm,
    MaxAbs,
}
