using OptimGen.Tests.Training;

namespace OptimGen.Tests.Reports;

public sealed class TrainingRunTests
{
    [Fact]
    public void ARun_IsACopy_OfWhatTheTrainerHasDone()
    {
        Trainer<double> trainer = ReportedRuns.Trainer();
        var run = TrainingRun.Of("run", trainer);
        trainer.Train(1);
        trainer.Metrics.Record("validation.cost", 3);

        Assert.Equal(("run", "GradientDescent", 10, 4, 7L), (run.Name, run.Optimizer, run.ExampleCount, run.BatchSize, run.Seed));
        Assert.Equal((6, 2), (run.StepCount, run.EpochCount));
        Assert.Equal(trainer.Curve.Costs.Take(6), run.Curve.Costs);
        Assert.Equal([3, 6], run.Curve.EpochEnds);
        Assert.Equal([new("LearningRate", 0.25), new("LearningRate of group '<slow>'", 0.125)], run.Hyperparameters);
        Assert.Equal(5, Assert.Single(run.Metrics).Points.Count);
        Assert.Equal(["θ ← θ − η·g"], run.Equations);
    }

    [Fact]
    public void ACheckpoint_GivesTheSameRun_AsItsTrainer()
    {
        string path = Path.GetTempFileName();
        try
        {
            Trainer<double> trainer = ReportedRuns.Trainer();
            trainer.Stop("enough");
            trainer.Save(path);

            TrainingRun expected = TrainingRun.Of("run", trainer), loaded = TrainingRun.Load("run", path);

            Assert.Equal((expected.Optimizer, expected.ExampleCount, expected.BatchSize, expected.Seed), (loaded.Optimizer, loaded.ExampleCount, loaded.BatchSize, loaded.Seed));
            Assert.Equal(expected.Equations, loaded.Equations);
            Assert.Equal([new("LearningRate", 0.25)], loaded.Hyperparameters);
            Assert.Equal(expected.Curve.Costs, loaded.Curve.Costs);
            Assert.Equal(expected.Curve.EpochMeans, loaded.Curve.EpochMeans);
            Assert.Equal(expected.Metrics[0].Name, loaded.Metrics[0].Name);
            Assert.Equal(expected.Metrics[0].Points, loaded.Metrics[0].Points);
            Assert.Equal("enough", loaded.StopReason);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AFileOfParametersAlone_OrNone_IsRefused()
    {
        string path = Path.GetTempFileName();
        try
        {
            Checkpoint.Save(path, Regression.Parameters());
            Assert.Contains("'trainer.epochCount'", Assert.Throws<CheckpointException>(() => TrainingRun.Load("run", path)).Message, StringComparison.Ordinal);
            File.WriteAllText(path, "half");
            Assert.Throws<CheckpointException>(() => TrainingRun.Load("run", path));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => TrainingRun.Load("run", path));
        Refusal.Require<ArgumentException>("name", "", () => TrainingRun.Load(" ", path));
        Refusal.Require<ArgumentException>("name", "", () => TrainingRun.Of("", Regression.Trainer()));
        Refusal.Require<ArgumentException>("Name", "", () => ReportedRuns.Run() with { Name = "" });
    }

    [Fact]
    public void Epochs_AreCountedInProportion_AlsoInAnIncompleteOne()
    {
        Trainer<double> trainer = ReportedRuns.Trainer();
        trainer.BatchSize = 2;
        Assert.Throws<OperationCanceledException>(() =>
        {
            using var cancellation = new CancellationTokenSource();
            trainer.Train(1, new ReportedProgress(_ => cancellation.Cancel()), cancellation.Token);
        });
        var run = TrainingRun.Of("run", trainer);

        Assert.Equal([0, 0.3333, 1, 1.3333, 2, 2.2], ((double[])[0, 1, 3, 4, 6, 7]).Select(step => Math.Round(run.EpochsAfter(step), 4)));
    }
}
