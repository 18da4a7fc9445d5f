using OptimGen.Tests.Kernels;
using OptimGen.Tests.Optimizers;

namespace OptimGen.Tests.Gradients;

/// <summary>Clipping by the norm of all gradients together.</summary>
public class GradientNormTests
{
    [Fact]
    public void TheNorm_IsThatOfEveryElementInDouble()
    {
        for (int length = 1; length <= 300; length++)
        {
            var parameters = new ParameterSet();
            Parameter<float> one = parameters.Add("one", length), other = parameters.Wrap("other", new float[3], new float[3]);
            var optimizer = new Sgd(parameters) { MaxGradientNorm = double.PositiveInfinity, GradientScale = 0.5 };
            Data.Gradient(length, length).CopyTo(one.Gradients);
            other.Gradients.Fill(2);
            double expected = 0.5 * Math.Sqrt(one.Gradients.ToArray().Sum(gradient => (double)gradient * gradient) + 12);
            Assert.Equal(1, optimizer.Step().GradientNorm!.Value / expected, 1e-14);
        }
    }

    /// <summary>Element i of a tensor is added to lane i mod 16, also in the tail, and the lanes are summed by halves.</summary>
    [Fact]
    public void TheNorm_HasTheBitsOfSixteenLanes()
    {
        for (int length = 1; length <= 100; length++)
        {
            var singles = new ParameterSet();
            Span<float> single = singles.Add("one", length).Gradients;
            new Random(length).NextDoubles(single);
            Assert.Equal(NormInLanes<float>(single), new Sgd(singles) { MaxGradientNorm = 1 }.Step().GradientNorm);

            var doubles = new ParameterSet<double>();
            Span<double> gradients = doubles.Add("one", length).Gradients;
            for (int i = 0; i < length; i++)
            {
                gradients[i] = single[i] / 3.0;
            }

            Assert.Equal(NormInLanes<double>(gradients), new DescentInDouble(doubles) { MaxGradientNorm = 1 }.Step().GradientNorm);
        }
    }

    [Fact]
    public void TheNormOfALargeSet_HasTheSameBitsForAnyNumberOfThreads()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 100_003), more = parameters.Add("more", 40_001);
        new Random(5).NextDoubles(weights.Gradients);
        new Random(6).NextDoubles(more.Gradients);
        double Norm(int threads) => new Sgd(parameters) { LearningRate = 0, MaxGradientNorm = 1, MaxDegreeOfParallelism = threads }.Step().GradientNorm!.Value;
        double expected = Norm(1);
        Assert.All(Enumerable.Range(2, 7), threads => Assert.Equal(expected, Norm(threads)));
        double sum = weights.Gradients.ToArray().Concat(more.Gradients.ToArray()).Sum(gradient => (double)gradient * gradient);
        Assert.Equal(1, expected / Math.Sqrt(sum), 1e-12);
    }

    [Fact]
    public void ALargerNorm_IsBroughtToTheMaximum()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 2);
        var optimizer = new Sgd(parameters) { LearningRate = 1, MaxGradientNorm = 1 };
        (weights.Gradients[0], weights.Gradients[1]) = (3, 4);
        Assert.Equal(5, optimizer.Step().GradientNorm);
        Assert.Equal([-3 * 0.2f, -4 * 0.2f], weights.Values.ToArray());
        Assert.Equal([3f, 4f], weights.Gradients.ToArray());
    }

    [Fact]
    public void ASmallerNorm_ChangesNoBit()
    {
        Adam clipped = new(StepPhaseTests.Parameters()) { MaxGradientNorm = 1e6 }, plain = new(StepPhaseTests.Parameters());
        StepPhaseTests.FillGradients(clipped, 2);
        StepPhaseTests.FillGradients(plain, 2);
        clipped.Step();
        plain.Step();
        Snapshot.Of(plain).AssertSame(clipped, "norm below its maximum");
    }

    [Fact]
    public void GroupsAndInstructionSets_ShareOneNorm()
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            var parameters = new ParameterSet();
            Parameter<float> one = parameters.Add("one", 1), other = parameters.AddGroup("other").Add("two", 1);
            var optimizer = new Sgd(parameters) { InstructionSet = set, LearningRate = 1, MaxGradientNorm = 2.5 };
            (one.Gradients[0], other.Gradients[0]) = (3, -4);
            optimizer.Step();
            Assert.Equal((-1.5f, 2f), (one.Values[0], other.Values[0]));
        }
    }

    /// <summary>The sum of the squares overflows, and the norm does not.</summary>
    [Fact]
    public void TheLargestDoubles_HaveANorm()
    {
        var parameters = new ParameterSet<double>();
        Parameter<double> weights = parameters.Add("weights", 20);
        var optimizer = new DescentInDouble(parameters) { LearningRate = 1, MaxGradientNorm = 1 };
        weights.Gradients[3] = 3e307;
        weights.Gradients[17] = -4e307;
        Assert.Equal(1, optimizer.Step().GradientNorm!.Value / 5e307, 1e-15);
        Assert.Equal(-0.6, weights.Values[3], 1e-15);
        Assert.Equal(0.8, weights.Values[17], 1e-15);
    }

    [Fact]
    public void TheLargestFloats_HaveANorm()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 4);
        weights.Gradients.Fill(float.MaxValue);
        Assert.Equal(2 * (double)float.MaxValue, new Sgd(parameters) { MaxGradientNorm = 1 }.Step().GradientNorm);
    }

    /// <summary>LARS divides by the norm of the gradient that it sees, which is the scaled one.</summary>
    [Fact]
    public void ReductionsOfARule_SeeTheScaledGradients()
    {
        Lars scaled = new(StepPhaseTests.Parameters()) { GradientScale = 0.25, WeightDecay = 0.1f }, plain = new(StepPhaseTests.Parameters()) { WeightDecay = 0.1f };
        StepPhaseTests.FillGradients(plain, 2);
        for (int i = 0; i < plain.Parameters.Count; i++)
        {
            for (int j = 0; j < plain.Parameters[i].Length; j++)
            {
                scaled.Parameters[i].Gradients[j] = plain.Parameters[i].Gradients[j] * 4;
            }
        }

        plain.Step();
        scaled.Step();
        for (int i = 0; i < plain.Parameters.Count; i++)
        {
            Bits.AssertEqual(scaled.Parameters[i].Values, plain.Parameters[i].Values.ToArray(), plain.Parameters[i].Name);
        }
    }

    private static double NormInLanes<T>(ReadOnlySpan<T> gradients)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[] lanes = new double[16];
        for (int i = 0; i < gradients.Length; i++)
        {
            double gradient = double.CreateTruncating(gradients[i]);
            lanes[i % 16] += gradient * gradient;
        }

        while (lanes.Length > 1)
        {
            int half = lanes.Length / 2;
            lanes = [.. lanes.Take(half).Zip(lanes.Skip(half), (lower, upper) => lower + upper)];
        }

        return Math.Sqrt(lanes[0]);
    }
}

internal static class RandomValues
{
    public static void NextDoubles(this Random random, Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = (float)(random.NextDouble() - 0.5);
        }
    }
}
