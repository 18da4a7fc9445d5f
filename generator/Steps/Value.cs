using OptimGen.Generator.Model;

namespace OptimGen.Generator.Steps;

/// <summary>When a value is known. What is known at one time stays the same until that time comes again.</summary>
internal enum Time
{
    /// <summary>When a hyperparameter has changed, for each group.</summary>
    Settings,

    /// <summary>At each step, for each group.</summary>
    Step,

    /// <summary>At each step after the reductions, for each group.</summary>
    Global,

    /// <summary>At each step after the reductions, for each tensor.</summary>
    Tensor,

    /// <summary>In a kernel, once for the row of its elements, before the first of them.</summary>
    Row,

    /// <summary>In a kernel, for each element.</summary>
    Element,
}

/// <summary>What a value is: a number in double, a number of the element type, or a truth value.</summary>
internal enum ScalarType
{
    Double,
    Element,
    Boolean,
}

/// <summary>What a value comes from.</summary>
internal enum ValueKind
{
    /// <summary>A constant.</summary>
    Literal,

    /// <summary>A truth value that is known.</summary>
    Truth,

    /// <summary>A hyperparameter, in the element type.</summary>
    Hyperparameter,

    /// <summary>A static read-only field of the user's.</summary>
    Field,

    /// <summary>t, the number of the step.</summary>
    StepNumber,

    /// <summary>The number of elements of the tensor.</summary>
    ElementCount,

    /// <summary>A call of a user's method, which computes scalars; what it hands out are values of their own.</summary>
    HostCall,

    /// <summary>What a call of a user's method hands out.</summary>
    HostResult,

    /// <summary>The result of a reduction.</summary>
    Reduction,

    /// <summary>What the step does around the rule: see <see cref="PhaseValue"/>.</summary>
    Phase,

    /// <summary>The number that a row has in a state of rows, as it was before the step.</summary>
    RowState,

    /// <summary>The number that a row has in a state of rows from its assignment on: the mean over the row of what is assigned.</summary>
    RowMean,

    /// <summary>The element of a stream as it was before the step.</summary>
    Load,

    /// <summary>A double that a number of the element type means: its shortest decimal.</summary>
    Widen,

    /// <summary>A double rounded to the element type, and refused if it does not fit.</summary>
    Narrow,

    /// <summary>An operator applied to values.</summary>
    Operation,

    /// <summary>A function of <c>RuleMath</c> applied to values.</summary>
    Function,
}

/// <summary>What the step does around the rule, as the runtime hands it to a kernel.</summary>
internal enum PhaseValue
{
    /// <summary>What each gradient is multiplied by before the rule sees it.</summary>
    GradientFactor,

    /// <summary>The largest magnitude of a gradient that the rule sees, after the factor; infinite where there is no limit.</summary>
    GradientLimit,

    /// <summary>The same with the other sign.</summary>
    NegativeGradientLimit,

    /// <summary>The weight of the new parameter in the average of the parameters.</summary>
    AverageShare,

    /// <summary>Whether the average of the parameters is kept.</summary>
    AveragesParameters,

    /// <summary>Whether the gradient is set to zero.</summary>
    ZeroesGradients,

    /// <summary>Whether the factor and the limit change any gradient.</summary>
    AdjustsGradients,
}

/// <summary>
/// A value of a step program. Its time is the latest of its operands', and that of its kind where it has none; from it follows where the value is computed
/// and how long it is kept.
/// </summary>
internal sealed record Value
{
    /// <summary>Its position among the program's values; operands come before.</summary>
    public required int Id { get; init; }

    public required ValueKind Kind { get; init; }

    public required ScalarType Type { get; init; }

    public required Time Time { get; init; }

    public EquatableArray<int> Operands { get; init; }

    /// <summary>Of an <see cref="ValueKind.Operation"/>.</summary>
    public Operator Operator { get; init; }

    /// <summary>Of a <see cref="ValueKind.Literal"/>; 0 or 1 of a <see cref="ValueKind.Truth"/>.</summary>
    public double Constant { get; init; }

    /// <summary>
    /// Which one of its kind: the position of a hyperparameter, host call, argument of a host call, reduction or stream; a <see cref="PhaseValue"/>.
    /// </summary>
    public int Index { get; init; }

    /// <summary>The path of a field, or the name of a function.</summary>
    public string Path { get; init; } = "";

    /// <summary>What its author calls it; empty if it is a part of an expression.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it means, where the expression does not say it.</summary>
    public string? Comment { get; init; }

    /// <summary>Whether nothing is computed for it where it is used.</summary>
    public bool IsConstant => Kind is ValueKind.Literal or ValueKind.Truth;
}
