using Digits;
using Digits.Data;
using Digits.Training;
using OptimGen;

namespace Samples.Tests;

public sealed class TrainingTests
{
    private static readonly DigitData Data = new("drawn", StrokeDigits.Draw(1_200, seed: 1), StrokeDigits.Draw(400, seed: 2));

    public static TheoryData<string> Keys => [.. OptimizerChoice.All.Select(choice => choice.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_optimizer_learns_and_gives_the_same_bits_again(string key)
    {
        DigitsRun first = Train(key, epochs: 4), second = Train(key, epochs: 4);

        Assert.True(first.Accuracy > 0.4, $"{first.Accuracy} after 4 epochs");
        Assert.Equal(first.Curve.Costs, second.Curve.Costs);
        Assert.Equal(first.Answers, second.Answers);
        Assert.Null(first.Note);
        Assert.Equal(4, first.Epochs.Count);
    }

    [Fact]
    public void Ranks_give_the_bits_of_one_process()
    {
        OptimizerChoice choice = OptimizerChoice.All.Single(one => one.Key == "adam");
        DigitsRun alone = TrainInShards(null);
        foreach (DigitsRun rank in ThreadCommunicator.Run(3, TrainInShards))
        {
            Assert.Equal(alone.Curve.Costs, rank.Curve.Costs);
            Assert.Equal(alone.Answers, rank.Answers);
        }

        DigitsRun TrainInShards(ICommunicator? communicator)
        {
            var options = new DigitsOptions(null, [choice], 1, 30, null, Decay.None, 7, "", StateStorage: Storage.Block8, Ranks: true);
            var training = new DigitsTraining(options, Data, choice, communicator);
            training.Train(new Interrupting(int.MaxValue, null), default);
            return training.Run;
        }
    }

    [Fact]
    public void An_interrupted_run_keeps_what_it_has()
    {
        using var interrupt = new CancellationTokenSource();

        DigitsRun run = Train("adam", epochs: 4, new Interrupting(atStep: 50, interrupt), interrupt.Token);

        Assert.Equal("Interrupted after 50 steps.", run.Note);
        Assert.Single(run.Epochs);
        Assert.Equal(50, run.Curve.Costs.Count);
        Assert.Equal(Data.HeldOut.Count, run.Answers.Count);
    }

    private static DigitsRun Train(string key, int epochs, ITrainingDisplay? display = null, CancellationToken cancellationToken = default)
    {
        OptimizerChoice choice = OptimizerChoice.All.Single(one => one.Key == key);
        var options = new DigitsOptions(null, [choice], epochs, 30, null, Decay.None, 7, "");
        var training = new DigitsTraining(options, Data, choice);
        training.Train(display ?? new Interrupting(int.MaxValue, null), cancellationToken);
        return training.Run;
    }

    /// <summary>Shows nothing, and interrupts at a step.</summary>
    private sealed class Interrupting(long atStep, CancellationTokenSource? interrupt) : ITrainingDisplay
    {
        public void Begin(DigitsRun run)
        {
        }

        public void Step(DigitsRun run, TrainingProgress progress)
        {
            if (progress.Step == atStep)
            {
                interrupt?.Cancel();
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
