namespace OptimGen.Generator.Model;

/// <summary>The members that every optimizer is given, beside its hyperparameters.</summary>
internal static class GeneratedMembers
{
    public const string Definition = "Rule";
    public const string Groups = "groups";
    public const string Scalars = "scalars";
    public const string GroupType = "GroupHyperparameters";
    public const string ScalarsType = "Scalars";
    public const string For = "For";

    public static readonly string[] Names =
    [
        Definition, Groups, Scalars, GroupType, ScalarsType, For, "PrepareStep", "UpdateElements", "UpdateElementsByMethod", "CommitStep",
        "PrepareReduced", "PrepareTensor", "ReduceElements", "Prepared", "prepared", "earlyScalars", "GroupState", "groupStates", "nextGroupStates",
        "TensorState", "tensorStates", "nextTensorStates", "ReadHyperparameter", "WriteHyperparameter",
        .. Emit.KernelTarget.All.Select(target => target.ClassName),
    ];
}
