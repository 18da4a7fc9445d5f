namespace OptimGen.Tests.Training.Callbacks;

public class ValidationTests
{
    private static readonly int[] Held = [100, 101, 102, 103, 104];

    [Theory]
    [InlineData(1, ScheduleUnit.Epoch, new long[] { 6, 12, 18 })]
    [InlineData(2, ScheduleUnit.Epoch, new long[] { 12 })]
    [InlineData(4, ScheduleUnit.Step, new long[] { 4, 8, 12, 16 })]
    [InlineData(18, ScheduleUnit.Step, new long[] { 18 })]
    [InlineData(19, ScheduleUnit.Step, new long[] { })]
    public void Metrics_AreEvaluatedWhenDue(int every, ScheduleUnit unit, long[] steps)
    {
        Trainer<double> trainer = Regression.Trainer();
        trainer.Callbacks.Add(new Validation<double>("validation.cost", Cost) { Every = every, Unit = unit });
        trainer.Train(3);
        Assert.Equal(steps, trainer.Metrics["validation.cost"].Select(point => point.Step));
        Assert.All(trainer.Metrics["validation.cost"], point => Assert.Equal(point.Step / 6, point.Epoch));
    }

    [Fact]
    public void Training_HasTheSameBitsWithValidationAndWithout()
    {
        Trainer<double> with = Regression.Trainer(), without = Regression.Trainer();
        with.Callbacks.Add(new Validation<double>("validation.cost", Cost) { Unit = ScheduleUnit.Step });
        with.Train(3);
        without.Train(3);
        Assert.Equal(Regression.ValuesOf(without), Regression.ValuesOf(with));
        Assert.Equal(without.Curve.Costs, with.Curve.Costs);
    }

    [Fact]
    public void TheEvaluationFindsZeroGradients_AndItsOwnReachNoStep()
    {
        Trainer<double> trainer = Regression.Trainer();
        trainer.Callbacks.Add(new Validation<double>("gradients", parameters =>
        {
            double sum = parameters.Sum(parameter => parameter.Gradients.ToArray().Sum(Math.Abs));
            parameters["weight"].Gradients.Fill(1e6);
            return sum;
        }));
        trainer.Train(2);
        Assert.Equal([0.0, 0.0], trainer.Metrics["gradients"].Select(point => point.Value));
        Assert.All(trainer.Optimizer.Parameters, parameter => Assert.DoesNotContain(parameter.Gradients.ToArray(), gradient => gradient != 0));
    }

    [Fact]
    public void AnEvaluationThatThrows_EndsTheCall_AndLeavesNoGradientsAndNoAverage()
    {
        Trainer<double> trainer = Regression.Trainer();
        ParameterAverage<double> average = trainer.Optimizer.AverageParameters(0.5);
        bool fails = true;
        trainer.Callbacks.Add(new Validation<double>("validation.cost", parameters =>
        {
            parameters["weight"].Gradients.Fill(1);
            return fails ? throw new InvalidDataException("No data.") : 1;
        })
        { At = average.Evaluate });
        Assert.Equal("No data.", Assert.Throws<InvalidDataException>(() => trainer.Train(2)).Message);
        Assert.Equal([0.0, 0.0], trainer.Optimizer.Parameters["weight"].Gradients.ToArray());
        Assert.Empty(trainer.Metrics.Names);
        fails = false;
        trainer.Train(1);

        Trainer<double> sound = Regression.Trainer();
        sound.Train(2);
        Assert.Equal(Regression.ValuesOf(sound), Regression.ValuesOf(trainer));
    }

    [Fact]
    public void AtAnAverage_TheMetricsAreThoseOfTheAverage()
    {
        Trainer<double> trainer = Regression.Trainer();
        ParameterAverage<double> average = trainer.Optimizer.AverageParameters(0.9);
        trainer.Callbacks.Add(new Validation<double>(
            ["trained", "steps"], parameters => [parameters["weight"].Values[0], trainer.StepCount]));
        trainer.Callbacks.Add(new Validation<double>("averaged", parameters => parameters["weight"].Values[0]) { At = average.Evaluate });
        trainer.Train(1);
        Assert.Equal(trainer.Optimizer.Parameters["weight"].Values[0], Assert.Single(trainer.Metrics["trained"]).Value);
        Assert.Equal(average.Of(trainer.Optimizer.Parameters["weight"])[0], Assert.Single(trainer.Metrics["averaged"]).Value);
        Assert.NotEqual(trainer.Metrics["trained"][0].Value, trainer.Metrics["averaged"][0].Value);
        Assert.Equal(6, Assert.Single(trainer.Metrics["steps"]).Value);
    }

