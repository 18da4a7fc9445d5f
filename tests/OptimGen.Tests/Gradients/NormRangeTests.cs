using System.Numerics;
using OptimGen.Tests.Kernels;
using OptimGen.Tests.Optimizers;

namespace OptimGen.Tests.Gradients;

/// <summary>The norm and the clipping by it, for gradients whose squares, whose norm or whose clipping factor are beyond the range of the type.</summary>
public class NormRangeTests
{
    /// <summary>Large enough for several threads.</summary>
    private const int Length = 70_001;

    public static TheoryData<double> DoubleSizes =>
        [5e-324, 1e-320, 1e-308, 1e-200, 1e-162, 1e-155, 1e-100, 1, 1e100, 1e153, 1e155, 1e200, 1e305, 1e308];

    public static TheoryData<float> FloatSizes => [float.Epsilon, 1e-40f, 1e-30f, 1e-20f, 1, 1e20f, 1e30f, 3e38f];

    [Theory, MemberData(nameof(DoubleSizes))]
    public void DoublesOfAnySize_HaveTheirNormAndAreClippedToTheMaximum(double size)
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("weights", Length);
        Check(new DescentInDouble(parameters) { LearningRate = 1 }, size, [1e-290, 1e-150, 1e-8, 1, 1e8, 1e150, 1e300], 1e-12);
    }

    [Theory, MemberData(nameof(FloatSizes))]
    public void FloatsOfAnySize_HaveTheirNormAndAreClippedToTheMaximum(float size)
    {
        var parameters = new ParameterSet();
        parameters.Add("weights", Length);
        Check(new Sgd(parameters) { LearningRate = 1 }, size, [1e-30, 1e-8, 1, 1e8, 1e30], 1e-6);
    }

    /// <summary>√n finite doubles can have a norm above the largest one; it is reported as infinite, and clips all the same.</summary>
    [Fact]
    public void ANormAboveTheLargestDouble_Clips()
    {
        var parameters = new ParameterSet<double>();
        Parameter<double> weights = parameters.Add("weights", 4);
        var optimizer = new DescentInDouble(parameters) { LearningRate = 1, MaxGradientNorm = 1 };
        weights.Gradients.Fill(double.MaxValue);
        StepResult result = optimizer.Step();
        Assert.True(result.WasTaken);
        Assert.Equal(double.PositiveInfinity, result.GradientNorm);
        Assert.All(weights.Values.ToArray(), value => Assert.Equal(-0.5, value, 1e-15));
    }

    /// <summary>The norm that counts is that of the scaled gradients, which is in range where the norm or the scale is not.</summary>
    [Theory]
    [InlineData(1e-300, 1e290), InlineData(1e300, 1e-300), InlineData(1e-310, 1e305), InlineData(1e10, 1e-310)]
    public void AScaleThatCompensates_GivesTheNormOfTheScaledGradients(double size, double scale)
    {
        foreach (double ratio in (double[])[0.5, 2])
        {
            var parameters = new ParameterSet<double>();
            Parameter<double> weights = parameters.Add("weights", 2);
            (weights.Gradients[0], weights.Gradients[1]) = (3 * size, -4 * size);
            double norm = 5 * size * scale, tolerance = size < 1e-308 || scale < 1e-308 ? 1e-9 : 1e-14;
            var optimizer = new DescentInDouble(parameters) { LearningRate = 1, GradientScale = scale, MaxGradientNorm = norm * ratio };
            Assert.Equal(1, optimizer.Step().GradientNorm!.Value / norm, tolerance);
            Assert.Equal(1, weights.Values[0] / (-0.6 * norm * Math.Min(ratio, 1)), tolerance);
            Assert.Equal(1, weights.Values[1] / (0.8 * norm * Math.Min(ratio, 1)), tolerance);
        }
    }

    [Fact]
    public void NoGradients_HaveTheNormZeroAndStay()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("weights", 40);
        var optimizer = new DescentInDouble(parameters) { MaxGradientNorm = 1e-300 };
        Assert.Equal(0, optimizer.Step().GradientNorm);
        Assert.All(parameters[0].Values.ToArray(), value => Assert.Equal(0, value));
    }

    /// <summary>Steps on adjusted copies of the gradients also do all the rest: zeroing, averaging, groups, and the reductions of the rule.</summary>
    [Theory]
    [InlineData(1), InlineData(3)]
    public void AFactorBelowTheNormalFloats_GivesTheBitsOfOneInRange(int threads)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            // Powers of two: the gradients that the rule sees are the same in both.
            Optimizer<float> tiny = Stepped(MathF.ScaleB(1, 100), Math.ScaleB(1, -130)), plain = Stepped(1, Math.ScaleB(1, -30));
            Assert.All(tiny.Parameters, parameter => Assert.Equal(-1, parameter.Gradients.IndexOfAnyExcept(0)));
            for (int i = 0; i < plain.Parameters.Count; i++)
            {
                Bits.AssertEqual(tiny.Parameters[i].Values, plain.Parameters[i].Values.ToArray(), $"{set}, {threads} threads");
                Bits.AssertEqual(
                    tiny.AverageParameters(0.5).Of(tiny.Parameters[i]).ToArray(), plain.AverageParameters(0.5).Of(plain.Parameters[i]).ToArray(), $"average, {set}");
            }

            Optimizer<float> Stepped(float size, double scale)
            {
                var parameters = new ParameterSet();
                parameters.Add("weights", Length).Values.Fill(0.5f);
                parameters.AddGroup("other").Add("more", 40).Values.Fill(-1);
                var optimizer = new Lars(parameters)
                {
                    InstructionSet = set, GradientScale = scale, MaxGradientValue = Math.ScaleB(1, -32), ZeroGradientsAfterStep = true,
                    MaxDegreeOfParallelism = threads, Momentum = 0.5f,
                };
                optimizer.AverageParameters(0.5);
                for (int step = 1; step <= 2; step++)
                {
                    foreach (Parameter<float> parameter in parameters)
                    {
                        Data.Gradient(parameter.Length, step).CopyTo(parameter.Gradients);
                        foreach (ref float gradient in parameter.Gradients)
                        {
                            gradient *= size;
                        }
                    }

                    optimizer.Step();
                }

                return optimizer;
            }
        }
    }

    private static void Check<T>(Optimizer<T> optimizer, T size, double[] maxima, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Parameter<T> weights = optimizer.Parameters[0];
        for (int i = 0; i < Length; i++)
        {
            // Products with 0 and ±1 are exact, also for the smallest subnormal number.
            weights.Gradients[i] = size * T.CreateTruncating(i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : -1);
        }

        double norm = double.CreateTruncating(size) * Math.Sqrt(Length - ((Length + 2) / 3));
        double[] reported =
        [
            .. Enumerable.Range(1, 4).Select(threads =>
            {
                (optimizer.MaxGradientNorm, optimizer.MaxDegreeOfParallelism) = (double.PositiveInfinity, threads);
                return optimizer.Step().GradientNorm!.Value;
            }),
        ];
        if (double.IsInfinity(norm))
        {
            Assert.Equal(norm, reported[0]);
        }
        else
        {
            Assert.Equal(1, reported[0] / norm, 1e-12);
        }

        Assert.All(reported, one => Assert.Equal(reported[0], one));
        foreach (double maximum in maxima.Where(maximum => maximum < norm))
        {
            weights.Values.Clear();
            optimizer.MaxGradientNorm = maximum;
            Assert.Equal(reported[0], optimizer.Step().GradientNorm);
            double root = Math.Sqrt(weights.Values.ToArray().Sum(value => Math.Pow(double.CreateTruncating(value) / maximum, 2)));
            Assert.Equal(1, root, tolerance);
        }
    }
}
