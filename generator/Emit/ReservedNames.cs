using OptimGen.Generator.Model;

namespace OptimGen.Generator.Emit;

/// <summary>The names that the printers themselves write into generated code, which no value of a rule can have there.</summary>
internal static class ReservedNames
{
    /// <summary>What every type inherits; a member of such a name would hide it.</summary>
    public static readonly string[] OfObject = ["Equals", "GetHashCode", "GetType", "ToString", "ReferenceEquals", "MemberwiseClone", "Finalize"];

    private static readonly string[] OfPlatform =
    [
        "Unsafe", "MethodImpl", "MethodImplAttribute", "MethodImplOptions",
        .. KernelTarget.All.Select(target => target.VectorType), .. KernelTarget.All.SelectMany(target => target.Guards).Select(guard => guard.Split('.')[1]),
    ];

    private static readonly string[] OfRuntime =
    [
        "StepRule", "RuleKernels", "StoredKernels", "IStreamAccess", "IGradientAccess", "IRandomWords", "StoredStreams", "KernelStreams", "RowStreams", "StepPhase", "StepMath", "Prefetch", "InstructionSet", "OptimizerDefinition", "RuleMath",
    ];

    /// <summary>The types of a generated file, and those that it uses by their simple names.</summary>
    public static readonly HashSet<string> OfFile =
        [.. OfPlatform, .. OfRuntime, "Rule", "GroupValues", "TensorValues", .. KernelTarget.All.Select(target => target.ClassName)];

    /// <summary>The members of a rule and what its methods declare themselves.</summary>
    public static readonly HashSet<string> OfRule =
    [
        .. OfFile, "Definition", "Groups", "Tensors", "KernelsFor", "AssignedRowStates", "Allocate", "PrepareSettings", "PrepareStep", "PrepareGlobal", "PrepareTensor",
        "instructionSet", "groupCount", "tensorCount", "group", "tensor", "step", "elementCount", "hyperparameters", "reductions", "states", "values", "ofGroup",
        .. OfObject,
    ];

    /// <summary>What kernels declare themselves.</summary>
    public static readonly HashSet<string> OfKernel =
    [
        .. OfFile, "i", "count", "start", "end", "rows", "row", "k", "ahead", "group", "tensor", "phase", "streams", "stored", "rule", "lanes", "lane", "wide", "lower", "upper",
        .. Enumerable.Range(0, 16).Select(number => "sum" + number), "Update", "UpdateInPhase", "UpdateStored", "UpdateRows", "Reduce", "ReduceRow", "ReduceRows", "TParameter", "TGradient", "TState", "TNonNegative", "TRandom",
        .. OfObject,
    ];
}
