using OptimGen.Tests.Catalogue;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Optimizers;

/// <summary>A step with scaling, clipping, averaging and zeroing fused into its kernel gives the bits of separate passes around a plain step.</summary>
public class StepPhaseTests
{
    private const float Decay = 0.9f;

    public static TheoryData<string> Names => CatalogueEntries.Names;

    [Theory, MemberData(nameof(Names))]
    public void EveryOptimizer_GivesTheBitsOfSeparatePasses(string name)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            Optimizer<float> fused = entry.CreateOn(Parameters(), set), separate = entry.CreateOn(Parameters(), set);
            (fused.GradientScale, fused.MaxGradientValue, fused.ZeroGradientsAfterStep) = (0.5, 0.75, true);
            ParameterAverage<float> average = fused.AverageParameters(Decay);
            float[][] expected = [.. separate.Parameters.Select(parameter => parameter.Values.ToArray())];
            for (int step = 1; step <= 4; step++)
            {
                FillGradients(fused, step);
                FillGradients(separate, step);
                foreach (Parameter<float> parameter in separate.Parameters)
                {
                    Each(parameter.Gradients, gradient => Math.Clamp(gradient * 0.5f, -0.75f, 0.75f));
                }

                entry.Step(fused);
                entry.Step(separate);
                separate.ZeroGradients();
                for (int i = 0; i < expected.Length; i++)
                {
                    Parameter<float> parameter = separate.Parameters[i];
                    for (int j = 0; j < parameter.Length; j++)
                    {
                        expected[i][j] += (float)(1 - (double)Decay) * (parameter.Values[j] - expected[i][j]);
                    }

                    Bits.AssertEqual(average.Of(fused.Parameters[i]), expected[i], $"{name}, {set}, step {step}, average of {parameter.Name}");
                }

                Snapshot.Of(separate).AssertSame(fused, $"{name}, {set}, step {step}");
            }
        }
    }

    [Theory]
    [InlineData(8 << 20, true)]
    [InlineData((8 << 20) - 16, false)]
    public void WhatNoCacheHolds_IsFromMemory(int length, bool isFromMemory)
    {
        // 64 MiB of parameters and gradients.
        var parameters = new ParameterSet(length);
        parameters.Add("p", length);
        Assert.Equal(isFromMemory, new Sgd(parameters).IsFromMemory);
    }

    [Fact]
    public void EachRequestAlone_DoesThatAndNothingElse()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var zeroing = new Adam(Parameters()) { InstructionSet = set, ZeroGradientsAfterStep = true };
            var averaging = new Adam(Parameters()) { InstructionSet = set };
            averaging.AverageParameters(Decay);
            var scaling = new Adam(Parameters()) { InstructionSet = set, GradientScale = 4 };
            var plain = new Adam(Parameters()) { InstructionSet = set };
            foreach (Adam one in (Adam[])[zeroing, averaging, plain])
            {
                FillGradients(one, 1);
                one.Step();
            }

            FillGradients(scaling, 1);
            foreach (Parameter<float> parameter in scaling.Parameters)
            {
                Each(parameter.Gradients, gradient => gradient / 4);
            }

            scaling.Step();
            Snapshot.Of(plain).AssertSame(averaging, $"{set}, average");
            Assert.All(zeroing.Parameters, parameter => Assert.Equal(-1, parameter.Gradients.IndexOfAnyExcept(0f)));
            for (int i = 0; i < plain.Parameters.Count; i++)
            {
                Bits.AssertEqual(zeroing.Parameters[i].Values, plain.Parameters[i].Values.ToArray(), $"{set}, zero");
                Bits.AssertEqual(scaling.Parameters[i].Values, plain.Parameters[i].Values.ToArray(), $"{set}, scale");
            }
        }
    }

    [Fact]
    public void EveryLength_IsScaledZeroedAndAveragedToTheLastElementAndNotBeyond()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            for (int length = 1; length <= 257; length++)
            {
                float[] values = new float[length + 2], gradients = new float[length + 2];
                Array.Fill(gradients, 8);
                var parameters = new ParameterSet();
                Parameter<float> parameter = parameters.Wrap("w", values.AsMemory(1, length), gradients.AsMemory(1, length));
                var descent = new Sgd(parameters)
                {
                    InstructionSet = set, LearningRate = 1, GradientScale = 0.25, MaxGradientValue = 1, ZeroGradientsAfterStep = true,
                };
                ParameterAverage<float> average = descent.AverageParameters(0.5);
                descent.Step();
                Assert.Equal([0, .. Enumerable.Repeat(-1f, length), 0], values);
                Assert.Equal([8, .. new float[length], 8], gradients);
                Assert.Equal(Enumerable.Repeat(-0.5f, length), average.Of(parameter).ToArray());
            }
        }
    }

    [Fact]
    public void AMethod_IsSurroundedAlike()
    {
        RuleCheck.Require(parameters =>
        {
            var optimizer = new Adadelta(parameters) { GradientScale = 0.5, MaxGradientValue = 1, MaxGradientNorm = 3, ZeroGradientsAfterStep = true };
            optimizer.AverageParameters(Decay);
            return optimizer;
        });
    }

    [Fact]
    public void DoublePrecision_GivesTheBitsOfSeparatePasses()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            ParameterSet<double> one = new(), two = new();
            Parameter<double> fused = one.Add("w", 77), separate = two.Add("w", 77);
            var surrounded = new DescentInDouble(one) { InstructionSet = set, GradientScale = 0.1, MaxGradientValue = 2, ZeroGradientsAfterStep = true };
            ParameterAverage<double> average = surrounded.AverageParameters(0.7);
            var plain = new DescentInDouble(two) { InstructionSet = set };
            var expected = new double[77];
            for (int step = 1; step <= 3; step++)
            {
                for (int i = 0; i < 77; i++)
                {
                    fused.Gradients[i] = (i - 38) * step;
                    separate.Gradients[i] = Math.Clamp((i - 38) * step * 0.1, -2, 2);
                }

                surrounded.Step();
                plain.Step();
                for (int i = 0; i < 77; i++)
                {
                    expected[i] += (1 - 0.7) * (separate.Values[i] - expected[i]);
                }

                Assert.Equal(separate.Values, fused.Values);
                Assert.Equal(expected, average.Of(fused));
                Assert.Equal(-1, fused.Gradients.IndexOfAnyExcept(0));
            }
        }
    }

    [Theory]
    [InlineData(0d), InlineData(-1d), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void AScaleThatIsNotPositiveAndFinite_IsRefused(double value)
    {
        var optimizer = new Adam(Parameters());
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.GradientScale = value);
        Assert.StartsWith(FormattableString.Invariant($"GradientScale is {value}; "), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, optimizer.GradientScale);
    }

    [Fact]
    public void AScaleThatIsNoFloat_IsRefusedByTheStepOfOne()
    {
        var optimizer = new Adam(Parameters()) { GradientScale = 1e39 };
        FillGradients(optimizer, 1);
        Snapshot before = Snapshot.Of(optimizer);
        var refusal = Assert.Throws<ArithmeticException>(() => optimizer.Step());
        Assert.Contains("GradientScale is 1E+39, which is not finite as Single", refusal.Message, StringComparison.Ordinal);
        before.AssertUnchanged("refused");
    }

    [Theory]
    [InlineData(0d), InlineData(-1d), InlineData(double.NaN)]
    public void ALimitThatIsNotPositive_IsRefused(double value)
    {
        var optimizer = new Adam(Parameters());
        Assert.Contains($"MaxGradientNorm is ", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.MaxGradientNorm = value).Message, StringComparison.Ordinal);
        Assert.Contains($"MaxGradientValue is ", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.MaxGradientValue = value).Message, StringComparison.Ordinal);
        Assert.Null(optimizer.MaxGradientNorm);
        Assert.Null(optimizer.MaxGradientValue);
    }

    [Fact]
    public void ADegreeBelowOneAndAnUnknownPolicy_AreRefused()
    {
        var optimizer = new Adam(Parameters());
        Assert.Contains("is 0;", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.MaxDegreeOfParallelism = 0).Message, StringComparison.Ordinal);
        Assert.Contains("is 9;", Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.NonFiniteGradients = (NonFiniteGradientPolicy)9).Message, StringComparison.Ordinal);
    }

    internal static ParameterSet Parameters()
    {
        var parameters = new ParameterSet();
        parameters.Add("first", 5, 7);
        parameters.AddBias("second", 21);
        parameters.Wrap("wrapped", new float[50], new float[50]);
        var random = new Random(3);
        foreach (Parameter<float> parameter in parameters)
        {
            Each(parameter.Values, _ => random.NextSingle() - 0.5f);
        }

        return parameters;
    }

    internal static void FillGradients(Optimizer<float> optimizer, int step)
    {
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            Data.Gradient(parameter.Length, step).CopyTo(parameter.Gradients);
        }
    }

    private static void Each(Span<float> values, Func<float, float> map)
    {
        foreach (ref float value in values)
        {
            value = map(value);
        }
    }
}
