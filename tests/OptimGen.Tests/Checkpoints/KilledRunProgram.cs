namespace OptimGen.Tests.Checkpoints;

/// <summary>
/// The program that <see cref="KilledRunTests"/> kills: it resumes from the newest checkpoint of its folder, and saves one as often as it can.
/// </summary>
internal static class KilledRunProgram
{
    public const int Epochs = 400;

    public static int Run(string optimizer, string folder)
    {
        Trainer trainer = SavedRun.Make(optimizer, threads: 2);
        ResumedCheckpoint resumed = Checkpoint.LoadNewest(folder, trainer);
        Console.Out.WriteLine($"resumed {trainer.StepCount}");
        foreach (string observation in resumed.Observations)
        {
            Console.Out.WriteLine($"passed over: {observation}");
        }

        trainer.Checkpoints = new CheckpointPolicy(folder) { EverySteps = 1 };
        trainer.TrainUntil(Epochs, new Pause());
        Console.Out.WriteLine("complete");
        return 0;
    }

    /// <summary>Slows the run down, so that it lasts for as many kills as are wanted.</summary>
    private sealed class Pause : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Thread.Sleep(1);
    }
}
