using OptimGen.Generator.Emit;
using OptimGen.Generator.Model;

namespace OptimGen.Generator.Parsing;

/// <summary>The members that the generator adds to a class, so that the user's own cannot have their names.</summary>
internal static class GeneratedMembers
{
    public static IEnumerable<string> Of(RuleSpec rule) =>
    [
        .. rule.Hyperparameters.Where(one => !one.Declared).Select(one => one.Name),
        SurfaceEmitter.Members.For, SurfaceEmitter.Members.GroupType,
        .. rule.States.Count + rule.ScalarStates.Count > 0 ? [SurfaceEmitter.Members.States, SurfaceEmitter.Members.StatesType] : Array.Empty<string>(),
    ];

    /// <summary>Hyperparameters that cannot be among those of a group, which has these names already.</summary>
    public static IEnumerable<string> OfGroups(RuleSpec rule) => rule.Hyperparameters.Select(one => one.Name).Where(name =>
        name == SurfaceEmitter.Members.LearningRateScale && rule.Hyperparameters.Any(one => one.Name == HyperparameterSpec.LearningRate));
}
