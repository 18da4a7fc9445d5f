using System.Reflection;

namespace OptimGen.Tests.Kernels;

/// <summary>The optimizers of Optimizers.cs, by name.</summary>
internal static class RuleCases
{
    private static readonly Dictionary<string, Type> ByName = typeof(RuleCases).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(RuleCases).Namespace && type.GetCustomAttribute<OptimizerAttribute>() is not null)
        .ToDictionary(type => type.Name);

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Every optimizer.</summary>
    public static TheoryData<string> All => new(Names);

    /// <summary>Every optimizer on every instruction set of this machine.</summary>
    public static TheoryData<string, InstructionSet> OnEverySet => EverySet.Of(Names);

    /// <summary>For tests that are long or that do not depend on the rule: one optimizer for each number of streams and for each shape of kernel.</summary>
    public static TheoryData<string, InstructionSet> AFewOnEverySet =>
        EverySet.Of(["Descent", "DescentClippedDecoupled", "HeavyBallMomentum", "Rms", "Adam", "AdamCentered", "Everything", "SignOfAverage", "TrackCorrected"]);

    public static StageOptions OptionsOf(string name) => StageOptions.Of(ByName[name]);

    public static Optimizer<float> Create(string name, ParameterSet<float> parameters, InstructionSet set)
    {
        var optimizer = (Optimizer<float>)Activator.CreateInstance(ByName[name], parameters)!;
        optimizer.InstructionSet = set;
        return optimizer;
    }
}
