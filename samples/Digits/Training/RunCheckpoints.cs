using System.Globalization;
using OptimGen;

namespace Digits.Training;

/// <summary>The checkpoints of --checkpoint: each optimizer has a folder of its own in that folder.</summary>
internal static class RunCheckpoints
{
    /// <summary>Beside the end of each epoch: with MNIST, an epoch can take longer.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>When checkpoints are saved. The newest three are kept.</summary>
    public static CheckpointPolicy PolicyOf(string folder, OptimizerChoice choice) =>
        new(FolderOf(folder, choice)) { EveryEpochs = 1, Interval = Interval, KeepLast = 3 };

    /// <summary>The optimizers of which the folder has checkpoints.</summary>
    public static IEnumerable<OptimizerChoice> Existing(string folder, IEnumerable<OptimizerChoice> choices) =>
        choices.Where(choice => new CheckpointFolder(FolderOf(folder, choice)).List().Count > 0);

    /// <summary>Loads the newest intact checkpoint into a trainer, if there is one.</summary>
    /// <exception cref="InvalidDataException">No checkpoint is intact, or the newest does not fit the trainer; the message names the file.</exception>
    public static ResumedRun Resume(DigitsOptions options, DigitsRun run, Trainer<float> trainer)
    {
        try
        {
            ResumedCheckpoint resumed = Checkpoint.LoadNewest(FolderOf(options.CheckpointFolder!, run.Choice), trainer);
            string from = resumed.Path is null
                ? "no checkpoint yet, starts from the beginning"
                : string.Create(CultureInfo.InvariantCulture, $"resumed after {trainer.StepCount:#,0} steps from {resumed.Path}");
            return new ResumedRun([.. resumed.Observations, $"{run.Choice.Name}: {from}"], resumed.Path is null ? null : Mismatch(options, run, trainer, resumed.Path));
        }
        catch (CheckpointException refused)
        {
            throw new InvalidDataException(refused.Message, refused);
        }
    }

    /// <summary>The options with which the checkpoint's run had another value. Those that it cannot be continued with at all are refused by the load.</summary>
    private static string? Mismatch(DigitsOptions options, DigitsRun run, Trainer<float> trainer, string path)
    {
        // The rate is compared in single precision, the type of the hyperparameter. With a decay it changes, and the load compares the schedules.
        (string Option, double Here, double Saved)[] values =
        [
            ("--batch", options.Batch, trainer.BatchSize),
            ("--seed", options.Seed, trainer.Seed),
            .. trainer.Schedule is null
                ? [("--rate", (float)run.Rate, (float)trainer.Optimizer.GetHyperparameter("LearningRate"))]
                : Array.Empty<(string, double, double)>(),
        ];
        return values.Where(value => value.Here != value.Saved)
            .Select(value => string.Create(
                CultureInfo.InvariantCulture, $"{value.Option} is {(float)value.Here}, but the run of {path} has {(float)value.Saved}; resume it with the same options."))
            .FirstOrDefault();
    }

    private static string FolderOf(string folder, OptimizerChoice choice) => Path.Combine(folder, choice.Key);
}

/// <summary>What was found when a run was resumed.</summary>
/// <param name="Lines">Which file was loaded, and what was wrong with newer ones.</param>
/// <param name="Mismatch">An option that differs from those of the run; <see langword="null"/> if none does.</param>
internal sealed record ResumedRun(IReadOnlyList<string> Lines, string? Mismatch);
