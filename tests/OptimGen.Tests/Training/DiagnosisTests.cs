namespace OptimGen.Tests.Training;

public class DiagnosisTests
{
    [Fact]
    public void ARateThatIsTooHigh_IsReportedAtEveryRise_AndTrainingGoesOn()
    {
        // On θ² a rate of 1.25 gives θ ← −1.5·θ, so that the cost grows 2.25-fold with every step.
        Trainer<double> trainer = Parabola(start: 2, rate: 1.25);
        TrainingResult result = trainer.Train(4);

        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal([4, 9, 20.25, 45.5625], result.Curve.Costs);
        Assert.Equal([2L, 3L, 4L], result.Observations.Select(one => one.Step));
        TrainingObservation first = result.Observations[0];
        Assert.Equal(TrainingObservationKind.RateTooHigh, first.Kind);
        Assert.Equal((2, 4.0, 9.0, 1.25), (first.Epoch, first.PreviousCost!.Value, first.Cost, first.LearningRate));
        Assert.Equal(
            "The cost rose from 4 at step 1 to 9 at step 2 (epoch 2) of batch gradient descent: the learning rate 1.25 is too high.",
            first.Message);
    }

    /// <summary>A message has six digits, or as many as two costs need to differ.</summary>
    [Theory]
    [InlineData(1, 10 / 3.0, "The cost rose from 1 at step 1 to 3.33333 at step 2 ")]
    [InlineData(1 / 3.0, 0.33333333444444444, "The cost rose from 0.333333333 at step 1 to 0.333333334 at step 2 ")]
    public void TheMessage_HasAsManyDigitsAsItNeeds(double first, double second, string start)
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("theta", 1);
        var trainer = new Trainer<double>(new GradientDescent<double>(parameters), 1, (_, batch) => batch.Step == 1 ? first : second)
        {
            Schedule = Schedule.InverseTime(0.1, decay: 0.5, ScheduleUnit.Step),
        };
        string message = Assert.Single(trainer.Train(2).Observations).Message;
        Assert.StartsWith(start, message, StringComparison.Ordinal);
        Assert.EndsWith(": the learning rate 0.0666667 is too high.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRateThatIsBlamed_IsThatOfTheStepBefore()
    {
        Trainer<double> trainer = Parabola(start: 2, rate: 0.1);
        trainer.Schedule = Schedule.Manual([0.25, 2, 0.25], ScheduleUnit.Step);
        TrainingObservation only = Assert.Single(trainer.Train(3).Observations);
        Assert.Equal((3L, 2.0), (only.Step, only.LearningRate));
    }

    [Fact]
    public void ARateThatIsLowEnough_IsNotReported_NotEvenInTheNoiseAtTheMinimum()
    {
        // In single precision, with targets that no line fits exactly: the cost converges to a minimum above zero and then fluctuates by rounding.
        var parameters = new ParameterSet();
        parameters.Add("weight", 1);
        parameters.AddBias("bias", 1);
        Objective<float> objective = (set, batch) =>
        {
            float weight = set["weight"].Values[0], bias = set["bias"].Values[0], loss = 0;
            foreach (int example in batch.Examples)
            {
                float x = example / 10f - 1, y = 3 * x + 1000 + example % 2;
                float error = weight * x + bias - y;
                loss += error * error / batch.Count;
                set["weight"].Gradients[0] += 2 * error * x / batch.Count;
                set["bias"].Gradients[0] += 2 * error / batch.Count;
            }

            return loss;
        };
        var trainer = new Trainer(new GradientDescent<float>(parameters), 21, objective) { BatchSize = 21 };
        TrainingResult result = trainer.Train(400);

        Assert.Empty(result.Observations);
        Assert.Contains(true, result.Curve.Costs.Zip(result.Curve.Costs.Skip(1), (before, after) => after > before));
    }

    [Fact]
    public void MiniBatches_MayCostMoreThanTheOnesBefore()
    {
        Trainer<double> trainer = Regression.Trainer();
        TrainingResult result = trainer.Train(2);
        Assert.Contains(true, result.Curve.Costs.Zip(result.Curve.Costs.Skip(1), (before, after) => after > before));
        Assert.Empty(result.Observations);
    }

    [Fact]
    public void AMiniBatchAfterAFullOne_IsNotMistakenForARise()
    {
        Trainer<double> trainer = Regression.Trainer((_, batch) => batch.Step);
        trainer.BatchSize = Regression.ExampleCount;
        trainer.Train(1);
        trainer.BatchSize = 4;
        trainer.Train(1);
        trainer.BatchSize = Regression.ExampleCount;
        Assert.Empty(trainer.Train(1).Observations);
        // The same rise from one full batch to the next is reported.
        Assert.Equal(9, Assert.Single(trainer.Train(1).Observations).Step);
    }

    [Fact]
    public void ParametersRestoredAfterADivergence_AreNotMistakenForARise()
    {
        Trainer<double> trainer = Parabola(start: 2, rate: 0.1);
        trainer.Train(1);
        trainer.Optimizer.Parameters[0].Values[0] = double.NaN;
        Assert.Equal(TrainingOutcome.Diverged, trainer.Train(1).Outcome);
        trainer.Optimizer.Parameters[0].Values[0] = 3;
        Assert.Equal(TrainingObservationKind.Diverged, Assert.Single(trainer.Train(1).Observations).Kind);
    }

    [Fact]
    public void AnotherWeightPenalty_IsNotMistakenForARise()
    {
        Trainer<double> trainer = Parabola(start: 2, rate: 0.01);
        trainer.Train(1);
        trainer.WeightPenalty = 10;
        Assert.Empty(trainer.Train(2).Observations);
    }

    [Fact]
    public void ARuleWithoutARate_IsReportedWithoutOne()
    {
        var parameters = new ParameterSet();
        parameters.Add("weight", 1).Values[0] = 0.25f;
        TrainingResult result = new Trainer(new UnitSteps(parameters), 1, SquareOf).Train(2);
        Assert.EndsWith(": the step is too long.", Assert.Single(result.Observations).Message, StringComparison.Ordinal);
        Assert.Equal([double.NaN, double.NaN], result.Curve.LearningRates);
    }

    [Fact]
    public void AHugeRate_DivergesAtTheStepWhoseCostIsNotFinite_BeforeTheOptimizerIsStepped()
    {
        // θ ← −1999·θ from 1: the square overflows a double at the 48th step, where |θ| = 1999⁴⁷ > 1.3e154.
        Trainer<double> trainer = Parabola(start: 1, rate: 1000);
        var progress = new ReportedProgress();
        TrainingResult result = trainer.Train(100, progress);

        Assert.Equal(TrainingOutcome.Diverged, result.Outcome);
        Assert.Equal((47, 47L, 47L, 47), (result.Epochs, result.Steps, trainer.Optimizer.StepCount, result.Curve.Costs.Count));
        TrainingObservation last = result.Observations[^1];
        Assert.Equal((TrainingObservationKind.Diverged, 48, 48L, 1000.0), (last.Kind, last.Epoch, last.Step, last.LearningRate));
        Assert.Equal(
            "Diverged at step 48 (epoch 48): the cost is Infinity. The step was not taken; the parameters are those that gave this cost.",
            last.Message);
        Assert.Equal(last, progress.All[^1].Observation);
        Assert.All(result.Curve.Costs, cost => Assert.True(double.IsFinite(cost)));
        Assert.Equal(result.Curve.Costs[^1], result.FinalMeanCost);

        double theta = trainer.Optimizer.Parameters[0].Values[0];
        Assert.True(double.IsFinite(theta) && double.IsInfinity(theta * theta));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void ALossThatIsNotFinite_LeavesTheParametersAlone(double loss)
    {
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
            batch.Step == 8 ? loss : Regression.Objective(parameters, batch));
        double[]? before = null;
        TrainingResult result = trainer.Train(3, new ReportedProgress(step => before = step.Step == 7 ? Regression.ValuesOf(trainer) : before));

        Assert.Equal(TrainingOutcome.Diverged, result.Outcome);
        Assert.Equal(before, Regression.ValuesOf(trainer));
        Assert.Equal((1, 7L, 7L), (result.Epochs, result.Steps, trainer.Optimizer.StepCount));
        Assert.Equal(8, Assert.Single(result.Observations).Step);
        // One step of the second epoch was taken.
        Assert.Equal(result.Curve.Costs[6], result.FinalMeanCost);
    }

    [Fact]
    public void APenaltyThatOverflows_IsADivergence()
    {
        Trainer<double> trainer = Regression.Trainer((_, _) => 0);
        trainer.Optimizer.Parameters["weight"].Values.Fill(1e200);
        trainer.WeightPenalty = 1;
        TrainingResult result = trainer.Train(1);
        Assert.Equal(TrainingOutcome.Diverged, result.Outcome);
        Assert.Equal(double.PositiveInfinity, Assert.Single(result.Observations).Cost);
        Assert.Equal(double.NaN, result.FinalMeanCost);
    }

    [Fact]
    public void AGradientThatIsNotFinite_IsADivergenceThatNamesTheParameter()
    {
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            double loss = Regression.Objective(parameters, batch);
            parameters["weight"].Gradients[1] = batch.Step == 3 ? double.NaN : parameters["weight"].Gradients[1];
            return loss;
        });
        TrainingResult result = trainer.Train(1);

