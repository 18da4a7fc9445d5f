using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;

namespace OptimGen.Tests.RuleLanguage;

/// <summary>The options of [Optimizer]: the element type and the unrolling of a rule; and a rule that is written by hand.</summary>
public sealed partial class OptimizerOptionTests
{
    [Optimizer(Unroll = 1), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled1;

    [Optimizer(Unroll = 2), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled2;

    [Optimizer(Unroll = 3), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled3;

    [Optimizer(Unroll = 4), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled4;

    [Optimizer(Unroll = 5), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled5;

    [Optimizer(Unroll = 6), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled6;

    [Optimizer(Unroll = 7), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled7;

    [Optimizer(Unroll = 8), Ewa(0.9), RmsNormalize(0.999), BiasCorrection]
    private sealed partial class Unrolled8;

    [Optimizer(Unroll = 7)]
    private sealed partial class UnrolledMethod
    {
        [UpdateRule]
        private static float Update(float parameter, float gradient, [State] ref float trace)
        {
            trace = 0.9f * trace + gradient;
            return trace > 0 ? parameter - 0.1f * trace : parameter;
        }
    }

    [Optimizer(ElementType = typeof(double), LearningRate = 0.01), Ewa(0.9), RmsNormalize(0.999), BiasCorrection, DecoupledWeightDecay(0.1)]
    private sealed partial class InDouble;

    [Optimizer(ElementType = typeof(double)), HeavyBall(0.9, Nesterov = true), WeightDecay(0.01), ClipByValue(1)]
    private sealed partial class MomentumInDouble;

    [Optimizer(ElementType = typeof(float)), Ewa(0.9)]
    private sealed partial class InSingle;

    private static Func<ParameterSet, Optimizer<float>>[] EveryUnrolling =>
    [
        p => new Unrolled1(p), p => new Unrolled2(p), p => new Unrolled3(p), p => new Unrolled4(p), p => new Unrolled5(p), p => new Unrolled6(p),
        p => new Unrolled7(p), p => new Unrolled8(p), p => new UnrolledMethod(p),
    ];

    /// <summary>Every length below three turns of the widest loop: 8 vectors of 16.</summary>
    [Fact]
    public void AnyUnrolling_GivesTheSameBits()
    {
        foreach (Func<ParameterSet, Optimizer<float>> make in EveryUnrolling)
        {
            RuleCheck.Require(make, new RuleCheckOptions { Steps = 3, Lengths = [1, 3, 17, 127, 128, 129, 130, 143, 144, 145, 240, 255, 256, 257, 271, 383] });
        }
    }

    [Fact]
    public void AttributesInDouble_GiveTheBitsOfTheirStages()
    {
        Assert.Equal(RuleCheckReference.Stages, RuleCheck.Require(p => new InDouble(p)).Reference);
        RuleCheck.Require(p => new MomentumInDouble(p));
        RuleCheck.Require(p => new InSingle(p));

        var parameters = new ParameterSet<double>();
        Parameter<double> w = parameters.Add("w", 3);
        w.Gradients.Fill(1e-300);
        var optimizer = new MomentumInDouble(parameters) { LearningRate = 0.5, WeightDecay = 0 };
        optimizer.Step();
        // What single precision could not hold. g + μb with b = g.
        Assert.Equal(-0.5 * 1.9e-300, w.Values[0], 1e-310);
    }

    /// <summary>θ ← θ − 0.1·g, by hand: it knows nothing of scaling, averaging or zeroing.</summary>
    private sealed class ByHand(ParameterSet<float> parameters) : Optimizer<float>(parameters, new Rule())
    {
        private sealed class Rule() : StepRule<float>(new("ByHand", ["θ ← θ − 0.1·g"], [], []))
        {
            public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new Kernels();
        }

        private sealed class Kernels() : RuleKernels<float>(vectorLength: 1)
        {
            public override void Update(in KernelStreams<float> streams)
            {
                for (nuint i = 0; i < streams.Count; i++)
                {
                    Unsafe.Add(ref streams.Parameter, i) -= 0.1f * Unsafe.Add(ref streams.Gradient, i);
                }
            }
        }
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void ARuleByHand_IsClippedAveragedAndZeroed(bool isFromMemory)
    {
        var parameters = new ParameterSet();
        Parameter<float> w = parameters.Add("w", 1001);
        for (int i = 0; i < w.Length; i++)
        {
            (w.Values[i], w.Gradients[i]) = (i, i % 2 == 0 ? 8 : -0.5f);
        }

        var optimizer = new ByHand(parameters) { IsFromMemory = isFromMemory, GradientScale = 0.5, MaxGradientValue = 3, ZeroGradientsAfterStep = true };
        ParameterAverage<float> average = optimizer.AverageParameters(0.75);
        Assert.True(optimizer.Step().WasTaken);
        for (int i = 0; i < w.Length; i++)
        {
            float expected = i - (0.1f * (i % 2 == 0 ? 3 : -0.25f));
            Assert.Equal(expected, w.Values[i]);
            Assert.Equal(i + (0.25f * (expected - i)), average.Of(w)[i]);
        }

        Assert.All(w.Gradients.ToArray(), gradient => Assert.Equal(0, gradient));
    }

    [Fact]
    public void ARuleByHand_OverMoreThanACache_Steps()
    {
        const int Length = 8 << 20;
        var parameters = new ParameterSet(Length);
        Parameter<float> w = parameters.Add("w", Length);
        var optimizer = new ByHand(parameters);
        Assert.True(optimizer.IsFromMemory);
        w.Gradients.Fill(1);
        optimizer.Step();
        Assert.Equal(-1, w.Values.IndexOfAnyExcept(-0.1f));
        (optimizer.ZeroGradientsAfterStep, optimizer.MaxGradientNorm) = (true, 1);
        optimizer.Step();
        Assert.Equal(-1, w.Gradients.IndexOfAnyExcept(0f));
    }
}
