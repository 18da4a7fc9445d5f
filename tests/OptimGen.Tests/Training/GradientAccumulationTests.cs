using System.Numerics;

namespace OptimGen.Tests.Training;

public class GradientAccumulationTests
{
    private const int Length = 37;

    [Theory]
    [InlineData(8, 1, new[] { 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(8, 3, new[] { 3, 3, 2 })]
    [InlineData(8, 7, new[] { 7, 1 })]
    [InlineData(8, 8, new[] { 8 })]
    [InlineData(8, 100, new[] { 8 })]
    [InlineData(8, null, new[] { 8 })]
    public void AMiniBatch_IsEvaluatedInMicroBatches_WithGradientsOfZero(int batchSize, int? microBatchSize, int[] counts)
    {
        var seen = new List<(int Index, int Offset, int[] Examples)>();
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            Assert.All(parameters, parameter => Assert.DoesNotContain(parameter.Gradients.ToArray(), gradient => gradient != 0));
            seen.Add((batch.Index, batch.Offset, batch.Examples.ToArray()));
            return Regression.Objective(parameters, batch);
        });
        (trainer.BatchSize, trainer.MicroBatchSize, trainer.Shuffle) = (batchSize, microBatchSize, false);
        trainer.Train(1);
        Assert.Equal(Enumerable.Range(0, Regression.ExampleCount), seen.SelectMany(batch => batch.Examples));
        Assert.Equal(counts, seen.Where(batch => batch.Index == 1).Select(batch => batch.Examples.Length));
        Assert.All(seen, batch => Assert.Equal(batch.Examples[0], batch.Index * batchSize + batch.Offset));
        Assert.Equal((3, 3), (trainer.Curve.Costs.Count, trainer.Optimizer.StepCount));
    }

