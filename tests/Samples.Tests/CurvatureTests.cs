using System.Numerics;
using Digits;
using Digits.Curvature;
using Digits.Data;
using OptimGen;

namespace Samples.Tests;

/// <summary>The curvature of a perceptron on digits against its Hessian in closed form.</summary>
public sealed class CurvatureTests
{
    /// <summary>More than there are inputs, or more directions would be flat.</summary>
    private const int Count = 60;

    private static readonly DigitSet Digits = StrokeDigits.Draw(Count, seed: 1);

    private static readonly int[] All = [.. Enumerable.Range(0, Count)];

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    public void ExtremeEigenvalues_AreThoseOfTheExactHessian_WithinTheirErrors(int epochs)
    {
        PooledPerceptron<float> model = Trained(epochs);
        PooledPerceptron<double> wide = model.ToDouble();
        double[] exact = ExactHessian.Eigenvalues(wide);

        // Float gradients have an error of 10⁻⁶ or so, and its root is that of the products: a thousandth of the largest eigenvalue.
        RequireEnds(model, exact, 2e-2 * exact[^1]);
        RequireEnds(wide, exact, 1e-6 * exact[^1]);
    }

    [Fact]
    public void NegativeEigenvalues_AreCountedAlongTraining()
    {
        PooledPerceptron<float> model = Model();
        Trainer<float> trainer = TrainerOf(model);
        var counts = new List<int>();
        foreach (int epochs in new[] { 0, 30, 80, 150 })
        {
            if (epochs > 0)
            {
                trainer.TrainUntil(epochs);
            }

            CurvatureRecord record = CurvatureRecord.At(model, epochs);
            double[] exact = ExactHessian.Eigenvalues(model.ToDouble());
            Assert.True(record.Spectrum.IsComplete);
            Assert.InRange(record.Spectrum.Error, 0, 1e-6);
            Assert.All(record.Spectrum.Eigenvalues.Zip(exact), pair => Assert.Equal(pair.Second, pair.First, record.Spectrum.Error));
            Assert.InRange(exact.Count(value => value < 0), record.Negative.Least, record.Negative.Most);
            // All logits can rise alike in the directions of an output's bias and of its 5 weights; what else is within the error of 0 is an accident.
            Assert.InRange(record.Negative.Most - record.Negative.Least, 6, 8);
            Assert.Equal(trainer.Diagnose(new CriticalPointOptions<float> { EigenvalueCount = 1, MaxLanczosSteps = 2 }).Cost, record.Cost, 1e-5);
            counts.Add(record.Negative.Least);
        }

        Assert.InRange(counts[0], 20, 150);
        Assert.True(counts[^1] < counts[0], $"{counts[^1]} directions curve down after training, and {counts[0]} before.");
    }

    [Fact]
    public void TheStudy_LooksAtEachEpoch_AndStopsWhereTheRunDiverges()
    {
        var options = new DigitsOptions(null, [], 1, 64, Rate: 1e38, Decay.None, 1, "");
        CurvatureRecord record = Assert.Single(CurvatureStudy.Of(Digits, OptimizerChoice.All[0], options));
        Assert.Equal(0, record.Epoch);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => CurvatureStudy.Of(Digits, OptimizerChoice.All[0], options, cancellation.Token).Count());
    }

    /// <summary>
    /// Each eigenvalue that is found has an exact one within its error. Those at the ends are the ends of the whole spectrum, which are well apart here.
    /// </summary>
    private static void RequireEnds<T>(PooledPerceptron<T> model, double[] exact, double largestError)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int K = 3;
        CriticalPointAnalysis<T> point = CriticalPoint.Analyze(model.Parameters, model.Cost, new MiniBatch(All), new CriticalPointOptions<T> { EigenvalueCount = K });
        Assert.Equal(PooledPerceptron<T>.ParameterCount, point.Dimension);
        for (int i = 0; i < K; i++)
        {
            HessianEigenvalue<T> low = point.Smallest[i], high = point.Largest[i];
            Assert.InRange(low.Error, 0, largestError);
            Assert.InRange(high.Error, 0, largestError);
            Assert.Contains(exact, value => value >= low.Low && value <= low.High);
            Assert.Contains(exact, value => value >= high.Low && value <= high.High);
            Assert.Equal(exact[i], low.Value, low.Error);
            Assert.Equal(exact[^(i + 1)], high.Value, high.Error);
        }

        Assert.InRange(exact[0], point.SpectrumLow, point.Smallest[0].High);
        Assert.InRange(exact[^1], point.Largest[0].Low, point.SpectrumHigh);
    }

    private static PooledPerceptron<float> Trained(int epochs)
    {
        PooledPerceptron<float> model = Model();
        if (epochs > 0)
        {
            TrainerOf(model).Train(epochs);
        }

        return model;
    }

    private static PooledPerceptron<float> Model() => new(Digits, Count, seed: 2);

    private static Trainer<float> TrainerOf(PooledPerceptron<float> model) =>
        new(new global::Digits.Adam(model.Parameters) { LearningRate = 0.01f }, Count, model.Cost) { BatchSize = 20, Seed = 1 };
}
