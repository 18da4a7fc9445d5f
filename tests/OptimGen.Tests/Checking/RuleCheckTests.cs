using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen.Tests.Checking;

/// <summary>Tests of the rule check itself: it passes correct kernels, and finds a difference of one bit.</summary>
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
        RuleCheckResult result = RuleCheck.Run(parameters => new CheckedAdadelta(parameters) { Rho = 2 });

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

        // The address, as the distance from a null reference. Wrapped memory is pinned, so it is stable.
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

/// <summary>An optimizer written by hand whose kernel is wrong on purpose: at the second step, element 5 of tensors of length 9 is one bit off.</summary>
internal sealed class WrongInOneElement(ParameterSet<float> parameters) : Optimizer<float>(parameters, new Rule())
{
    public float LearningRate
    {
        get => ReadHyperparameter(0);
        set => WriteHyperparameter(0, value);
    }

    [UpdateRule]
    private static float Update(float parameter, float gradient, [State] ref float total, [State] ref float trace, float learningRate)
    {
        trace = (0.5f * trace) + gradient;
        total += trace;
        return parameter - (learningRate * (total + trace));
    }

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
