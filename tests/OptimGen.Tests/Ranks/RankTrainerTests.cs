using System.Runtime.InteropServices;
using OptimGen.Tests.Checkpoints;

namespace OptimGen.Tests.Ranks;

/// <summary>A run over ranks is that of one process: the same parameters, costs and decisions.</summary>
public class RankTrainerTests
{
    private const int Epochs = 2;

    private static readonly int[] Sizes = [2, 3, 4, 7];

    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    public void Run_HasTheSameBits(int shardCount)
    {
        byte[][] alone = Train(null, shardCount);
        foreach (int size in Sizes)
        {
            Assert.All(ThreadCommunicator.Run(size, communicator => Train(communicator, shardCount)), rank => Assert.Equal(alone, rank));
        }

        static byte[][] Train(ICommunicator? communicator, int shardCount)
        {
            Trainer trainer = MakeTrainer(communicator, shardCount);
            trainer.Train(Epochs);
            return ContentsOf(trainer);
        }
    }

    [Fact]
    public void WithoutANumberOfShards_EachRankHasOne()
    {
        byte[][] alone = Train(null, 3);
        Assert.All(ThreadCommunicator.Run(3, communicator => Train(communicator, null)), rank => Assert.Equal(alone, rank));

        static byte[][] Train(ICommunicator? communicator, int? shardCount)
        {
            Trainer trainer = MakeTrainer(communicator, shardCount);
            trainer.Train(1);
            return ContentsOf(trainer);
        }
    }

    [Theory]
    [InlineData(Storage.Native)]
    [InlineData(Storage.Block8)]
    public void Checkpoint_IsThatOfOneProcess_AndIsResumedByAnyNumberOfRanks(Storage storage)
    {
        using var folder = new TemporaryFolder();
        Trainer whole = MakeTrainer(null, 4, storage);
        whole.Train(1);
        whole.Save(folder.File("alone"));
        whole.TrainUntil(Epochs);
        byte[][] expected = ContentsOf(whole);

        string path = folder.File("ranks");
        ThreadCommunicator.Run(4, communicator =>
        {
            Trainer trainer = MakeTrainer(communicator, 4, storage);
            trainer.Train(1);
            trainer.Save(path);
        });
        Assert.Equal(File.ReadAllBytes(folder.File("alone")), File.ReadAllBytes(path));
        Assert.Equal(expected, Resume(null));
        Assert.All(ThreadCommunicator.Run(3, Resume), rank => Assert.Equal(expected, rank));

        byte[][] Resume(ICommunicator? communicator)
        {
            Trainer trainer = MakeTrainer(communicator, null, storage);
            trainer.Load(path);
            Assert.Equal(4, trainer.ShardCount);
            trainer.TrainUntil(Epochs);
            return ContentsOf(trainer);
        }
    }

    /// <summary>Other examples on a rank would be trained on without a sign, and a shorter run would leave the others waiting.</summary>
    [Theory]
    [InlineData("Seed is 0 on rank 0, and Seed is 1 on rank 2")]
    [InlineData("BatchSize is 15 on rank 0, and BatchSize is 5 on rank 2")]
    [InlineData("the last epoch is 2 on rank 0, and the last epoch is 3 on rank 2")]
    public void RunsThatDiffer_AreRefusedOnAllRanks(string difference)
    {
        string[] messages = ThreadCommunicator.Run(3, communicator =>
        {
            Trainer trainer = MakeTrainer(communicator, 4);
            trainer.BatchSize = 15;
            trainer.Seed = 0;
            int epochs = Epochs;
            if (communicator.Rank == 2)
            {
                trainer.Seed = difference[0] == 'S' ? 1 : 0;
                trainer.BatchSize = difference[0] == 'B' ? 5 : 15;
                epochs += difference[0] == 't' ? 1 : 0;
            }

            string message = Assert.Throws<InvalidOperationException>(() => trainer.TrainUntil(epochs)).Message;
            Assert.False(trainer.IsTraining);
            Assert.Equal(0, trainer.StepCount);
            return message;
        });
        Assert.All(messages, message => Assert.Equal($"The ranks have different settings: {difference}. The run was refused on all.", message));
    }