    [Fact]
    public void AnAverageOfOtherParameters_IsRefused()
    {
        Trainer<double> trainer = Regression.Trainer(), other = Regression.Trainer();
        ParameterAverage<double> average = other.Optimizer.AverageParameters(0.9);
        trainer.Callbacks.Add(new Validation<double>("averaged", _ => 0) { At = average.Evaluate });
        Assert.Equal(
            "Validation(averaged): At evaluates an average of other parameters than those that are trained.",
            Assert.Throws<InvalidOperationException>(() => trainer.Train(1)).Message);
        other.Train(1);
    }

    [Fact]
    public void AStepThatDiverges_IsNotEvaluated_AndOneThatIsSkippedIs()
    {
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
        {
            parameters["weight"].Gradients[0] = batch.Step == 2 ? double.NaN : 0;
            return batch.Step == 4 ? double.NaN : 1;
        });
        trainer.Optimizer.NonFiniteGradients = NonFiniteGradientPolicy.SkipStep;
        trainer.Callbacks.Add(new Validation<double>("m", _ => double.NaN) { Unit = ScheduleUnit.Step });
        Assert.Equal(TrainingOutcome.Diverged, trainer.Train(1).Outcome);
        Assert.Equal([1L, 2L, 3L], trainer.Metrics["m"].Select(point => point.Step));
        Assert.All(trainer.Metrics["m"], point => Assert.Equal(double.NaN, point.Value));
    }

    [Fact]
    public void ANumberOfValuesThatIsNotThatOfTheNames_IsRefused_AndNoneIsRecorded()
    {
        Trainer<double> trainer = Regression.Trainer();
        trainer.Callbacks.Add(new Validation<double>(["a", "b"], _ => [1]));
        Assert.Equal(
            "Validation(a, b): the evaluation gave 1 values for 2 metrics.", Assert.Throws<InvalidOperationException>(() => trainer.Train(1)).Message);
        Assert.Empty(trainer.Metrics.Names);
    }

    [Fact]
    public void BadSettings_AreRefused()
    {
        Refusal.Require<ArgumentException>("metrics", "'cost' is the mean cost of each epoch", () => new Validation<double>("cost", _ => 0));
        Refusal.Require<ArgumentException>("metrics", "empty", () => new Validation<double>(["a", " "], _ => [0, 0]));
        Refusal.Require<ArgumentException>("metrics", "no names", () => new Validation<double>([], _ => []));
        Refusal.Require<ArgumentException>("metrics", "'a' is named twice", () => new Validation<double>(["a", "b", "a"], _ => [0, 0, 0]));
        Refusal.Require<ArgumentNullException>("evaluate", "", () => new Validation<double>("a", null!));
        Refusal.Require<ArgumentOutOfRangeException>("Every", "Every is 0; it must be at least 1.", () => new Validation<double>("a", _ => 0) { Every = 0 });
        Refusal.Require<ArgumentOutOfRangeException>("Unit", "Unit is 7", () => new Validation<double>("a", _ => 0) { Unit = (ScheduleUnit)7 });
    }

    [Fact]
    public void ARunThatIsResumed_EndsTheSame() => Resumption.RequireSameEnd(
        () =>
        {
            Trainer<double> trainer = Regression.Trainer();
            ParameterAverage<double> average = trainer.Optimizer.AverageParameters(0.9);
            trainer.Callbacks.Add(new Validation<double>("averaged", Cost) { At = average.Evaluate, Every = 4, Unit = ScheduleUnit.Step });
            trainer.Callbacks.Add(new Validation<double>("trained", Cost));
            return trainer;
        },
        epochs: 3);

    private static double Cost(ParameterSet<double> parameters) => Regression.Objective(parameters, new MiniBatch(Held));
}
