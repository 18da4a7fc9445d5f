using System.Diagnostics;
using System.Globalization;

namespace OptimGen.Tests.Checkpoints;

/// <summary>
/// A training process is killed (SIGKILL) at random moments, most of them while a checkpoint is being written, and started again each time, on another
/// instruction set. The checkpoint of its end is, byte for byte, that of a run in this process that saved nothing and was never stopped.
/// </summary>
public sealed class KilledRunTests : IDisposable
{
    private const int Kills = 50;
    private const int LongestLife = 200;
    private const int LongestStart = 250;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("optimgen-killed-").FullName;

    /// <summary>
    /// Adam has states of elements alone, NAdam a state that is computed for each step, NovoGrad one for each tensor, ScheduleFreeSgd a copy of the
    /// parameters; each run keeps an average (<see cref="SavedRun"/>).
    /// </summary>
    [Theory]
    [InlineData(nameof(Adam)), InlineData(nameof(NAdam)), InlineData(nameof(NovoGrad)), InlineData(nameof(ScheduleFreeSgd))]
    public void KilledFiftyTimes_EndsWithTheSameBytes(string optimizer)
    {
        Trainer whole = SavedRun.Make(optimizer);
        whole.TrainUntil(KilledRunProgram.Epochs);
        byte[] expected = SavedRun.Bytes(whole);

        var random = new Random(optimizer.Length);
        int whileSaving = 0;
        long lastStep = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            HashSet<string> before = [.. Temporaries()];
            using Process process = Start(optimizer, kill);
            if (kill % 5 == 4)
            {
                // While it starts or loads.
                Thread.Sleep(random.Next(LongestStart));
            }
            else
            {
                long step = ResumedStep(process);
                Assert.True(step >= lastStep, $"It resumed at step {step}, after {lastStep}.");
                lastStep = step;
                if (kill % 5 == 0)
                {
                    WaitForSave(before);
                }
                else if (kill % 5 == 1)
                {
                    // On a busy machine, no random life may be long enough.
                    WaitForCheckpoint(after: step);
                }
                else
                {
                    Thread.Sleep(random.Next(LongestLife));
                }
            }

            Assert.False(process.HasExited, $"It ended after {kill} kills: the run is too short, or failed.");
            process.Kill();
            process.WaitForExit();
            whileSaving += Temporaries().Any(file => !before.Contains(file)) ? 1 : 0;
        }

        Assert.True(whileSaving > 0, "It was never killed while a checkpoint was being written.");
        Assert.True(lastStep > 0, "It never resumed from a checkpoint.");
        using (Process process = Start(optimizer, Kills))
        {
            Assert.True(process.WaitForExit(Patience), "It did not end.");
            Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd());
        }

        IReadOnlyList<CheckpointFile> files = new CheckpointFolder(folder).List();
        Assert.Equal(3, files.Count);
        Assert.Equal(files.Count, Directory.GetFiles(folder).Length);
        Assert.Equal(whole.StepCount, files[0].Step);
        Assert.Equal(expected, File.ReadAllBytes(files[0].Path));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Process Start(string optimizer, int life) => TestProcess.Start(
        [TestProgram.Train, optimizer, folder],
        (InstructionSets.EnvironmentVariable, InstructionSets.Supported[life % InstructionSets.Supported.Count].ToString()));

    /// <summary>The files of checkpoints that are being written, or were when a process was killed.</summary>
    private IEnumerable<string> Temporaries() => Directory.EnumerateFiles(folder, ".*tmp*");

    /// <summary>Returns when a checkpoint begins to be written.</summary>
    private void WaitForSave(HashSet<string> before) =>
        Assert.True(SpinWait.SpinUntil(() => Temporaries().Any(file => !before.Contains(file)), Patience), "No checkpoint was written.");

    /// <summary>Returns when there is a checkpoint of a later step.</summary>
    private void WaitForCheckpoint(long after) => Assert.True(
        SpinWait.SpinUntil(() => new CheckpointFolder(folder).List() is [var latest, ..] && latest.Step > after, Patience), "No checkpoint was completed.");

    private static long ResumedStep(Process process)
    {
        const string Resumed = "resumed ";
        string line = process.StandardOutput.ReadLine() ?? "";
        if (!line.StartsWith(Resumed, StringComparison.Ordinal))
        {
            Assert.Fail(line + process.StandardError.ReadToEnd());
        }

        return long.Parse(line[Resumed.Length..], CultureInfo.InvariantCulture);
    }
}