    [Fact]
    public void CheckpointsOfARun_AreWrittenByOneRank()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run");
        int[] saved = ThreadCommunicator.Run(3, communicator =>
        {
            int count = 0;
            Trainer trainer = MakeTrainer(communicator, 4);
            trainer.Checkpoints = new CheckpointPolicy(path) { EveryEpochs = 1, OnSaved = _ => count++ };
            trainer.Train(Epochs);
            return count;
        });
        // One at the end, and one for each epoch, unless one is still being written.
        Assert.InRange(saved[0], 1, Epochs + 1);
        Assert.Equal([0, 0], saved[1..]);
        Trainer alone = MakeTrainer(null, null);
        Assert.True(Checkpoint.LoadNewest(path, alone).WasLoaded);
        Assert.Equal(Epochs, alone.EpochCount);
    }

    [Fact]
    public void FileThatCannotBeWritten_IsReportedOnEveryRank()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.File("missing"), "run");
        ThreadCommunicator.Run(2, communicator =>
        {
            Trainer trainer = MakeTrainer(communicator, 4);
            IOException failure = Assert.ThrowsAny<IOException>(() => trainer.Save(path));
            if (communicator.Rank == 1)
            {
                Assert.StartsWith("Rank 0 could not write the checkpoint.", failure.Message, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void RankThatStops_StopsAllAfterTheSameStep()
    {
        (TrainingResult Result, long Steps)[] ranks = ThreadCommunicator.Run(3, communicator =>
        {
            Trainer trainer = MakeTrainer(communicator, 4);
            TrainingResult result = trainer.Train(10, new Immediately(progress =>
            {
                if (communicator.Rank == 1 && progress.Step == 5)
                {
                    trainer.Stop("good enough");
                }
            }));
            return (result, trainer.StepCount);
        });
        Assert.All(ranks, rank => Assert.Equal((TrainingOutcome.Stopped, "good enough", 5), (rank.Result.Outcome, rank.Result.StopReason, rank.Steps)));
    }

    [Fact]
    public void RankThatIsCancelled_CancelsAllAfterTheSameStep()
    {
        long[] steps = ThreadCommunicator.Run(3, communicator =>
        {
            using var cancellation = new CancellationTokenSource();
            Trainer trainer = MakeTrainer(communicator, 4);
            Assert.ThrowsAny<OperationCanceledException>(() => trainer.Train(
                10,
                new Immediately(progress =>
                {
                    if (communicator.Rank == 2 && progress.Step == 3)
                    {
                        cancellation.Cancel();
                    }
                }),
                cancellation.Token));
            return trainer.StepCount;
        });
        Assert.Equal([3, 3, 3], steps);
    }

    [Fact]
    public void CostThatDiverges_EndsAllAtTheSameStep()
    {
        (TrainingResult Result, long Steps)[] ranks = ThreadCommunicator.Run(3, communicator =>
        {
            Trainer trainer = MakeTrainer(communicator, 4, objective: (parameters, batch) => batch.Step == 4 && batch.Offset > 0 ? double.NaN : Objective(parameters, batch));
            return (trainer.Train(10), trainer.StepCount);
        });
        Assert.All(ranks, rank => Assert.Equal((TrainingOutcome.Diverged, 3), (rank.Result.Outcome, rank.Steps)));
    }

    [Fact]
    public void StepsOnTrial_LeaveNothing() => ThreadCommunicator.Run(3, communicator =>
    {
        Trainer trainer = MakeTrainer(communicator, 4);
        trainer.Train(1);
        byte[][] before = ContentsOf(trainer);
        trainer.Try([0.5, 0.25], _ => true, default);
        Assert.Equal(before, ContentsOf(trainer));
    });

    [Fact]
    public void GradientThatIsNotReproducible_IsFound()
    {
        Assert.Null(MakeTrainer(null, 4).FindGradientDifference());
        int calls = 0;
        Trainer other = MakeTrainer(null, 4, objective: (parameters, batch) =>
        {
            double cost = Objective(parameters, batch);
            parameters["v"].Gradients[7] += calls++ * 0.5f;
            return cost;
        });
        GradientDifference difference = other.FindGradientDifference()!;
        Assert.Equal(("v", "[7]"), (difference.ParameterName, difference.Position));
        Assert.Equal(0.5, difference.Second - difference.First, 3);
        Assert.StartsWith("The gradient of parameter 'v' at [7] is ", difference.ToString(), StringComparison.Ordinal);
        double count = 0;
        Assert.Null(MakeTrainer(null, 4, objective: (_, _) => count++).FindGradientDifference()!.ParameterName);
    }

    [Fact]
    public void CallbackThatReadsAllGradients_IsRefused() => ThreadCommunicator.Run(2, communicator =>
    {
        Trainer trainer = MakeTrainer(communicator, 4);
        trainer.Callbacks.Add(new RecordNorms<float>());
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => trainer.Train(1));
        Assert.Contains("reads the gradients of all parameters, of which each of the 2 ranks has its own part", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.StepCount);
    });

    [Fact]
    public void ShardCount_IsAtLeastOne() => Assert.Throws<ArgumentOutOfRangeException>(() => MakeTrainer(null, 0));

    private static Trainer MakeTrainer(ICommunicator? communicator, int? shardCount, Storage storage = Storage.Native, Objective<float>? objective = null)
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 20_000).Values.Fill(0.5f);
        parameters.Add("v", 50);
        parameters.AddBias("b", 3);
        var optimizer = new Adam(parameters, new OptimizerOptions { Communicator = communicator, StateStorage = storage }) { MaxGradientNorm = 5 };
        optimizer.AverageParameters(0.9);
        return new Trainer(optimizer, 41, objective ?? Objective)
        {
            BatchSize = 12, Seed = 3, WeightPenalty = 0.01, MicroBatchSize = 2, ShardCount = shardCount, Schedule = Schedule.InverseTime(0.1, 0.5),
        };
    }

    private static double Objective(ParameterSet<float> parameters, MiniBatch batch)
    {
        double cost = 0;
        foreach (Parameter<float> parameter in parameters)
        {
            Span<float> gradients = parameter.Gradients;
            ReadOnlySpan<float> values = parameter.Values;
            foreach (int example in batch.Examples)
            {
                for (int i = 0; i < gradients.Length; i++)
                {
                    float error = values[i] - (((example * 31) + i) % 17 / 17f);
                    gradients[i] += error / batch.Count;
                    cost += (double)error * error / 2 / batch.Count;
                }
            }
        }

        return cost;
    }

    private static byte[][] ContentsOf(Trainer<float> trainer)
    {
        var optimizer = trainer.Optimizer;
        return
        [
            .. optimizer.Parameters.Select(parameter => MemoryMarshal.AsBytes(parameter.Values).ToArray()),
            .. optimizer.Parameters.Select(parameter => MemoryMarshal.AsBytes(optimizer.GetState(parameter, "secondMoment")).ToArray()),
            .. optimizer.Parameters.Select(parameter => MemoryMarshal.AsBytes(optimizer.KeptAverage!.Of(parameter)).ToArray()),
            MemoryMarshal.AsBytes<double>([.. trainer.Curve.EpochMeans]).ToArray(),
            MemoryMarshal.AsBytes<long>([trainer.StepCount, trainer.EpochCount, trainer.Observations.Count]).ToArray(),
        ];
    }

    private sealed class Immediately(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
