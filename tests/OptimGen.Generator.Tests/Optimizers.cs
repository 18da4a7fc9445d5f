namespace OptimGen.Generator.Tests;

/// <summary>The optimizers that more than one test looks at, by the names that the field has for them.</summary>
internal static class Optimizers
{
    public const string GradientDescent = "[Optimizer(LearningRate = 0.01)] public sealed partial class GradientDescent;";

    public const string Momentum = "[Optimizer, Ewa(0.9f)] public sealed partial class Momentum;";

    public const string Nesterov = "[Optimizer, HeavyBall(0.9f, Nesterov = true), WeightDecay(1e-4)] public sealed partial class Nesterov;";

    public const string RmsProp =
        "[Optimizer, RmsNormalize(0.9f, Epsilon = 1e-7f, EpsilonPlacement = EpsilonPlacement.InsideRoot)] public sealed partial class RmsProp;";

    public const string Adam = "[Optimizer, Ewa(0.9f), RmsNormalize(0.999f, Epsilon = 1e-8f), BiasCorrection] public sealed partial class Adam;";

    public const string AdamW =
        "[Optimizer, Ewa(0.9f), RmsNormalize(0.999f), BiasCorrection, DecoupledWeightDecay(0.01)] public sealed partial class AdamW;";

    public const string NAdam =
        "[Optimizer, Ewa(0.9f, Nesterov = true), RmsNormalize(0.999f), BiasCorrection, ClipByValue(1)] public sealed partial class NAdam;";

    public const string AmsGrad = "[Optimizer, Ewa(0.9f), RmsNormalize(0.999f, AmsGrad = true), BiasCorrection] public sealed partial class AmsGrad;";

    public const string Adamax = "[Optimizer, Ewa(0.9f), InfinityNormalize(0.999f), BiasCorrection] public sealed partial class Adamax;";

    public const string AdagradMean = "[Optimizer, AdagradNormalize(AdagradForm.Mean)] public sealed partial class AdagradMean;";

    public const string Centered =
        "[Optimizer, RmsNormalize(0.99f, Centered = true), BiasCorrection(FirstSteps = 1000)] public sealed partial class Centered;";

    public const string Signum = "[Optimizer, Ewa(0.9f), SignUpdate] public sealed partial class Signum;";

    public const string Average = "[Optimizer, Ewa(0.98f), BiasCorrection, TrackAverage] public sealed partial class Average;";

    /// <summary>A class in records, structures and interfaces, with names that are keywords, in no namespace.</summary>
    public const string Nested = """
        internal static partial class @event
        {
            internal partial record struct Inner
            {
                internal partial interface @interface
                {
                    [Optimizer, HeavyBall(0.5)]
                    internal sealed partial class @class;
                }
            }
        }
        """;

    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [nameof(GradientDescent)] = GradientDescent,
        [nameof(Momentum)] = Momentum,
        [nameof(Nesterov)] = Nesterov,
        [nameof(RmsProp)] = RmsProp,
        [nameof(Adam)] = Adam,
        [nameof(AdamW)] = AdamW,
        [nameof(NAdam)] = NAdam,
        [nameof(AmsGrad)] = AmsGrad,
        [nameof(Adamax)] = Adamax,
        [nameof(AdagradMean)] = AdagradMean,
        [nameof(Centered)] = Centered,
        [nameof(Signum)] = Signum,
        [nameof(Average)] = Average,
        [nameof(Nested)] = Nested,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>A file of a project with the optimizer of that name.</summary>
    public static string Source(string name) => Harness.GeneratorTest.Usings + All[name] + "\n";
}
