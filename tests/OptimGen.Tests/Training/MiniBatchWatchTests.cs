namespace OptimGen.Tests.Training;

/// <summary>The watch over the costs of mini-batches, on seeded runs.</summary>
public class MiniBatchWatchTests
{
    private const int Seeds = 40;

    /// <summary>A cost without any trend: it stands still, is said to do so once, and is not said to explode or to have converged.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.01)]
    [InlineData(1.0)]
    [InlineData(30.0)]
    public void NoiseAlone_StandsStill_AndIsReportedOnce(double noise)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            TrainingResult result = Costs(_ => 1 + noise * Normal(random), steps: 3000);
            Assert.InRange(result.Observations.Count, 1, 2);
            Assert.All(result.Observations, one => Assert.Equal((TrainingObservationKind.CostStandsStill, null), (one.Kind, one.InitialCost)));
        }
    }

    [Fact]
    public void OutliersAlone_AreNoExplosion()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            TrainingResult result = Costs(_ => (1 + 0.1 * Normal(random)) * (random.Next(200) == 0 ? 1000 : 1), steps: 3000);
            Assert.DoesNotContain(result.Observations, one => one.Kind == TrainingObservationKind.CostExploding);
        }
    }

    /// <summary>Power laws and exponential decay, with as much noise as cost, down to a small part of it.</summary>
    [Theory]
    [InlineData(0.5, 0.3)]
    [InlineData(0.25, 0.1)]
    [InlineData(0.1, 0.05)]
    [InlineData(1.0, 1.0)]
    public void ASteadyDescent_IsNotReported(double exponent, double noise)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            Assert.Empty(Costs(step => Math.Pow(step, -exponent) * (1 + noise * Normal(random)), steps: 4000).Observations);
        }
    }

    [Fact]
    public void AnExponentialDescent_IsNotReported()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            Assert.Empty(Costs(step => Math.Exp(-step / 300.0) * (1 + 0.5 * Normal(random)), steps: 4000).Observations);
        }
    }

    /// <summary>Stochastic gradient descent on a line with noise in the targets: it converges within some epochs, and then fluctuates about the floor.</summary>
    [Fact]
    public void ConvergedRuns_AreSaidToMayHaveConverged_AndNothingElse()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            TrainingResult result = Line(seed, rate: 0.05).Train(60);
            Assert.InRange(result.Observations.Count, 1, 2);
            TrainingObservation first = result.Observations[0];
            Assert.Equal(TrainingObservationKind.CostStandsStill, first.Kind);
            Assert.True(first.InitialCost > 2 * first.Cost, first.Message);
            Assert.Contains("so training may have converged", first.Message, StringComparison.Ordinal);
            Assert.InRange(first.Step, 500, 1500);
        }
    }

    /// <summary>The same runs, before they have converged.</summary>
    [Fact]
    public void RunsThatDescend_AreNotReported()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Assert.Empty(Line(seed, rate: 0.0005).Train(60).Observations);
        }
    }

    [Fact]
    public void ARateThatIsTooHigh_IsReportedOnce_LongBeforeTheCostOverflows()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Trainer<double> trainer = Line(seed, rate: 0.05);
            trainer.Train(10);
            trainer.Optimizer.SetHyperparameter("LearningRate", 1.6);
            TrainingResult result = trainer.Train(100);
            TrainingObservation only = Assert.Single(result.Observations, one => one.Kind == TrainingObservationKind.CostExploding);
            Assert.InRange(only.Step, 321, 321 + 150);
            Assert.True(only.Cost > 2 * only.PreviousCost && only.PreviousStep <= 330, only.Message);
            Assert.Equal(1.6, only.LearningRate);
        }
    }

    [Fact]
    public void ARateThatIsTooHighFromTheStart_IsReportedOnce()
    {
        foreach (double growth in new[] { 1.01, 1.02, 1.1, 1.5, 2 })
        {
            TrainingResult result = Costs(step => Math.Pow(growth, step), steps: 400);
            TrainingObservation only = Assert.Single(result.Observations);
            Assert.Equal((TrainingObservationKind.CostExploding, 50L), (only.Kind, only.PreviousStep!.Value));
            Assert.InRange(only.Step, 51, 150);
        }
    }

    [Fact]
    public void EachExplosion_IsReported_IfTheCostFellInBetween()
    {
        Random random = new(1);
        TrainingResult result = Costs(step => (step is (>= 500 and < 800) or (>= 1500 and < 1800) ? 50 : 100.0 / (100 + step)) + 0.01 * Normal(random), steps: 2000);
        Assert.Equal(
            [TrainingObservationKind.CostExploding, TrainingObservationKind.CostExploding],
            result.Observations.Select(one => one.Kind));
        Assert.InRange(result.Observations[0].Step, 500, 560);
        Assert.InRange(result.Observations[1].Step, 1500, 1560);
    }

    [Fact]
    public void TheMessages_NameTheStepsTheValuesAndWhatHelps()
    {
        TrainingObservation explosion = Costs(step => step < 100 ? 1 : 17, steps: 200).Observations[0];
        Assert.Equal(
            "The smoothed cost rose from 1 at step 51 to 9.6907 at step 134 (epoch 23), at the learning rate 0.1. "
            + "A lower learning rate, a warmup, or clipping of the gradients by norm (MaxGradientNorm) tends to help.",
            explosion.Message);
        TrainingObservation stuck = Costs(_ => 0.25, steps: 600).Observations[0];
        Assert.Equal(
            "The smoothed cost has not fallen since step 50: it was 0.25, and is 0.25 at step 550 (epoch 92), at the learning rate 0.1. It has hardly fallen "
            + "since the start. A higher learning rate, with a warmup, or a rule with momentum or normalized steps, such as Adam, tends to help.",
            stuck.Message);
    }

    [Fact]
    public void ItCanBeTurnedOff_AndForgetsThen()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => 1);
        trainer.WatchesCost = false;
        Assert.Empty(trainer.Train(200).Observations);
        trainer.WatchesCost = true;
        Assert.Equal(1200 + 550, Assert.Single(trainer.Train(100).Observations).Step);
        trainer.WatchesCost = false;
        trainer.WatchesCost = true;
        Assert.Equal(1800 + 550, trainer.Train(100).Observations[^1].Step);
    }

    [Fact]
    public void BatchDescent_IsNotWatchedEither()
    {
        Trainer<double> trainer = Regression.Trainer((_, batch) => batch.Step);
        (trainer.BatchSize, trainer.WatchesCost) = (Regression.ExampleCount, false);
        Assert.Empty(trainer.Train(5).Observations);
        trainer.WatchesCost = true;
        Assert.Equal(7, Assert.Single(trainer.Train(2).Observations).Step);
    }

    /// <summary>Costs whose differences cannot be squared are left out, and leave nothing behind.</summary>
    [Fact]
    public void CostsThatAreHuge_AreNotJudged()
    {
        Random random = new(1);
        Assert.Empty(Costs(step => step < 300 ? 1e300 * (1 + random.NextDouble()) : Math.Exp(-step / 300.0) * (1 + 0.1 * Normal(random)), steps: 2000).Observations);
    }

    /// <summary>Where costs cannot be compared, the watch begins anew: another penalty, another batch size, and after a divergence.</summary>
    [Theory]
    [InlineData("penalty")]
    [InlineData("batch size")]
    [InlineData("divergence")]
    public void CostsThatCannotBeCompared_AreNotMistakenForAnExplosion(string change)
    {
        double cost = 1;
        Trainer<double> trainer = Regression.Trainer((_, _) => cost);
        trainer.Train(50);
        cost = 100;
        if (change == "divergence")
        {
            cost = double.NaN;
            trainer.Train(1);
            cost = 100;
        }

        (trainer.WeightPenalty, trainer.BatchSize) = (change == "penalty" ? 0.1 : 0, change == "batch size" ? 3 : 4);
        Assert.DoesNotContain(trainer.Train(30).Observations, one => one.Kind == TrainingObservationKind.CostExploding);
    }

    /// <summary>A step that the optimizer skipped says nothing about the cost.</summary>
    [Fact]
    public void SkippedSteps_AreLeftOut()
    {
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            bool isBad = batch.Step % 2 == 0;
            parameters["bias"].Gradients[0] = isBad ? double.NaN : 0;
            return isBad ? 1e9 : 1;
        });
        trainer.Optimizer.NonFiniteGradients = NonFiniteGradientPolicy.SkipStep;
        Assert.Equal(
            [2L * 550 - 1], trainer.Train(200).Observations.Where(one => one.Kind != TrainingObservationKind.StepSkipped).Select(one => one.Step));
    }

    [Fact]
    public void ARunThatIsResumed_EndsTheSame()
    {
        Trainer<double> whole = Resumption.RequireSameEnd(
            () => Regression.Trainer((_, batch) => batch.Step is > 60 and < 100 ? 50 + batch.Step % 3 : 1 + 0.01 * (batch.Step % 7)), epochs: 23);
        Assert.Contains(whole.Observations, one => one.Kind == TrainingObservationKind.CostExploding);
    }

    [Fact]
    public void AStandStill_IsKeptInACheckpoint()
    {
        Trainer<double> saved = Regression.Trainer((_, batch) => batch.Step < 30 ? 30 : 1), loaded = Regression.Trainer((_, _) => 1);
        saved.Train(400);
        TrainingObservation[] observations = [.. saved.Observations];
        Assert.NotNull(Assert.Single(observations).InitialCost);
        Checkpoint.Load(new MemoryStream(Resumption.Contents(saved)), loaded);
        Assert.Equal(observations, loaded.Observations);
        loaded.Train(50);
        Assert.Equal(observations, loaded.Observations);
    }

    /// <summary>A run in which the objective gives costs of its own, and gradients of zero.</summary>
    private static TrainingResult Costs(Func<long, double> cost, int steps)
    {
        Trainer<double> trainer = Regression.Trainer((_, batch) => cost(batch.Step));
        var stop = new ReportedProgress(step =>
        {
            if (step.Step == steps)
            {
                trainer.Stop("That is all.");
            }
        });
        return trainer.Train(steps, stop);
    }

    /// <summary>y = 3x₀ − 2x₁ + … + noise over 256 examples in batches of 8, that is 32 steps in an epoch.</summary>
    private static Trainer<double> Line(int seed, double rate)
    {
        const int Examples = 256, Inputs = 5;
        Random random = new(seed);
        double[] truth = [.. Enumerable.Range(0, Inputs).Select(_ => 3 * Normal(random))];
        double[][] x = [.. Enumerable.Range(0, Examples).Select(_ => Enumerable.Range(0, Inputs).Select(_ => Normal(random)).ToArray())];
        double[] y = [.. x.Select(row => row.Zip(truth, (a, b) => a * b).Sum() + Normal(random))];
        var parameters = new ParameterSet<double>();
        parameters.Add("weight", Inputs);
        return new Trainer<double>(new GradientDescent<double>(parameters) { LearningRate = rate }, Examples, (set, batch) =>
        {
            double loss = 0;
            foreach (int example in batch.Examples)
            {
                double error = -y[example];
                for (int i = 0; i < Inputs; i++)
                {
                    error += set[0].Values[i] * x[example][i];
                }

                for (int i = 0; i < Inputs; i++)
                {
                    set[0].Gradients[i] += error * x[example][i] / batch.Count;
                }

                loss += error * error / 2 / batch.Count;
            }

            return loss;
        })
        { BatchSize = 8, Seed = seed };
    }

    /// <summary>A normally distributed number, by Box and Muller's method.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
