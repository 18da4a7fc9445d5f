using Microsoft.Extensions.Logging;
using OptimGen.Tests.Reports;

namespace OptimGen.Tests.Training.Callbacks;

public sealed class TrainingLoggerTests
{
    [Fact]
    public void ARun_IsLogged_AtTheLevelsOfItsMoments()
    {
        var log = new RecordedLog(LogLevel.Trace);
        Trainer<double> trainer = Regression.Trainer();
        trainer.Callbacks.Add(new TrainingLogger<double>(log, every: 4));
        trainer.Train(1);
        trainer.Metrics.Record("validation.cost", 0.5);

        Assert.Equal(
            [
                (LogLevel.Information, 1, "TrainingStarted"), (LogLevel.Debug, 8, "StepCompleted"), (LogLevel.Information, 4, "EpochCompleted"),
                (LogLevel.Information, 2, "TrainingEnded"), (LogLevel.Debug, 7, "MetricRecorded"),
            ],
            log.Entries.Select(entry => (entry.Level, entry.Id.Id, entry.Id.Name!)));
        Assert.Equal("Training GradientDescent on 23 examples in batches of 4, after 0 steps", log.Entries[0].Message);
        Assert.StartsWith("Step 4 of epoch 1: cost ", log.Entries[1].Message, StringComparison.Ordinal);
        Assert.StartsWith("Epoch 1 completed after 6 steps, with mean cost ", log.Entries[2].Message, StringComparison.Ordinal);
        Assert.Equal("validation.cost is 0.5 after 6 steps", log.Entries[^1].Message);
        // Structured values, by which a log is searched.
        Assert.Contains(log.Entries[2].Values, value => value is { Key: "Cost", Value: double cost } && cost == trainer.Curve.EpochMeans[0]);
    }

    [Fact]
    public void AnObservation_AStop_AndAnException_AreLogged()
    {
        var log = new RecordedLog(LogLevel.Information);
        double cost = 1;
        var trainer = new Trainer<double>(new GradientDescent<double>(Regression.Parameters()), 4, (_, batch) =>
            batch.Step == 4 ? throw new InvalidOperationException("lost") : cost += 1) { BatchSize = 4 };
        trainer.Callbacks.Add(new TrainingLogger<double>(log, every: 1));
        trainer.Train(2, new ReportedProgress(step =>
        {
            if (step.Step == 2)
            {
                trainer.Stop("enough");
            }
        }));
        Assert.Throws<InvalidOperationException>(() => trainer.Train(2));

        RecordedLog.Entry warning = log.Entries.First(entry => entry.Level == LogLevel.Warning);
        Assert.Equal((6, $"RateTooHigh: {trainer.Observations[0].Message}"), (warning.Id.Id, warning.Message));
        Assert.Contains(log.Entries, entry => entry.Message.StartsWith("Training Stopped after 2 steps and 2 epochs", StringComparison.Ordinal)
            && entry.Message.EndsWith("enough", StringComparison.Ordinal));
        Assert.Equal((LogLevel.Warning, 3), (log.Entries[^1].Level, log.Entries[^1].Id.Id));
        Assert.DoesNotContain(log.Entries, entry => entry.Level < LogLevel.Information);
    }

    [Fact]
    public void EachCheckpoint_IsLoggedOnce_InEveryCallOfTrain()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("optimgen-logger-");
        try
        {
            var log = new RecordedLog(LogLevel.Information);
            var saved = new List<string>();
            Trainer<double> trainer = ReportedRuns.Trainer();
            trainer.Checkpoints = new CheckpointPolicy(folder.FullName) { KeepLast = 10, OnSaved = saved.Add };
            trainer.Callbacks.Add(new TrainingLogger<double>(log));
            trainer.Train(1);
            trainer.Train(1);

            string[] files = [.. new CheckpointFolder(folder.FullName).List().Select(file => file.Path).Order()];
            Assert.Equal(2, files.Length);
            Assert.Equal(files, saved);
            Assert.Equal(files.Select(file => $"Checkpoint saved: {file}"), log.Entries.Where(entry => entry.Id.Id == 5).Select(entry => entry.Message));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ABadArgument_IsRefused()
    {
        Refusal.Require<ArgumentNullException>("logger", "", () => new TrainingLogger<double>(null!));
        Refusal.Require<ArgumentOutOfRangeException>("every", "0", () => new TrainingLogger<double>(new RecordedLog(LogLevel.None), 0));
    }

    private sealed class RecordedLog(LogLevel least) : ILogger
    {
        public sealed record Entry(LogLevel Level, EventId Id, string Message, IReadOnlyList<KeyValuePair<string, object?>> Values);

        public List<Entry> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.True(IsEnabled(logLevel));
            Entries.Add(new Entry(logLevel, eventId, formatter(state, exception), [.. (IReadOnlyList<KeyValuePair<string, object?>>)state!]));
        }
    }
}
