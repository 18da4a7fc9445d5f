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

    /// <summary>A rule that is a method.</summary>
    public const string Adadelta = """
        [Optimizer]
        public sealed partial class Adadelta
        {
            /// <summary>η.</summary>
            [Hyperparameter] public float LearningRate { get; set; } = 1f;

            /// <summary>ρ.</summary>
            [Hyperparameter(Min = 0, Max = 1)] public float Rho { get; set; } = 0.9f;

            /// <summary>ε.</summary>
            [Hyperparameter] public float Epsilon { get; set; } = 1e-6f;

            [UpdateRule]
            private static float Update(float parameter, float gradient,
                [State] ref float squareAverage, [State] ref float deltaAverage,
                float learningRate, float rho, float epsilon)
            {
                squareAverage = rho * squareAverage + (1 - rho) * gradient * gradient;
                float delta = System.MathF.Sqrt(deltaAverage + epsilon) / System.MathF.Sqrt(squareAverage + epsilon) * gradient;
                deltaAverage = rho * deltaAverage + (1 - rho) * delta * delta;
                return parameter - learningRate * delta;
            }
        }
        """;

    /// <summary>A rule in double precision with everything that a method can have: stages, choices, scalars of a step and of a tensor, reductions.</summary>
    public const string Everything = """
        [Optimizer(Contract = true)]
        internal sealed partial class Everything
        {
            [Hyperparameter(Min = 0)] public double LearningRate { get; set; } = 0.1;

            [PerStep]
            private static void Warm(long step, double learningRate, [State] ref double momentum, out double rate, out bool warm)
            {
                momentum = 0.5 * momentum + 1;
                rate = learningRate * momentum;
                warm = step > 2;
            }

            [Reduce(Reduction.Norm)]
            private static double WeightNorm(double parameter) => parameter;

            [Reduce(Reduction.MaxAbs, ReductionScope.Global)]
            private static double Largest(double gradient) => gradient;

            [PerTensor]
            private static void Trust(double weightNorm, double largest, long elementCount, out double ratio) =>
                ratio = weightNorm > 0 ? weightNorm / (1 + largest) / System.Math.Sqrt(elementCount) : 1;

            [UpdateRule]
            private static double Update(
                double parameter, [ClipByValue(1)] double gradient, [Ewa(0.9), BiasCorrection] double mean, [State(InitialValue = 1)] ref double scale,
                double rate, double ratio, bool warm)
            {
                double move = warm ? mean : gradient;
                if (System.Math.Abs(move) > scale)
                {
                    scale = System.Math.Max(scale * 0.5, System.Math.Abs(move));
                }

                return parameter - rate * ratio * (move / (scale + 1e-3));
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
        [nameof(Adadelta)] = Adadelta,
        [nameof(Everything)] = Everything,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>A file of a project with the optimizer of that name.</summary>
    public static string Source(string name) => Harness.GeneratorTest.Usings + All[name] + "\n";
}
