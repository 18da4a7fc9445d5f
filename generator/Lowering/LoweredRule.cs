using OptimGen.Generator.Model;

namespace OptimGen.Generator.Lowering;

/// <summary>A rule as its kernels compute it: what is left for a kernel to be printed from.</summary>
internal sealed record LoweredRule
{
    /// <summary>The scalars of the step that something needs, in double, each from those before it.</summary>
    public required EquatableArray<StepScalarSpec> StepScalars { get; init; }

    /// <summary>What is handed to the kernels, computed once a step in the element type.</summary>
    public required EquatableArray<KernelScalar> KernelScalars { get; init; }

    /// <summary>The kernel that always gives the right bits, first; then, if it pays, the one for when the fading scalars are all 1.</summary>
    public required EquatableArray<KernelBody> Kernels { get; init; }

    /// <summary>The scalars that must all be 1 for the second kernel.</summary>
    public required EquatableArray<string> FadingScalars { get; init; }
}

/// <summary>A value that a kernel receives; <paramref name="Value"/> is over hyperparameters and scalars of the step.</summary>
internal sealed record KernelScalar(string Name, Expression Value);

/// <summary>One kernel: what is done to an element, between loading and storing it.</summary>
internal sealed record KernelBody
{
    /// <summary>The method's name.</summary>
    public required string Name { get; init; }

    public required EquatableArray<Assignment> Assignments { get; init; }

    /// <summary>The streams whose old value is read, in the order of the streams.</summary>
    public required EquatableArray<string> Loads { get; init; }

    /// <summary>The streams that get a new value, in the order of the streams.</summary>
    public required EquatableArray<string> Stores { get; init; }

    /// <summary>The kernel scalars that it uses.</summary>
    public required EquatableArray<string> Scalars { get; init; }

    /// <summary>The instructions for one vector, about: loads, operations, stores.</summary>
    public int Instructions => Loads.Count + Stores.Count + OperationCount;

    public int OperationCount => Assignments.Sum(assignment => assignment.Value.Nodes.OfType<Operation>().Count());
}