    /// <summary>The gradients and costs of the micro-batches are known exactly, as whole numbers, so the error is too.</summary>
    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1000, 7)]
    [InlineData(999, 500)]
    [InlineData(37, 36)]
    [InlineData(3, 1)]
    public void TheGradient_IsWithinTheDocumentedBoundOfTheMean(int batchSize, int microBatchSize)
    {
        var random = new Random(batchSize + microBatchSize);
        var calls = new List<(int Count, int[] Gradient, int Cost)>();
        var parameters = new ParameterSet();
        // Wrapped memory at an odd position, beside memory of the arena.
        parameters.Wrap("wrapped", new float[Length + 3].AsMemory(3), new float[Length + 1].AsMemory(1));
        parameters.Add("arena", Length);
        Trainer trainer = new(new GradientDescent<float>(parameters), batchSize, (set, batch) =>
        {
            int[] gradient = [.. Enumerable.Range(0, 2 * Length).Select(_ => random.Next(-1 << 20, 1 << 20))];
            calls.Add((batch.Count, gradient, random.Next(1000)));
            for (int i = 0; i < Length; i++)
            {
                (set[0].Gradients[i], set[1].Gradients[i]) = (gradient[i], gradient[Length + i]);
            }

            return calls[^1].Cost;
        })
        { BatchSize = batchSize, MicroBatchSize = microBatchSize };
        float[] combined = [];
        trainer.Callbacks.Add(new Gradients<float>(set => combined = [.. set[0].Gradients, .. set[1].Gradients]));
        trainer.Train(1);

        Assert.Equal(batchSize, calls.Sum(call => call.Count));
        Assert.Equal(calls.Sum(call => (double)call.Count * call.Cost) / batchSize, trainer.Curve.Costs[0], 1e-12 * 1000);
        double units = (calls.Count + 2) * Math.ScaleB(1, -24), gamma = units / (1 - units), largest = 0;
        for (int i = 0; i < combined.Length; i++)
        {
            // Times B·2²⁰⁰, everything is a whole number.
            BigInteger exact = 0, absolute = 0;
            foreach ((int count, int[] gradient, _) in calls)
            {
                exact += (BigInteger)count * gradient[i];
                absolute += (BigInteger)count * Math.Abs(gradient[i]);
            }

            BigInteger error = BigInteger.Abs((BigInteger)Math.ScaleB(combined[i], 200) * batchSize - (exact << 200));
            double share = Math.ScaleB(1, -200) * (double)error / (double)absolute;
            Assert.InRange(share, 0, gamma);
            largest = Math.Max(largest, share);
        }

        // The errors are measured: the largest is at least a quarter of a unit.
        Assert.True(largest > Math.ScaleB(1, -26), $"{largest}");
    }

    [Fact]
    public void TheRun_IsCloseToThatOfWholeBatches_AndThePenaltyIsAddedOnce()
    {
        Trainer<double> whole = Regression.Trainer(), micro = Regression.Trainer();
        micro.MicroBatchSize = 3;
        whole.WeightPenalty = micro.WeightPenalty = 0.5;
        whole.Train(5);
        micro.Train(5);
        Assert.Equal(30, whole.Curve.Costs.Count);
        Assert.All(whole.Curve.Costs.Zip(micro.Curve.Costs), costs => Assert.Equal(costs.First, costs.Second, 1e-12));
        Assert.All(Regression.ValuesOf(whole).Zip(Regression.ValuesOf(micro)), values => Assert.Equal(values.First, values.Second, 1e-12));
    }

    [Fact]
    public void TheBits_DoNotDependOnTheNumberOfThreads()
    {
        float[] one = Run(threads: 1), all = Run(threads: Environment.ProcessorCount), four = Run(threads: 4);
        Assert.Equal(one, all);
        Assert.Equal(one, four);

        static float[] Run(int threads)
        {
            const int Count = 200_000;
            var parameters = new ParameterSet();
            Parameter<float> weight = parameters.Add("weight", Count);
            var trainer = new Trainer(
                new AdamW(parameters) { MaxDegreeOfParallelism = threads, MaxGradientNorm = 1 }, 12, (set, batch) =>
                {
                    for (int i = 0; i < Count; i++)
                    {
                        set[0].Gradients[i] = MathF.Sin(i * batch.Examples[0]) + 0.1f * set[0].Values[i];
                    }

                    return 1;
                })
            { BatchSize = 6, MicroBatchSize = 2 };
            trainer.Train(1);
            return weight.Values.ToArray();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ACostThatIsNotFinite_IsADivergence_WithoutTheLaterMicroBatches(int bad)
    {
        int calls = 0;
        Trainer<double> trainer = Regression.Trainer((_, batch) =>
        {
            calls++;
            return batch.Offset == bad ? double.NaN : 1;
        });
        (trainer.BatchSize, trainer.MicroBatchSize) = (4, 1);
        double[] before = Regression.ValuesOf(trainer);
        TrainingResult result = trainer.Train(1);
        Assert.Equal((TrainingOutcome.Diverged, 0L, bad + 1), (result.Outcome, result.Steps, calls));
        Assert.Equal(before, Regression.ValuesOf(trainer));
    }

    [Fact]
    public void AGradientThatIsNotFinite_InOneMicroBatch_IsNotLost()
    {
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            parameters["bias"].Gradients[0] = batch.Offset switch { 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, _ => 1 };
            return 1;
        });
        (trainer.BatchSize, trainer.MicroBatchSize) = (4, 1);
        Assert.Contains("'bias' at [0] is NaN", Assert.Single(trainer.Train(1).Observations).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CostsWhoseSumOverflows_HaveAMean()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => 1.5e308);
        (trainer.BatchSize, trainer.MicroBatchSize) = (4, 1);
        Assert.All(trainer.Train(1).Curve.Costs, cost => Assert.Equal(1.5e308, cost));
    }

    [Fact]
    public void TheSize_IsReadAtEveryStep()
    {
        var counts = new List<int>();
        Trainer<double> trainer = Regression.Trainer((_, batch) =>
        {
            counts.Add(batch.Count);
            return 1;
        });
        trainer.Train(1, new ReportedProgress(step => trainer.MicroBatchSize = step.Step switch { 1 => 3, 2 => 2, _ => null }));
        Assert.Equal([4, 3, 1, 2, 2, 4, 4, 3], counts);
    }

    [Fact]
    public void ASizeBelowOne_IsRefused()
    {
        Trainer<double> trainer = Regression.Trainer();
        Refusal.Require<ArgumentOutOfRangeException>("MicroBatchSize", "MicroBatchSize is 0; it must be at least 1, or null.", () => trainer.MicroBatchSize = 0);
        Assert.Null(trainer.MicroBatchSize);
    }

    [Fact]
    public void ARunThatIsResumed_EndsTheSame() => Resumption.RequireSameEnd(
        () =>
        {
            Trainer<double> trainer = Regression.Trainer();
            trainer.Callbacks.Add(new Gradients<double>(_ => trainer.MicroBatchSize = 3));
            return trainer;
        },
        epochs: 2);

    private sealed class Gradients<T>(Action<ParameterSet<T>> read) : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void OnGradientsComputed(Trainer<T> trainer, long step, double cost) => read(trainer.Optimizer.Parameters);
    }
}
