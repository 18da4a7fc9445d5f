namespace OptimGen.Tests.Training.Callbacks;

public class BestParametersTests
{
    private const double NaN = double.NaN;

    [Fact]
    public void TheParametersAtTheBestValue_AreKeptAndRestored()
    {
        (Trainer<double> trainer, BestParameters<double> best, List<double[]> values) = Run(null, NaN, 3, 1, 2, 1, NaN);
        Assert.Equal((1.0, 3L), (best.BestValue, best.BestStep));
        Assert.Equal(values[2], (double[])[.. trainer.Optimizer.Parameters.SelectMany(parameter => best.Of(parameter).ToArray())]);
        Assert.Equal(values[5], Regression.ValuesOf(trainer));
        best.Restore();
        Assert.Equal(values[2], Regression.ValuesOf(trainer));
        Assert.NotEqual(values[2], values[5]);
    }

    [Fact]
    public void TheHighestValue_CanBeTheBest()
    {
        (_, BestParameters<double> best, _) = Run(parameters => new(parameters, "m") { Goal = MetricGoal.Maximize }, 1, 3, 3, 2, 2, 2);
        Assert.Equal((3.0, 2L), (best.BestValue, best.BestStep));
    }

    [Fact]
    public void AtTheEnd_TheyCanBeRestored()
    {
        (Trainer<double> trainer, _, List<double[]> values) = Run(parameters => new(parameters, "m") { RestoresAtEnd = true }, 3, 1, 2, 2, 2, 2);
        Assert.Equal(values[1], Regression.ValuesOf(trainer));
    }

    [Fact]
    public void AfterADivergence_TheyAreRestored_AndAfterAnExceptionNot()
    {
        int step = 0;
        Trainer<double> trainer = Regression.Trainer((parameters, batch) =>
            ++step == 4 ? throw new InvalidDataException() : step == 5 ? NaN : Regression.Objective(parameters, batch));
        trainer.Callbacks.Add(new Announcement("m", 2, 1, 3));
        trainer.Callbacks.Add(new BestParameters<double>(trainer.Optimizer.Parameters, "m") { RestoresAtEnd = true });
        var values = new List<double[]>();
        Assert.Throws<InvalidDataException>(() => trainer.Train(1, new ReportedProgress(_ => values.Add(Regression.ValuesOf(trainer)))));
        Assert.Equal(values[2], Regression.ValuesOf(trainer));
        Assert.Equal(TrainingOutcome.Diverged, trainer.Train(1).Outcome);
        Assert.Equal(values[1], Regression.ValuesOf(trainer));
    }

    [Fact]
    public void WithoutABestValue_NothingIsRestored()
    {
        (Trainer<double> trainer, BestParameters<double> best, List<double[]> values) =
            Run(parameters => new(parameters, "m") { RestoresAtEnd = true }, NaN, double.PositiveInfinity, NaN, NaN, NaN, NaN);
        Assert.Equal(values[5], Regression.ValuesOf(trainer));
        string message = Assert.Throws<InvalidOperationException>(best.Restore).Message;
        Assert.Equal("There are no best parameters: m has had no value to compare with.", message);
        Assert.Equal((NaN, 0L), (best.BestValue, best.BestStep));
    }

    [Fact]
    public void TheAverageCanBeKept()
    {
        Trainer<double> trainer = Regression.Trainer();
        ParameterAverage<double> average = trainer.Optimizer.AverageParameters(0.9);
        var best = new BestParameters<double>(trainer.Optimizer.Parameters, "m") { At = average.Evaluate };
        trainer.Callbacks.Add(new Announcement("m", 1));
        trainer.Callbacks.Add(best);
        double first = 0;
        trainer.Train(1, new ReportedProgress(step => first = step.Step == 1 ? average.Of(trainer.Optimizer.Parameters["weight"])[0] : first));
        Assert.Equal(first, best.Of(trainer.Optimizer.Parameters["weight"])[0]);
        using (average.Evaluate())
        {
            Assert.Contains("stand at an average", Assert.Throws<InvalidOperationException>(best.Restore).Message, StringComparison.Ordinal);
        }

        best.Restore();
        Assert.Equal(first, trainer.Optimizer.Parameters["weight"].Values[0]);
    }

    [Fact]
    public void AnAverageThatThrows_LeavesTheBestAsItWas()
    {
        Trainer<double> trainer = Regression.Trainer();
        var best = new BestParameters<double>(trainer.Optimizer.Parameters, "m") { At = () => throw new InvalidDataException() };
        trainer.Callbacks.Add(best);
        Assert.Throws<InvalidDataException>(() => trainer.Metrics.Record("m", 1));
        Assert.Equal(NaN, best.BestValue);
        Assert.NotEmpty(Resumption.Contents(trainer));
    }

    [Fact]
    public void OtherParameters_AreRefused()
    {
        Trainer<double> trainer = Regression.Trainer();
        ParameterSet<double> others = Regression.Parameters();
        var best = new BestParameters<double>(others, "m");
        trainer.Callbacks.Add(best);
        Assert.Equal(
            "BestParameters(m) was made for other parameters than those of the trainer's optimizer.",
            Assert.Throws<InvalidOperationException>(() => trainer.Train(1)).Message);
        Assert.Equal(0, trainer.StepCount);
        Refusal.Require<ArgumentException>("parameter", "'weight' belongs to another set", () => best.Of(trainer.Optimizer.Parameters["weight"])[0]);
        Refusal.Require<ArgumentException>("metric", "empty", () => new BestParameters<double>(others, " "));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunThatIsResumed_EndsTheSame(bool restores)
    {
        Trainer<double> whole = Resumption.RequireSameEnd(
            () =>
            {
                Trainer<double> trainer = Regression.Trainer();
                trainer.Callbacks.Add(new Announcement("m", NaN, 5, 4, 6, 3, 3, 7, 2, 9));
                trainer.Callbacks.Add(new BestParameters<double>(trainer.Optimizer.Parameters, "m") { RestoresAtEnd = restores });
                return trainer;
            },
            epochs: 2);
        Assert.Equal(8, ((BestParameters<double>)whole.Callbacks[1]).BestStep);
    }

    private static (Trainer<double> Trainer, BestParameters<double> Best, List<double[]> Values) Run(
        Func<ParameterSet<double>, BestParameters<double>>? make, params double[] metrics)
    {
        Trainer<double> trainer = Regression.Trainer();
        BestParameters<double> best = make?.Invoke(trainer.Optimizer.Parameters) ?? new(trainer.Optimizer.Parameters, "m");
        trainer.Callbacks.Add(new Announcement("m", [.. metrics.Select(value => (double?)value)]));
        trainer.Callbacks.Add(best);
        var values = new List<double[]>();
        trainer.Train(1, new ReportedProgress(_ => values.Add(Regression.ValuesOf(trainer))));
        return (trainer, best, values);
    }
}
