namespace OptimGen.Tests.Training.Callbacks;

public sealed class RecordHyperparametersTests
{
    [Fact]
    public void ScheduledHyperparameters_AreRecorded_AsTheyWereAtTheirSteps()
    {
        Trainer<float> trainer = Trainer();
        trainer.Schedule = Schedule.InverseTime(0.1, 1);
        trainer.Schedules["Beta1"] = Schedule.Linear(0.5, 0.9, 4, ScheduleUnit.Step);
        trainer.Callbacks.Add(new RecordHyperparameters<float>(every: 2));
        trainer.Train(1);

        Assert.Equal(["hyperparameter.Beta1"], trainer.Metrics.Names);
        Assert.Equal([2L, 4L], trainer.Metrics["hyperparameter.Beta1"].Select(point => point.Step));
        Assert.Equal(
            ((long[])[2, 4]).Select(step => (double)(float)trainer.Schedules["Beta1"]!.ValueAt(step)),
            trainer.Metrics["hyperparameter.Beta1"].Select(point => (double)(float)point.Value));
    }

    [Fact]
    public void NamedHyperparameters_AreRecorded_AndDrawn()
    {
        Trainer<float> trainer = Trainer();
        trainer.Callbacks.Add(new RecordHyperparameters<float>(["Epsilon", "Beta2"]));
        trainer.Train(1);

        Assert.Equal(["hyperparameter.Epsilon", "hyperparameter.Beta2"], trainer.Metrics.Names);
        Assert.All(trainer.Metrics["hyperparameter.Beta2"], point => Assert.Equal(0.999, point.Value));
        Assert.Contains("<h2>hyperparameter.Beta2</h2>", TrainingReport.ToHtml([TrainingRun.Of("run", trainer)]), StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownName_None_AndOneTwice_AreRefused()
    {
        Trainer<float> trainer = Trainer();
        trainer.Callbacks.Add(new RecordHyperparameters<float>(["Gamma"]));

        Assert.Contains("Gamma", Assert.Throws<ArgumentException>(() => trainer.Train(1)).Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.StepCount);
        Refusal.Require<ArgumentException>("names", "empty", () => new RecordHyperparameters<float>([]));
        Refusal.Require<ArgumentException>("names", "'Beta1' 2 times", () => new RecordHyperparameters<float>(["Beta1", "Beta1"]));
        Refusal.Require<ArgumentOutOfRangeException>("every", "0", () => new RecordHyperparameters<float>(0));
    }

    private static Trainer<float> Trainer()
    {
        var parameters = new ParameterSet();
        parameters.Add("weight", 3);
        return new Trainer(new Adam(parameters), 4, (_, _) => 1) { BatchSize = 1 };
    }
}
