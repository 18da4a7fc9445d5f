using OptimGen.Tests.Checkpoints;

namespace OptimGen.Tests.Ranks;

/// <summary>A checkpoint does not know the number of ranks.</summary>
public class RankCheckpointTests
{
    private static readonly Dictionary<string, Func<ParameterSet, OptimizerOptions, Optimizer<float>>> Rules = new()
    {
        // With reductions, scalar states of groups, a state that starts as a copy of the parameters, and scalar states of tensors.
        ["Lamb"] = (parameters, options) => new Lamb(parameters, options),
        ["Prodigy"] = (parameters, options) => new Prodigy(parameters, options),
        ["ScheduleFreeAdamW"] = (parameters, options) => new ScheduleFreeAdamW(parameters, options),
        ["NovoGrad"] = (parameters, options) => new NovoGrad(parameters, options),
    };

    public static IEnumerable<object[]> Cases => Rules.Keys.SelectMany(rule => Enum.GetValues<Storage>().Select(storage => new object[] { rule, storage }));

    [Theory]
    [MemberData(nameof(Cases))]
    public void File_IsThatOfOneProcess_AndEveryRankLoadsItsPart(string rule, Storage storage)
    {
        using var folder = new TemporaryFolder();
        ShardedRun alone = Make(rule, storage, null).Take(1);
        Checkpoint.Save(folder.File("alone"), alone.Optimizer);
        ThreadCommunicator.Run(4, communicator => Checkpoint.Save(folder.File("ranks"), Make(rule, storage, communicator).Take(1).Optimizer));
        Assert.Equal(File.ReadAllBytes(folder.File("alone")), File.ReadAllBytes(folder.File("ranks")));

        float[][] values = [.. alone.Parameters.Select(parameter => parameter.Values.ToArray())];
        alone.Results.Clear();
        byte[][] expected = alone.Take(1).Contents();
        byte[][][] resumed = ThreadCommunicator.Run(3, communicator =>
        {
            ShardedRun run = Make(rule, storage, communicator);
            Checkpoint.Load(folder.File("ranks"), run.Optimizer);
            for (int i = 0; i < values.Length; i++)
            {
                values[i].CopyTo(run.Parameters[i].Values);
            }

            return run.Take(1).Contents();
        });
        Assert.All(resumed, rank => Assert.Equal(expected, rank));
    }

    /// <summary>What is kept beside values in bfloat16 belongs to the rank that updates them.</summary>
    [Theory]
    [InlineData(BFloat16Update.Kahan), InlineData(BFloat16Update.Split), InlineData(BFloat16Update.Master)]
    public void WhatIsKeptBesideValues_IsSavedWhole(BFloat16Update update)
    {
        using var folder = new TemporaryFolder();
        ShardedRun alone = Make(null).Take(1);
        Save("alone", alone);
        ThreadCommunicator.Run(4, communicator => Save("ranks", Make(communicator).Take(1)));
        Assert.Equal(File.ReadAllBytes(folder.File("alone")), File.ReadAllBytes(folder.File("ranks")));

        alone.Results.Clear();
        byte[][] expected = alone.Take(2).Contents();
        Assert.All(
            ThreadCommunicator.Run(3, communicator =>
            {
                ShardedRun run = Make(communicator);
                Checkpoint.Load(folder.File("ranks.values"), run.Parameters);
                Checkpoint.Load(folder.File("ranks"), run.Optimizer);
                return run.Take(2).Contents();
            }),
            rank => Assert.Equal(expected, rank));

        void Save(string name, ShardedRun run)
        {
            Checkpoint.Save(folder.File(name), run.Optimizer);
            if (run.Optimizer.Ranks is not { Slices.Rank: > 0 })
            {
                Checkpoint.Save(folder.File(name + ".values"), run.Parameters);
            }
        }

        ShardedRun Make(ICommunicator? communicator)
        {
            ParameterSet parameters = ShardedRun.MakeParameters(new ParameterStorage { Values = Storage.BFloat16 });
            return new ShardedRun(parameters, new Adam(parameters, new OptimizerOptions { BFloat16Update = update, Communicator = communicator }), shardCount: 5);
        }
    }

    [Fact]
    public void Stream_GetsTheWholeOnEveryRank()
    {
        byte[] alone = Saved(null);
        Assert.All(ThreadCommunicator.Run(3, Saved), rank => Assert.Equal(alone, rank));

        static byte[] Saved(ICommunicator? communicator)
        {
            using var stream = new MemoryStream();
            Make("Lamb", Storage.Block8, communicator).Take(1).Optimizer.SaveState(stream);
            return stream.ToArray();
        }
    }

    [Fact]
    public void SavingAsynchronously_IsRefused()
    {
        using var folder = new TemporaryFolder();
        ThreadCommunicator.Run(2, communicator =>
        {
            Optimizer<float> optimizer = Make("Lamb", Storage.Native, communicator).Optimizer;
            Assert.Contains("2 ranks", Assert.Throws<NotSupportedException>(() => { _ = Checkpoint.SaveAsync(folder.File("ranks"), optimizer); }).Message, StringComparison.Ordinal);
        });
    }

    private static ShardedRun Make(string rule, Storage storage, ICommunicator? communicator)
    {
        ParameterSet parameters = ShardedRun.MakeParameters();
        var options = new OptimizerOptions { StateStorage = storage, StateRounding = StorageRounding.Stochastic, RoundingSeed = 9, Communicator = communicator };
        return new ShardedRun(parameters, Rules[rule](parameters, options), shardCount: 5);
    }
}
