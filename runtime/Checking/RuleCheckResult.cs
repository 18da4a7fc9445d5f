namespace OptimGen;

/// <summary>What <see cref="RuleCheck"/> has found.</summary>
public sealed record RuleCheckResult
{
    internal RuleCheckResult()
    {
    }

    /// <summary>Whether every kernel gave the bits of the reference in every stream of every element.</summary>
    public required bool Agrees { get; init; }

    /// <summary>What the kernels were compared with.</summary>
    public required RuleCheckReference Reference { get; init; }

    /// <summary>The first element that differs; <see langword="null"/> if none does, or if what differs is whether a step is refused.</summary>
    public RuleCheckDifference? Difference { get; init; }

    /// <summary>The number of values compared: elements of the parameters and of every state, over all steps.</summary>
    public required long ComparedValues { get; init; }

    /// <summary>
    /// The number of steps that kernel and reference refused alike, such as for a norm that is not finite in the element type; they changed nothing.
    /// </summary>
    public required int RefusedSteps { get; init; }

    /// <summary>
    /// The number of elements that were not compared because the method throws for them, as <see cref="Math.Sign(float)"/> does for a NaN and
    /// <see cref="Math.Clamp(float, float, float)"/> for bounds in the wrong order. A kernel cannot throw: there the sign of a NaN is NaN, and the
    /// lower bound comes first. Where the method of a reduction throws, no element of the step is compared.
    /// </summary>
    public required long ThrowingElements { get; init; }

    /// <summary>The finding in words.</summary>
    public required string Report { get; init; }

    /// <summary>The report.</summary>
    public override string ToString() => Report;
}

/// <summary>What a kernel is compared with.</summary>
public enum RuleCheckReference
{
    /// <summary>The rule's own method, run as plain C#.</summary>
    Method,

    /// <summary>The stages of a stack of attributes, element by element, as their documentation defines them.</summary>
    Stages,

    /// <summary>
    /// The scalar kernel, for a method whose multiply-adds are fused (<see cref="OptimizerAttribute.Contract"/>), which no plain C# computes to the bit. Its
    /// optimizer is made anew for each step.
    /// </summary>
    ScalarKernel,
}

/// <summary>An element for which a kernel gives other bits than the reference.</summary>
public sealed record RuleCheckDifference
{
    internal RuleCheckDifference()
    {
    }

    /// <summary>The kernel's instruction set.</summary>
    public required InstructionSet InstructionSet { get; init; }

    /// <summary>The number of the step, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>The name of the parameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>The position of the element in the parameter.</summary>
    public required int Element { get; init; }

    /// <summary>
    /// The stream that differs: <c>parameter</c> or the name of a state; the one that the rule assigns first, if several do.
    /// </summary>
    public required string Stream { get; init; }

    /// <summary>The first statement of the rule that assigns the stream; <see langword="null"/> if a stage does, as <c>[Ewa]</c>.</summary>
    public required string? Statement { get; init; }

    /// <summary>The reference's value.</summary>
    public required double Expected { get; init; }

    /// <summary>The kernel's value.</summary>
    public required double Actual { get; init; }

    /// <summary>How many representable numbers lie between the two, plus 1; <see langword="null"/> if one of them is NaN.</summary>
    public required ulong? UlpDistance { get; init; }
}
