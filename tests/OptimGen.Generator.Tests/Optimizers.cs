namespace OptimGen.Generator.Tests;

/// <summary>The optimizers that more than one test looks at, by the names that the field has for them.</summary>
internal static class Optimizers
{
    public const string GradientDescent = "[Optimizer(LearningRate = 0.01)] public sealed partial class GradientDescent;";

    public const string Momentum = "[Optimizer, Ewa(0.9f)] public sealed partial class Momentum;";

    /// <summary>With kernels over states in fewer bits.</summary>
    public const string StoredMomentum = "[Optimizer(StorageKernels = true), Ewa(0.9f)] public sealed partial class StoredMomentum;";

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

    /// <summary>The number of the step, a whole number and a scalar of the rule.</summary>
    public const string StepNumber = """
        [Optimizer]
        internal sealed partial class StepNumber
        {
            [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

            [UpdateRule]
            private static float Update(float parameter, float gradient, float step, float learningRate) => parameter - learningRate * gradient / (1 + 0.5f * step);
        }
        """;

    /// <summary>Two choices of a step, so four kernels.</summary>
    public const string Flags = """
        [Optimizer]
        internal sealed partial class Flags
        {
            [PerStep]
            private static void Choose(long step, out bool warm, out bool even) => (warm, even) = (step > 2, step % 2 == 0);

            [UpdateRule]
            private static float Update(float parameter, float gradient, bool warm, bool even) =>
                warm ? parameter - (even ? 0.5f : 0.25f) * gradient : parameter - 0.125f * gradient;
        }
        """;

    /// <summary>A reduction over all tensors and one over each, and what follows from them at their times.</summary>
    public const string Reductions = """
        [Optimizer]
        internal sealed partial class Reductions
        {
            [Hyperparameter(Min = 0)] public float Limit { get; set; } = 1;

            [Reduce(Reduction.Norm, ReductionScope.Global)]
            private static float GradientNorm(float gradient) => gradient;

            [Reduce(Reduction.MaxAbs)]
            private static float Largest(float parameter, float gradient) => parameter - gradient;

            [PerStep]
            private static void Clip(double gradientNorm, double limit, out double factor) => factor = limit / System.Math.Max(gradientNorm, limit);

            [PerTensor]
            private static void Trust(double largest, double factor, long elementCount, [State] ref double seen, out double rate)
            {
                seen = System.Math.Max(seen, largest);
                rate = factor * 0.1 / (1 + seen / elementCount);
            }

            [UpdateRule]
            private static float Update(float parameter, float gradient, float rate) => parameter - rate * gradient;
        }
        """;

    /// <summary>A state as it was before the step, whether a stage keeps it or the rule.</summary>
    public const string Previous = """
        [Optimizer]
        internal sealed partial class Previous
        {
            [UpdateRule]
            private static float Update(
                float parameter, float gradient, [Ewa(0.9)] float mean, [Previous("firstMoment")] float before, [State(CopyOfParameter = true)] ref float last)
            {
                float moved = parameter - 0.1f * (mean + before) - 0.01f * (parameter - last);
                last = parameter;
                return moved;
            }
        }
        """;

    /// <summary>Two parameters with stages of their own.</summary>
    public const string StageParameters = """
        [Optimizer]
        internal sealed partial class StageParameters
        {
            [UpdateRule]
            private static float Update(
                float parameter, [ClipByValue(1), WeightDecay(0.01)] float gradient, [Ewa(0.9), BiasCorrection] float slow, [Ewa(0.5), RmsNormalize(0.99)] float fast) =>
                parameter - 0.1f * (slow + fast) - 0.01f * gradient;
        }
        """;

    /// <summary>Multiply-adds that round once, on either side of an addition and of a subtraction.</summary>
    public const string Contract = """
        [Optimizer(Contract = true, Unroll = 2)]
        internal sealed partial class Contract
        {
            [Hyperparameter] public float A { get; set; } = 0.5f;

            [Hyperparameter] public float B { get; set; } = 0.25f;

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float m, float a, float b)
            {
                m = a * m + b * gradient;
                float n = m - a * gradient;
                float o = b * n - m;
                return parameter - (o + 0.1f * m);
            }
        }
        """;

    /// <summary>A rule in double precision, and a field that only the run time knows.</summary>
    public const string InDouble = """
        [Optimizer]
        internal sealed partial class InDouble
        {
            private static readonly double Scale = double.Parse("0.5", System.Globalization.CultureInfo.InvariantCulture);

            [Hyperparameter] public double LearningRate { get; set; } = 0.1;

            [UpdateRule]
            private static double Update(double parameter, double gradient, [State(InitialValue = 1)] ref double largest, double learningRate)
            {
                largest = System.Math.Max(0.9 * largest, System.Math.Abs(gradient));
                return parameter - learningRate * (System.Math.Clamp(gradient / largest, -1, 1) + Scale * RuleMath.Tanh(gradient));
            }
        }
        """;

    /// <summary>Hyperparameters with names that generated code has too.</summary>
    public const string OddNames = """
        [Optimizer]
        internal sealed partial class OddNames
        {
            [Hyperparameter] private float @class { get; set; } = 0.5f;

            [Hyperparameter] internal float Rule { get; set; } = 0.5f;

            [Hyperparameter] public float Group { get; set; } = 0.5f;

            [Hyperparameter] public float Scale { get; set; } = 0.5f;

            [UpdateRule]
            private static float Update(float parameter, float gradient, [State] ref float @if, [State] ref float optimizer, float @class, float rule, float group, float scale)
            {
                @if = @class * @if + rule * gradient;
                optimizer = group * optimizer + gradient;
                return parameter - scale * (@if + optimizer);
            }
        }
        """;

    /// <summary>A state of elements and one of rows, what is the same for a row, and a flag that has no part in the mean.</summary>
    public const string RowStates = """
        [Optimizer]
        internal sealed partial class RowStates
        {
            [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

            [PerStep] private static void Start(long step, out bool isFirst) => isFirst = step == 1;

            [UpdateRule]
            private static float Update(
                float parameter, float gradient, [State] ref float firstMoment, [State(Granularity = StateGranularity.Row)] ref float secondMoment,
                [Previous("secondMoment")] float before, float learningRate, bool isFirst)
            {
                firstMoment = 0.9f * firstMoment + 0.1f * gradient;
                secondMoment = 0.99f * secondMoment + 0.01f * gradient * gradient;
                float root = System.MathF.Sqrt(isFirst ? secondMoment : secondMoment + before);
                return parameter - learningRate * firstMoment / (root + 1e-8f);
            }
        }
        """;

    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [nameof(GradientDescent)] = GradientDescent,
        [nameof(Momentum)] = Momentum,
        [nameof(Nesterov)] = Nesterov,
        [nameof(StoredMomentum)] = StoredMomentum,
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
        [nameof(StepNumber)] = StepNumber,
        [nameof(Flags)] = Flags,
        [nameof(Reductions)] = Reductions,
        [nameof(Previous)] = Previous,
        [nameof(StageParameters)] = StageParameters,
        [nameof(Contract)] = Contract,
        [nameof(InDouble)] = InDouble,
        [nameof(OddNames)] = OddNames,
        [nameof(RowStates)] = RowStates,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>A file of a project with the optimizer of that name.</summary>
    public static string Source(string name) => Harness.GeneratorTest.Usings + All[name] + "\n";
}
