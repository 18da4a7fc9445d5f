using Digits;
using Digits.Data;
using Digits.Training;
using OptimGen;
using Samples.Shared;

namespace Samples.Tests;

public sealed class ResumeTests : IDisposable
{
    private static readonly DigitData Data = new("drawn", StrokeDigits.Draw(600, seed: 1), StrokeDigits.Draw(200, seed: 2));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Cancelled within the second epoch, at the end of it, and in the first; with a decay by steps, whose place must be kept too.</summary>
    [Theory]
    [InlineData("adam", 29, "none")]
    [InlineData("momentum", 40, "sqrt:1/step")]
    [InlineData("rmsprop", 1, "exponential:0.9")]
    public void A_run_that_was_cancelled_and_resumed_ends_with_the_same_bits(string key, int cancelledAt, string decay)
    {
        DigitsTraining whole = Training(key, decay, checkpoints: null);
        whole.Train(new Cancelling(int.MaxValue, null), CancellationToken.None);

        using var cancellation = new CancellationTokenSource();
        DigitsTraining cancelled = Training(key, decay, folder.Path);
        cancelled.Train(new Cancelling(cancelledAt, cancellation), cancellation.Token);
        DigitsTraining resumed = Training(key, decay, folder.Path);
        ResumedRun found = resumed.Resume();
        resumed.Train(new Cancelling(int.MaxValue, null), CancellationToken.None);

        Assert.Equal($"Interrupted after {cancelledAt} steps. Continue with --resume.", cancelled.Run.Note);
        Assert.Equal((1, null), (found.Lines.Count, found.Mismatch));
        Assert.Contains($"resumed after {cancelledAt} steps from ", found.Lines[0], StringComparison.Ordinal);
        Assert.Equal(Contents(whole), Contents(resumed));
        Assert.Equal(whole.Run.Answers, resumed.Run.Answers);
        Assert.Equal(3, whole.Run.Report.Metrics[0].Points.Count);
        Assert.Equal(whole.Run.Report.Metrics[0].Points, resumed.Run.Report.Metrics[0].Points);
    }

    [Fact]
    public void A_damaged_checkpoint_is_passed_over_and_named()
    {
        DigitsTraining first = Training("adam", "none", folder.Path);
        first.Train(new Cancelling(int.MaxValue, null), CancellationToken.None);
        CheckpointFile newest = new CheckpointFolder(folder.File("adam")).List()[0];
        File.WriteAllBytes(newest.Path, File.ReadAllBytes(newest.Path)[..1000]);

        DigitsTraining resumed = Training("adam", "none", folder.Path);
        ResumedRun found = resumed.Resume();
        resumed.Train(new Cancelling(int.MaxValue, null), CancellationToken.None);

        Assert.Equal(2, found.Lines.Count);
        Assert.Contains(newest.Path, found.Lines[0], StringComparison.Ordinal);
        Assert.Equal(Contents(first), Contents(resumed));
    }

    [Fact]
    public void A_command_that_is_resumed_trains_on_and_says_from_which_files()
    {
        string report = folder.File("report.html"), checkpoints = folder.File("run");
        string[] common = ["--batch", "2000", "--report", report, "--checkpoint", checkpoints];

        (int firstCode, string firstOutput, string firstError) = Run([.. common, "--epochs", "1"]);
        (int code, string output, string error) = Run([.. common, "--epochs", "2", "--resume"]);

        Assert.Equal((0, ""), (firstCode, firstError));
        Assert.DoesNotContain("resumed", firstOutput, StringComparison.Ordinal);
        Assert.Equal((0, ""), (code, error));
        foreach (OptimizerChoice choice in OptimizerChoice.All)
        {
            string file = Path.Combine(checkpoints, choice.Key, "step-00000004.safetensors");
            Assert.Contains($"{choice.Name}: resumed after 4 steps from {file}\n", output, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(checkpoints, choice.Key, "step-00000008.safetensors")));
        }

        Assert.DoesNotContain("epoch 1/2", output, StringComparison.Ordinal);
        Assert.Contains("epoch 2/2", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_complete_run_trains_nothing_and_reports_it()
    {
        string[] args = ["--optimizer", "adam", "--epochs", "1", "--batch", "2000", "--report", folder.File("report.html"), "--checkpoint", folder.File("run")];
        Run(args);

        (int code, string output, string error) = Run([.. args, "--resume"]);

        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain("epoch 1/1 ", output, StringComparison.Ordinal);
        Assert.Contains("4 steps", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_combination_is_one_line_and_exit_code_2()
    {
        string[] args = ["--optimizer", "adam", "--epochs", "1", "--batch", "2000", "--report", folder.File("report.html"), "--checkpoint", folder.File("run")];
        Run(args);

        RequireRefusal("--resume needs --checkpoint", "--resume");
        RequireRefusal("--checkpoint is ''; it must be the path of a folder.", "--checkpoint", "");
        RequireRefusal("which has checkpoints of adam already; add --resume", args);
        RequireRefusal("--batch is 1000, but the run of ", [.. args.Select(arg => arg == "2000" ? "1000" : arg), "--resume"]);
        RequireRefusal("--seed is 3, but the run of ", [.. args, "--resume", "--seed", "3"]);
        RequireRefusal("--rate is 0.5, but the run of ", [.. args, "--resume", "--rate", "0.5"]);
    }

    [Fact]
    public void A_checkpoint_that_does_not_fit_is_one_line_and_exit_code_1()
    {
        string[] args = ["--optimizer", "adam", "--epochs", "1", "--batch", "2000", "--report", folder.File("report.html"), "--checkpoint", folder.File("run")];
        Run(args);

        (int code, _, string error) = Run([.. args, "--resume", "--decay", "sqrt:1"]);

        Assert.Equal(1, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains("step-00000004.safetensors", error, StringComparison.Ordinal);
        Assert.Contains("schedule", error, StringComparison.Ordinal);
    }

    private static void RequireRefusal(string reason, params string[] args)
    {
        (int code, string output, string error) = Run(args);

        Assert.Equal((2, ""), (code, output));
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    private static DigitsTraining Training(string key, string decay, string? checkpoints)
    {
        OptimizerChoice choice = OptimizerChoice.All.Single(one => one.Key == key);
        return new DigitsTraining(new DigitsOptions(null, [choice], 3, 30, null, Decay.Parse(decay), 7, "", checkpoints), Data, choice);
    }

    /// <summary>Parameters, states, curve, metrics and all else that a checkpoint has.</summary>
    private static byte[] Contents(DigitsTraining training)
    {
        using var stream = new MemoryStream();
        Checkpoint.Save(stream, training.Trainer);
        return stream.ToArray();
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Invoke(args, output, error, options => DigitsCommand.Run(options, SampleConsole.Plain(output), error));
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Shows nothing, and cancels at a step.</summary>
    private sealed class Cancelling(long atStep, CancellationTokenSource? cancellation) : ITrainingDisplay
    {
        public void Begin(DigitsRun run)
        {
        }

        public void Step(DigitsRun run, TrainingProgress progress)
        {
            if (progress.Step == atStep)
            {
                cancellation?.Cancel();
            }
        }

        public void EndEpoch(DigitsRun run)
        {
        }

        public void End(DigitsRun run)
        {
        }
    }
}
