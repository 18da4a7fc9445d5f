namespace OptimGen.Generator.Model;

/// <summary>The members that every optimizer is given, beside its hyperparameters.</summary>
internal static class GeneratedMembers
{
    public const string Definition = "Rule";
    public const string Groups = "groups";
    public const string Scalars = "scalars";
    public const string GroupType = "GroupHyperparameters";
    public const string ScalarsType = "Scalars";
    public const string Known = "knownHyperparameters";
    public const string KnownType = "KnownHyperparameters";
    public const string For = "For";

    /// <summary>The hyperparameter that [Optimizer] sets and groups can scale.</summary>
    public const string LearningRate = "LearningRate";

    public static readonly string[] Names =
    [
        Definition, Groups, Scalars, GroupType, ScalarsType, Known, KnownType, For, "PrepareStep", "UpdateElements", "UpdateElementsInPhase", "UpdateElementsByMethod", "CommitStep",
        "PrepareReduced", "PrepareTensor", "ReduceElements", "Prepared", "prepared", "earlyScalars", "GroupState", "groupStates", "nextGroupStates",
        "TensorState", "tensorStates", "nextTensorStates", "ReadHyperparameter", "WriteHyperparameter",
        .. KernelTarget.All.Select(target => target.ClassName),
    ];

    /// <summary>What the hyperparameters of a group have beside those of the rule.</summary>
    public static readonly string[] OfGroups = ["LearningRateScale", "learningRateScale", "group"];

    /// <summary>The local that has a hyperparameter's value in double; in the structs that hold it, its name begins with a capital.</summary>
    public static string Exact(string scalar) => "exact" + Identifier.Capitalize(scalar);

    /// <summary>What generated methods declare themselves, beside the values of the rule.</summary>
    public static readonly string[] Locals =
    [
        "i", "count", "scalars", "lane", "lanes", "lower", "upper", "wide", .. Enumerable.Range(0, 16).Select(number => "sum" + number),
        "own", "group", "tensor", "reductions", "results", "streams", "slot", "index", "value", "given", "known", "parameters", "end",
        "Parameters", "InstructionSet", "phase", "phaseFactor", "phaseLimit", "phaseShare", "phaseAverage", "phaseAverageStream",
    ];

    /// <summary>What no field of the structs that hold scalars can be called: as its struct, or as what is there beside the scalars.</summary>
    public static readonly string[] Structs = [ScalarsType, KnownType, "Prepared", "GroupState", "TensorState", "IsKnown", "Given", "LearningRateScale"];
}