        Assert.Equal((TrainingOutcome.Diverged, 2L, 2L), (result.Outcome, result.Steps, trainer.Optimizer.StepCount));
        TrainingObservation only = Assert.Single(result.Observations);
        Assert.StartsWith("Diverged at step 3 (epoch 1): The gradient of parameter 'weight' at [1] is NaN.", only.Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(only.Cost));
    }

    [Fact]
    public void AfterADivergence_TrainingCanGoOnFromTheSameStep()
    {
        bool broken = true;
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
            broken && batch.Step == 8 ? double.NaN : Regression.Objective(parameters, batch));
        trainer.Train(3);
        broken = false;
        TrainingResult result = trainer.Train(2);

        Trainer<double> sound = Regression.Trainer();
        TrainingResult expected = sound.Train(3);
        Assert.Equal((TrainingOutcome.Completed, 3), (result.Outcome, result.Epochs));
        Assert.Equal(expected.Curve.Costs, result.Curve.Costs);
        Assert.Equal(Regression.ValuesOf(sound), Regression.ValuesOf(trainer));
    }

    private static Trainer<double> Parabola(double start, double rate)
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("theta", 1).Values[0] = start;
        return new Trainer<double>(new GradientDescent<double>(parameters) { LearningRate = rate }, 1, (set, _) =>
        {
            double theta = set[0].Values[0];
            set[0].Gradients[0] = 2 * theta;
            return theta * theta;
        });
    }

    private static double SquareOf(ParameterSet<float> parameters, MiniBatch batch)
    {
        float theta = parameters[0].Values[0];
        parameters[0].Gradients[0] = 2 * theta;
        return theta * theta;
    }
}
