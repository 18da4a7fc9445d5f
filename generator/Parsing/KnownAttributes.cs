using Microsoft.CodeAnalysis;
using OptimGen.Generator.Emit;

namespace OptimGen.Generator.Parsing;

/// <summary>The runtime's attributes, by the name that stands between the brackets.</summary>
internal static class KnownAttributes
{
    public const string Namespace = "OptimGen";
    public const string OptimizerMetadataName = "OptimGen.OptimizerAttribute";

    public const string Optimizer = "Optimizer";
    public const string ClipByValue = "ClipByValue";
    public const string WeightDecay = "WeightDecay";
    public const string Ewa = "Ewa";
    public const string HeavyBall = "HeavyBall";
    public const string RmsNormalize = "RmsNormalize";
    public const string AdagradNormalize = "AdagradNormalize";
    public const string InfinityNormalize = "InfinityNormalize";
    public const string BiasCorrection = "BiasCorrection";
    public const string DecoupledWeightDecay = "DecoupledWeightDecay";
    public const string SignUpdate = "SignUpdate";
    public const string TrackAverage = "TrackAverage";

    public const string UpdateRule = "UpdateRule";
    public const string Hyperparameter = "Hyperparameter";
    public const string State = "State";
    public const string Previous = "Previous";
    public const string PerStep = "PerStep";
    public const string PerTensor = "PerTensor";
    public const string Reduce = "Reduce";

    /// <summary>What a class has beside the method that is its rule.</summary>
    public static readonly string[] Parts = [Hyperparameter, State, Previous, PerStep, PerTensor, Reduce];

    /// <summary>The stages that a rule's gradient can have before its method sees it.</summary>
    public static readonly string[] GradientStages = [ClipByValue, WeightDecay];

    /// <summary>The stages that can compute a value for a rule's method.</summary>
    public static readonly string[] ValueStages = [Ewa, HeavyBall, RmsNormalize, AdagradNormalize, InfinityNormalize, BiasCorrection];

    /// <summary>The attributes of which each is a stage of a rule.</summary>
    public static readonly string[] Stages =
    [
        ClipByValue, WeightDecay, Ewa, HeavyBall, RmsNormalize, AdagradNormalize, InfinityNormalize, BiasCorrection,
        DecoupledWeightDecay, SignUpdate, TrackAverage,
    ];

    /// <summary>The attribute of that short name; <see langword="null"/> if it is not there.</summary>
    public static AttributeData? Find(ISymbol symbol, string shortName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => ShortName(attribute) == shortName);

    public static bool Has(ISymbol symbol, string shortName) => Find(symbol, shortName) is not null;

    /// <summary>Whether this generator has written a member. The analyzer sees the class with them, and says nothing of them.</summary>
    public static bool IsGenerated(ISymbol member) => member.GetAttributes().Any(attribute =>
        attribute is { AttributeClass.Name: "GeneratedCodeAttribute", ConstructorArguments: [{ Value: GeneratedFile.Tool }, ..] });

    /// <summary>The value of a named argument; <see langword="null"/> if it is not given.</summary>
    public static object? ValueOf(AttributeData attribute, string argumentName) => Argument(attribute, argumentName)?.Value;

    /// <summary>A named argument; <see langword="null"/> if it is not given.</summary>
    public static TypedConstant? Argument(AttributeData attribute, string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        return null;
    }

    /// <summary>The short name of an attribute of the runtime; <see langword="null"/> for any other.</summary>
    public static string? ShortName(AttributeData attribute)
    {
        const string Suffix = "Attribute";
        return attribute.AttributeClass is { ContainingNamespace: { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true } } type
            && type.Name.EndsWith(Suffix, StringComparison.Ordinal)
                ? type.Name.Substring(0, type.Name.Length - Suffix.Length)
                : null;
    }
}
