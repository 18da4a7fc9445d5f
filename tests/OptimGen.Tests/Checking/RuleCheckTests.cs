using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen.Tests.Checking;

/// <summary>The oracle itself: that it agrees where it should, and finds the one bit that differs where it should.</summary>
public sealed class RuleCheckTests
{
    [Fact]
    public void ARuleThatIsAMethod_AgreesWithIt()
    {
        RuleCheckResult result = RuleCheck.Run(parameters => new CheckedAdadelta(parameters));

        Assert.True(result.Agrees, result.Report);
        Assert.Equal(RuleCheckReference.Method, result.Reference);
        Assert.Equal((0, 0), (result.RefusedSteps, result.ThrowingElements));
        Assert.Contains("CheckedAdadelta: the kernels of", result.ToString(), StringComparison.Ordinal);
        // Two runs for each instruction set; parameter and two states for each element.
        int elements = new RuleCheckOptions().Lengths.Sum();
        Assert.Equal(2L * 6 * 3 * elements * InstructionSets.Supported.Count, result.ComparedValues);
    }

    [Fact]
    public void NotFiniteInputs_AreCheckedWhereTheyAreLetThrough() =>
        RuleCheck.Require(parameters => new CheckedAdadelta(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow });

    [Fact]
    public void ARuleInDouble_AgreesWithItsMethod() => RuleCheck.Require(parameters => new CheckedInDouble(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow });

    [Fact]
    public void ARuleOfAttributes_IsComparedWithItsStages_AndSaysSo()
    {
        RuleCheckResult result = RuleCheck.Require(parameters => new CheckedAttributes(parameters));

        Assert.Equal(RuleCheckReference.Stages, result.Reference);
        Assert.Contains("give the bits of its stages as they are defined", result.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void AContractedRule_IsComparedWithTheScalarKernel() =>
        Assert.Equal(RuleCheckReference.ScalarKernel, RuleCheck.Require(parameters => new CheckedContracted(parameters)).Reference);

    [Fact]
    public void AStepThatBothRefuse_IsCounted()
    {
        RuleCheckResult result = RuleCheck.Require(parameters => new CheckedNorm(parameters));

        Assert.True(result.RefusedSteps > 0, result.Report);
        Assert.Contains("were refused", result.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenEveryStepIsRefused_NothingWasChecked_AndThatIsNoAgreement()
    {
        RuleCheckResult result = RuleCheck.Run(parameters => new CheckedAdadelta(parameters) { Rho = 3 });

        Assert.False(result.Agrees);
        Assert.Contains("Every step of CheckedAdadelta was refused", result.Report, StringComparison.Ordinal);
        Assert.Contains("Rho", result.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereTheMethodThrows_TheElementIsLeftOut()
    {
        RuleCheckResult result = RuleCheck.Require(parameters => new CheckedSign(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow });

        Assert.True(result.ThrowingElements > 0, result.Report);
    }

    [Fact]
    public void BeforeEachStep_BothOptimizersAreChangedAlike()
    {
        var seen = new List<(Optimizer Optimizer, long Step)>();
        RuleCheckResult result = RuleCheck.Require(
            parameters => new CheckedAdadelta(parameters),
            new RuleCheckOptions
            {
                Steps = 3,
                InstructionSets = [InstructionSet.Scalar],
                BeforeStep = (optimizer, step) =>
                {
                    seen.Add((optimizer, step));
                    ((CheckedAdadelta)optimizer).Rho = 1 - (0.25f * step);
                    optimizer.GradientScale = step;
                },
            });

        Assert.True(result.Agrees);
        // Two runs, each with an optimizer for the kernel and one for the reference.
        Assert.Equal(4, seen.Select(one => one.Optimizer).Distinct().Count());
        Assert.All(seen.GroupBy(one => one.Optimizer), one => Assert.Equal([1, 2, 3], one.Select(call => call.Step)));
    }

    [Fact]
    public void Hyperparameters_ChangeOnTheWay_UnlessTheUserSaysOtherwise()
    {
        static bool Agrees(RuleCheckOptions options) => RuleCheck.Run(parameters => new RateOfTheFirstStep(parameters), options).Agrees;

        Assert.False(Agrees(new RuleCheckOptions()));
        Assert.True(Agrees(new RuleCheckOptions { BeforeStep = null }));
        Assert.True(Agrees(new RuleCheckOptions { Steps = 2 }));
    }

    [Fact]
    public void TheDefaultChanges_StayWithinTheBounds_AndAreTakenBack()
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> other = parameters.AddGroup("other");
        parameters.Add("w", 1);
        var optimizer = new CheckedBounds(parameters);
        (float, float) Now() => (optimizer.LearningRate, optimizer.Share);
        RuleCheckOptions.ChangeHyperparameters(optimizer, 2);
        Assert.Equal((0.1f, 0.9f), Now());
        RuleCheckOptions.ChangeHyperparameters(optimizer, 3);
        Assert.Equal((0.05f, 0.9f), Now());
        RuleCheckOptions.ChangeHyperparameters(optimizer, 4);
        Assert.Equal((0.0375f, null), ((float)optimizer.GetHyperparameter(other, "LearningRate")!.Value, optimizer.GetHyperparameter(other, "Share")));
        RuleCheckOptions.ChangeHyperparameters(optimizer, 5);
        Assert.Equal((0.1f, 0.9f), Now());
        Assert.Null(optimizer.GetHyperparameter(other, "LearningRate"));
        Assert.Throws<ArgumentNullException>("optimizer", () => RuleCheckOptions.ChangeHyperparameters(null!, 3));
    }

    [Fact]
    public void SettingsOfAStep_AreComparedToo()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            RuleCheckResult result = RuleCheck.Require(
                parameters =>
                {
                    var optimizer = new CheckedAdadelta(parameters) { GradientScale = 1 / 3.0, MaxGradientNorm = 2, MaxGradientValue = 0.125, ZeroGradientsAfterStep = true };
                    optimizer.AverageParameters(0.9);
                    optimizer.For(parameters.Groups[1]).Rho = 0.5f;
                    optimizer.For(parameters.Groups[1]).LearningRateScale = 0.3f;
                    return optimizer;
                },
                new RuleCheckOptions { InstructionSets = [set] });
            // Parameter, two states and the average for each element; the gradients are compared too, and not counted.
            Assert.Equal(2L * 6 * 4 * new RuleCheckOptions().Lengths.Sum(), result.ComparedValues);
        }

        RuleCheck.Require(parameters => new CheckedInDouble(parameters) { MaxGradientNorm = 1e-300, GradientScale = 1e-290 });
        RuleCheck.Require(parameters => new CheckedInDouble(parameters) { MaxGradientNorm = 3, NonFiniteGradients = NonFiniteGradientPolicy.Allow });
    }

    [Fact]
    public void ScalarStates_AreComparedAfterEachStep()
    {
        RuleCheck.Require(parameters => new CheckedScalars(parameters));
        RuleCheck.Require(parameters => new CheckedScalars(parameters) { StepCount = 1000 });
        RuleCheckResult result = RuleCheck.Run(
            parameters => new CheckedScalars(parameters),
            new RuleCheckOptions
            {
                // Nobody sees it in the parameters.
                BeforeStep = (optimizer, step) => _ = step == 3 ? ((CheckedScalars)optimizer).States.Unused(((CheckedScalars)optimizer).Parameters[0]) += 1e-12 : 0,
            });
        Assert.False(result.Agrees);
        Assert.Contains("unused of parameter 'arena0' is", result.Report, StringComparison.Ordinal);
    }

    [Fact]
    public void ARefusedStep_IsTried_AndMustChangeNothing()
    {
        Assert.Equal(2, RuleCheck.Run(parameters => new CountsRefusedSteps(parameters)).Difference?.Step);
        Assert.True(RuleCheck.Run(parameters => new CountsRefusedSteps(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow }).Agrees);
        Assert.False(RuleCheck.Run(parameters => new CountsRefusedSteps(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.SkipStep }).Agrees);
        RuleCheck.Require(parameters => new CheckedScalars(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.SkipStep });
    }

    [Fact]
    public void AReductionThatThrows_LeavesTheStepOut()
    {
        RuleCheckResult result = RuleCheck.Require(
            parameters => new CheckedSignOfAll(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.Allow });
        Assert.True(result.ThrowingElements > 0, result.Report);
        Assert.True(result.ComparedValues > 0, result.Report);
    }

    [Fact]
    public void OneWrongElement_IsReportedExactly()
    {
        RuleCheckException exception = Assert.Throws<RuleCheckException>(
            () => RuleCheck.Require(parameters => new WrongInOneElement(parameters), new RuleCheckOptions { Lengths = [4, 9, 21] }));

        RuleCheckDifference difference = exception.Result.Difference!;
        Assert.False(exception.Result.Agrees);
        Assert.Equal("other1", difference.Parameter);
        Assert.Equal(5, difference.Element);
        Assert.Equal(2, difference.Step);
        Assert.Equal(InstructionSets.Supported[0], difference.InstructionSet);
        // The trace is assigned first, the total from it, the parameter from both.
        Assert.Equal("trace", difference.Stream);
        Assert.Equal("trace = 0.5f * trace + gradient;", difference.Statement);
        Assert.Equal(1UL, difference.UlpDistance);
        Assert.Equal(BitConverter.SingleToInt32Bits((float)difference.Expected) + 1, BitConverter.SingleToInt32Bits((float)difference.Actual));

        string report = exception.Message;
        Assert.Contains($"WrongInOneElement: the kernel of {InstructionSets.Supported[0]} does not give the bits of its own method.", report, StringComparison.Ordinal);
        Assert.Contains("step 2, parameter 'other1' of 9 elements (group 'other'), element 5", report, StringComparison.Ordinal);
        Assert.Contains("differs first: trace, assigned by: trace = 0.5f * trace + gradient;", report, StringComparison.Ordinal);
        Assert.Contains("1 ulp away", report, StringComparison.Ordinal);
        Assert.Contains("also differs: total, parameter", report, StringComparison.Ordinal);
        Assert.Contains("LearningRate = 0.1 (0x3DCCCCCD)", report, StringComparison.Ordinal);
        Assert.Matches(@"\n    gradient = \S+ \(0x[0-9A-F]{8}\)\n", report);
        Assert.Matches(@"\n    trace = \S+ \(0x[0-9A-F]{8}\)\n", report);
        Assert.Contains("Seed 1.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameReport()
    {
        static string Report(long seed) => RuleCheck.Run(parameters => new WrongInOneElement(parameters), new RuleCheckOptions { Seed = seed, Lengths = [4, 9] }).Report;

        Assert.Equal(Report(7), Report(7));
        Assert.NotEqual(Report(7), Report(8));
    }

    [Fact]
    public void TheInstructionSets_CanBeChosen() => Assert.Equal(
        [InstructionSet.Scalar],
        new[] { RuleCheck.Run(parameters => new WrongInOneElement(parameters), new RuleCheckOptions { InstructionSets = [InstructionSet.Scalar] }).Difference!.InstructionSet });

    [Fact]
    public void WrappedMemory_StartsAtEachElementOfACacheLine()
    {
        ParameterSet? made = null;
        RuleCheck.Run(parameters => new CheckedAdadelta(made = parameters), new RuleCheckOptions { Steps = 1, Lengths = [.. Enumerable.Repeat(2, 3 * 16)] });

        Parameter<float>[] wrapped = [.. made!.Where(parameter => parameter.Name.StartsWith("wrapped", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Range(0, 16), wrapped.Select(parameter => OffsetOf(parameter.Values)).Order());
        Assert.Equal(Enumerable.Range(0, 16), wrapped.Select(parameter => OffsetOf(parameter.Gradients)).Order());
        Assert.Contains(wrapped, parameter => OffsetOf(parameter.Values) != OffsetOf(parameter.Gradients));

        // The distance from no reference at all; what is wrapped does not move.
        static int OffsetOf(Span<float> span) =>
            (int)(Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref Unsafe.As<float, byte>(ref span[0])) % 64 / sizeof(float));
    }

    [Fact]
    public void OptionsWithoutSense_AreRefused()
    {
        static void Refused(RuleCheckOptions nonsense) =>
            Assert.Throws<ArgumentException>("options", () => RuleCheck.Run(parameters => new CheckedAdadelta(parameters), nonsense));

        Refused(new RuleCheckOptions { Steps = 0 });
        Refused(new RuleCheckOptions { Lengths = [] });
        Refused(new RuleCheckOptions { Lengths = [3, 0] });
        Refused(new RuleCheckOptions { InstructionSets = [] });
    }

    [Fact]
    public void AnOptimizerForOtherParameters_IsRefused()
    {
        var others = new ParameterSet();
        others.Add("other", 3);
        Assert.Throws<ArgumentException>("make", () => RuleCheck.Run((ParameterSet _) => new CheckedAdadelta(others)));
    }

    [Theory]
    [InlineData(1f, 1.0000001f, 1UL)]
    [InlineData(-0f, 0f, 1UL)]
    [InlineData(-float.Epsilon, float.Epsilon, 3UL)]
    [InlineData(float.MaxValue, float.PositiveInfinity, 1UL)]
    [InlineData(2f, 1f, 8388608UL)]
    public void Distance_CountsRepresentableNumbers(float one, float other, ulong expected)
    {
        Assert.Equal(expected, FloatBits.Distance(one, other));
        Assert.Equal(expected, FloatBits.Distance(other, one));
        Assert.Null(FloatBits.Distance(one, float.NaN));
    }

    [Fact]
    public void Inputs_HaveEveryKindOfNumber()
    {
        float[] values = new float[4096];
        new RuleInputs<float>(3).Fill(values, InputRange.All);

        Assert.Contains(values, float.IsNaN);
        Assert.Contains(values, float.IsPositiveInfinity);
        Assert.Contains(values, float.IsNegativeInfinity);
        Assert.Contains(values, float.IsSubnormal);
        Assert.Contains(values, value => value == 0 && float.IsNegative(value));
        Assert.Contains(values, value => value == 0 && !float.IsNegative(value));
        Assert.Contains(float.MaxValue, values);
        new RuleInputs<float>(3).Fill(values, InputRange.Finite);
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
        new RuleInputs<float>(3).Fill(values, InputRange.Plain);
        Assert.All(values, value => Assert.InRange(MathF.Abs(value), 1f / 4096, 16f));
    }
}

[Optimizer]
public sealed partial class CheckedAdadelta
{
    [Hyperparameter] public float LearningRate { get; set; } = 1f;

    [Hyperparameter(Min = 0, Max = 1)] public float Rho { get; set; } = 0.9f;

    [Hyperparameter] public float Epsilon { get; set; } = 1e-6f;

    [UpdateRule]
    private static float Update(
        float parameter, float gradient, [State] ref float squareAverage, [State] ref float deltaAverage, float learningRate, float rho, float epsilon)
    {
        squareAverage = rho * squareAverage + (1 - rho) * gradient * gradient;
        float delta = MathF.Sqrt(deltaAverage + epsilon) / MathF.Sqrt(squareAverage + epsilon) * gradient;
        deltaAverage = rho * deltaAverage + (1 - rho) * delta * delta;
        return parameter - learningRate * delta;
    }
}

[Optimizer]
public sealed partial class CheckedInDouble
{
    [UpdateRule]
    private static double Update(double parameter, double gradient, [State] ref double trace)
    {
        trace = 0.9 * trace + gradient;
        return parameter - 0.01 * trace / (Math.Sqrt(Math.Abs(trace)) + 1e-8);
    }
}

[Optimizer, Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
public sealed partial class CheckedAttributes;

[Optimizer(Contract = true)]
public sealed partial class CheckedContracted
{
    [UpdateRule]
    private static float Update(float parameter, float gradient) => parameter - 0.1f * gradient;
}

[Optimizer]
public sealed partial class CheckedNorm
{
    [Reduce(Reduction.Norm)]
    private static float GradientNorm(float gradient) => gradient * 1e20f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, float gradientNorm) => parameter - gradient / (1 + gradientNorm);
}

[Optimizer]
public sealed partial class CheckedSign
{
    [UpdateRule]
    private static float Update(float parameter, float gradient) => parameter - 0.01f * MathF.Sign(gradient);
}

[Optimizer]
public sealed partial class CheckedBounds
{
    [Hyperparameter(Min = 0)] public float LearningRate { get; set; } = 0.1f;

    [Hyperparameter(Min = 0.7, Max = 1)] public float Share { get; set; } = 0.9f;

    [UpdateRule]
    private static float Update(float parameter, float gradient, float learningRate, float share) => share * parameter - learningRate * gradient;
}

[Optimizer]
public sealed partial class CheckedScalars
{
    [Hyperparameter] public float LearningRate { get; set; } = 0.1f;

    [PerStep]
    private static void Prepare(long step, double learningRate, [State(InitialValue = 1)] ref double decay, out double rate)
    {
        decay *= 0.9;
        rate = learningRate * decay / step;
    }

    [PerTensor]
    private static void Count(long elementCount, [State] ref double unused, out double scale)
    {
        unused += elementCount;
        scale = 1.0 / elementCount;
    }

    [UpdateRule]
    private static float Update(float parameter, float gradient, float rate, float scale) => parameter - rate * scale * gradient;
}

[Optimizer]
public sealed partial class CheckedSignOfAll
{
    [Reduce(Reduction.Sum)]
    private static float Signs(float gradient) => MathF.Sign(gradient);

    [UpdateRule]
    private static float Update(float parameter, float gradient, float signs) => parameter - 0.001f * signs * gradient;
}

/// <summary>Written by hand: the "kernel" keeps the learning rate of its first step.</summary>
internal sealed class RateOfTheFirstStep(ParameterSet<float> parameters) : Optimizer<float>(parameters, new Rule())
{
    public float LearningRate
    {
        get => ReadHyperparameter(0);
        set => WriteHyperparameter(0, value);
    }

    [UpdateRule]
    private static float Update(float parameter, float gradient, float learningRate) => parameter - (learningRate * gradient);

    private sealed class Rule() : StepRule<float>(new(
        "RateOfTheFirstStep", ["return parameter - learningRate * gradient;"], [new HyperparameterDefinition("LearningRate", 0.1)], []) { IsMethod = true })
    {
        private float? rate;

        public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new Kernels(this);

        public override void PrepareSettings(int group, ReadOnlySpan<float> hyperparameters) => rate ??= hyperparameters[0];

        private sealed class Kernels(Rule rule) : RuleKernels<float>(vectorLength: 1)
        {
            public override void Update(in KernelStreams<float> streams)
            {
                for (nuint i = 0; i < streams.Count; i++)
                {
                    ref float parameter = ref Unsafe.Add(ref streams.Parameter, i);
                    parameter = RateOfTheFirstStep.Update(parameter, Unsafe.Add(ref streams.Gradient, i), rule.rate!.Value);
                }
            }
        }
    }
}

/// <summary>Written by hand: it counts the steps itself, and so those that are refused too.</summary>
internal sealed class CountsRefusedSteps(ParameterSet<float> parameters) : Optimizer<float>(parameters, new Rule())
{
    [PerStep]
    private static void Count([State] ref double steps, out double count) => count = ++steps;

    [UpdateRule]
    private static float Update(float parameter, float gradient, float count) => parameter - (count * gradient);

    private sealed class Rule() : StepRule<float>(new("CountsRefusedSteps", ["return parameter - count * gradient;"], [], []) { IsMethod = true })
    {
        private double steps;
        private double count;

        public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new Kernels(this);

        public override void PrepareStep(int group, long step, Span<double> states)
        {
            if (group == 0)
            {
                CountsRefusedSteps.Count(ref steps, out count);
            }
        }

        private sealed class Kernels(Rule rule) : RuleKernels<float>(vectorLength: 1)
        {
            public override void Update(in KernelStreams<float> streams)
            {
                for (nuint i = 0; i < streams.Count; i++)
                {
                    ref float parameter = ref Unsafe.Add(ref streams.Parameter, i);
                    parameter = CountsRefusedSteps.Update(parameter, Unsafe.Add(ref streams.Gradient, i), (float)rule.count);
                }
            }
        }
    }
}

/// <summary>Written by hand: at its second step the "kernel" is one bit off in the element 5 of tensors of 9.</summary>
internal sealed class WrongInOneElement(ParameterSet<float> parameters) : Optimizer<float>(parameters, new Rule())
{
    public float LearningRate
    {
        get => ReadHyperparameter(0);
        set => WriteHyperparameter(0, value);
    }

#pragma warning disable OPTG004 // The reference finds the method by its mark; nothing is to be generated.
    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float total, [State] ref float trace, float learningRate)
    {
        trace = (0.5f * trace) + gradient;
        total += trace;
        return parameter - (learningRate * (total + trace));
    }
#pragma warning restore OPTG004

    private sealed class Rule() : StepRule<float>(new(
        "WrongInOneElement",
        ["trace = 0.5f * trace + gradient;", "total += trace;", "return parameter - learningRate * (total + trace);"],
        [new HyperparameterDefinition("LearningRate", 0.1)],
        [new StateDefinition("total"), new StateDefinition("trace")])
    {
        IsMethod = true,
        PerTensor = true,
    })
    {
        public long Step { get; private set; }

        public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new Kernels(this);

        public override void PrepareStep(int group, long step, Span<double> states) => Step = step;
    }

    private sealed class Kernels(Rule rule) : RuleKernels<float>(vectorLength: 1)
    {
        public override void Update(in KernelStreams<float> streams)
        {
            for (nuint i = 0; i < streams.Count; i++)
            {
                ref float parameter = ref Unsafe.Add(ref streams.Parameter, i), total = ref Unsafe.Add(ref streams.State(0), i), trace = ref Unsafe.Add(ref streams.State(1), i);
                if (rule.Step == 2 && streams.Count == 9 && i == 5)
                {
                    float gradient = Unsafe.Add(ref streams.Gradient, i);
                    trace = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((0.5f * trace) + gradient) + 1);
                    total += 2 * trace;
                    parameter -= 3;
                }
                else
                {
                    parameter = WrongInOneElement.Update(parameter, Unsafe.Add(ref streams.Gradient, i), ref total, ref trace, 0.1f);
                }
            }
        }
    }
}
