namespace OptimGen.Tests.Ranks;

/// <summary>What refuses a step refuses it on all ranks, before the first store.</summary>
public class RankRefusalTests
{
    private const int Size = 3;

    [Theory]
    [InlineData(NonFiniteGradientPolicy.Throw, null)]
    [InlineData(NonFiniteGradientPolicy.Throw, 1.0)]
    public void GradientThatIsNotFinite_IsNamedOnAllRanks(NonFiniteGradientPolicy policy, double? maxNorm)
    {
        Exception[] refusals = ThreadCommunicator.Run(Size, communicator =>
        {
            ShardedRun run = Make(communicator, policy, maxNorm);
            byte[][] before = run.Contents();
            AddShardsWithNaN(run, "b", 30_000);
            Exception refusal = Assert.Throws<NonFiniteGradientException>(() => run.Shards.Step());
            Assert.Equal(before, new ShardedRun(run.Parameters, run.Optimizer, 1).Contents());
            Assert.Equal(0, run.Optimizer.StepCount);
            return refusal;
        });
        Assert.All(refusals, refusal => Assert.Equal("The gradient of parameter 'b' at [200, 0] is NaN. The step was refused; parameters and state are unchanged.", refusal.Message));
    }

    [Fact]
    public void StepIsSkipped_OnAllRanks()
    {
        StepResult[] results = ThreadCommunicator.Run(Size, communicator =>
        {
            ShardedRun run = Make(communicator, NonFiniteGradientPolicy.SkipStep);
            AddShardsWithNaN(run, "one", 0);
            return run.Shards.Step();
        });
        Assert.All(results, result => Assert.Equal((false, "one"), (result.WasTaken, result.NonFiniteGradient!.ParameterName)));
    }

    [Theory]
    [InlineData("a", 16_390)]
    [InlineData("a.bias", 3)]
    [InlineData("b", 44_999)]
    [InlineData("wrapped", 16_388)]
    public void PiecesThatAreNotFinite_AreSkippedAsInOneProcess(string parameter, int element)
    {
        (byte[][] Contents, string Message, SkippedRange[] Ranges) alone = StepFinitePieces(null, parameter, element);
        Assert.NotEmpty(alone.Ranges);
        foreach (int size in (int[])[2, 3, 4, 7])
        {
            foreach ((byte[][] contents, string message, SkippedRange[] ranges) in ThreadCommunicator.Run(size, communicator => StepFinitePieces(communicator, parameter, element)))
            {
                Assert.Equal(alone.Message, message);
                Assert.Equal(alone.Ranges, ranges);
                Assert.Equal(alone.Contents, contents);
            }
        }
    }

    [Fact]
    public void HyperparameterThatOneRankRefuses_IsNamedOnAll()
    {
        string[] messages = ThreadCommunicator.Run(Size, communicator =>
        {
            ShardedRun run = Make(communicator, NonFiniteGradientPolicy.Throw);
            if (communicator.Rank == 1)
            {
                // Each is allowed, and their product is not finite.
                ((Adam)run.Optimizer).LearningRate = 1e20f;
                run.Optimizer.SetHyperparameter(run.Parameters.Groups[1], "LearningRateScale", 1e30);
            }

            run.AddShards();
            InvalidOperationException refusal = Assert.ThrowsAny<InvalidOperationException>(() => run.Shards.Step());
            Assert.Equal(0, run.Optimizer.StepCount);
            return refusal.Message;
        });
        Assert.All(messages, message => Assert.Contains("LearningRate", message, StringComparison.Ordinal));
        Assert.StartsWith("Rank 1 refuses the step: ", messages[0], StringComparison.Ordinal);
        Assert.StartsWith("Rank 1 refuses the step: ", messages[2], StringComparison.Ordinal);
    }

    [Fact]
    public void SettingThatDiffers_IsNamedOnAll()
    {
        string[] messages = ThreadCommunicator.Run(Size, communicator =>
        {
            ShardedRun run = Make(communicator, NonFiniteGradientPolicy.Throw);
            if (communicator.Rank == 2)
            {
                ((Adam)run.Optimizer).Beta1 = 0.5f;
            }

            run.AddShards();
            return Assert.Throws<InvalidOperationException>(() => run.Shards.Step()).Message;
        });
        Assert.All(messages, message => Assert.Equal(
            "The ranks have different settings: Beta1 is 0.9 on rank 0, and Beta1 is 0.5 on rank 2. The step was refused on all.", message));
    }

    [Fact]
    public void ParametersThatDiffer_AreRefused()
    {
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(2, communicator =>
        {
            var parameters = new ParameterSet();
            parameters.Add("w", 3);
            parameters.Add("v", 4 + communicator.Rank);
            _ = new Adam(parameters, new OptimizerOptions { Communicator = communicator });
        }));
        Assert.Contains("number 2 is v[4] of group 'default' on rank 0, and v[5] of group 'default' on rank 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptimizersThatDiffer_AreRefused()
    {
        Assert.Contains("AdamEpsilonHat with the fingerprint", Difference((parameters, options) => new AdamEpsilonHat(parameters, options) { Epsilon = 1e-8f }), StringComparison.Ordinal);
        Assert.Contains("in Block8 with the declared rounding on rank 1", Difference((parameters, options) => new Adam(parameters, options with { StateStorage = Storage.Block8 })), StringComparison.Ordinal);

        static string Difference(Func<ParameterSet, OptimizerOptions, Optimizer<float>> makeOther)
        {
            var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(2, communicator =>
            {
                var parameters = new ParameterSet();
                parameters.Add("w", 3);
                var options = new OptimizerOptions { Communicator = communicator };
                _ = communicator.Rank == 0 ? new Adam(parameters, options) : makeOther(parameters, options);
            }));
            Assert.Contains("The ranks have different optimizers: Adam with the fingerprint", failure.Message, StringComparison.Ordinal);
            return failure.Message;
        }
    }

    /// <summary>Ranks that begin with other random values would compute the first gradients at other points, and have the same values after.</summary>
    [Fact]
    public void ValuesThatDiffer_RefuseTheFirstStep_OnAllRanks()
    {
        string[] messages = ThreadCommunicator.Run(Size, communicator =>
        {
            ShardedRun run = Make(communicator, NonFiniteGradientPolicy.Throw);
            float value = run.Parameters["b"].Values[^1];
            run.Parameters["b"].Values[^1] += communicator.Rank == 2 ? 1 : 0;
            run.AddShards();
            string message = Assert.Throws<InvalidOperationException>(() => run.Shards.Step()).Message;
            Assert.Equal(0, run.Optimizer.StepCount);
            run.Parameters["b"].Values[^1] = value;
            run.AddShards();
            Assert.True(run.Shards.Step().WasTaken);
            return message;
        });
        Assert.All(messages, message => Assert.Matches(
            @"^The ranks have different settings: the hash of the values of 'b' is \d+ on rank 0, and the hash of the values of 'b' is \d+ on rank 2\. The step was refused on all\.$", message));
    }

    [Fact]
    public void FormsThatDiffer_AreRefused()
    {
        var failure = Assert.Throws<RankFailedException>(() => ThreadCommunicator.Run(2, communicator =>
        {
            var parameters = new ParameterSet();
            parameters.Add("w", new ParameterStorage { Values = communicator.Rank == 1 ? Storage.BFloat16 : Storage.Native }, 3);
            _ = new Adam(parameters, new OptimizerOptions { Communicator = communicator });
        }));
        Assert.Contains("number 1 is w[3] of group 'default' on rank 0, and w[3] in BFloat16 of group 'default' on rank 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CostThatIsNotFinite_ComesToAllRanks_AndTheNextSumIsRight()
    {
        double[] costs = ThreadCommunicator.Run(Size, communicator =>
        {
            ShardedRun run = Make(communicator, NonFiniteGradientPolicy.Throw);
            foreach (int shard in run.Shards.Own)
            {
                run.Shards.Add(shard, cost: shard == 4 ? double.PositiveInfinity : 1);
            }

            double cost = run.Shards.Reduce();
            run.Take(1);
            Assert.True(double.IsFinite(run.Results[0].Cost));
            return cost;
        });
        Assert.All(costs, cost => Assert.Equal(double.PositiveInfinity, cost));
    }

    [Fact]
    public void Shards_AreAddedInTheirOrder_EachOnce()
    {
        ParameterSet parameters = ShardedRun.MakeParameters();
        var optimizer = new Sgd(parameters);
        var shards = new GradientShards<float>(optimizer, 2);
        Assert.Contains("0 is the next", Assert.Throws<InvalidOperationException>(() => shards.Add(1)).Message, StringComparison.Ordinal);
        shards.Add(0);
        Assert.Contains("Shard 1 has not been added", Assert.Throws<InvalidOperationException>(() => shards.Step()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => shards.Add(1, double.NaN));
        shards.Add(1);
        Assert.Contains("all shards of this rank have been added", Assert.Throws<InvalidOperationException>(() => shards.Add(2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientShards<float>(optimizer, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => shards.ExamplesOf(2, 10));
        Assert.Equal([(0, 2), (2, 3)], new[] { 0, 1 }.Select(shard => shards.ExamplesOf(shard, 5)));
        Assert.Throws<ArithmeticException>(() =>
        {
            shards.Clear();
            shards.Add(0, cost: double.NaN);
            shards.Add(1);
            shards.Step();
        });
        Assert.Equal(0, optimizer.StepCount);
    }

    private static (byte[][] Contents, string Message, SkippedRange[] Ranges) StepFinitePieces(ICommunicator? communicator, string parameter, int element)
    {
        ShardedRun run = Make(communicator, NonFiniteGradientPolicy.StepFinitePieces);
        run.Take(1);
        AddShardsWithNaN(run, parameter, element);
        NonFiniteGradientException refusal = Assert.Throws<NonFiniteGradientException>(() => run.Shards.Step());
        return (run.Contents(), refusal.Message, [.. refusal.SkippedRanges]);
    }

    private static ShardedRun Make(ICommunicator? communicator, NonFiniteGradientPolicy policy, double? maxNorm = null)
    {
        ParameterSet parameters = ShardedRun.MakeParameters();
        var optimizer = new Adam(parameters, new OptimizerOptions { Communicator = communicator }) { NonFiniteGradients = policy, MaxGradientNorm = maxNorm };
        return new ShardedRun(parameters, optimizer, shardCount: 6);
    }

    /// <summary>Adds this rank's shards; in the gradient of shard 2 an element is NaN.</summary>
    private static void AddShardsWithNaN(ShardedRun run, string parameter, int element)
    {
        foreach (int shard in run.Shards.Own)
        {
            run.Parameters.ZeroGradients();
            run.Parameters[parameter].Gradients[element] = shard == 2 ? float.NaN : 1;
            run.Shards.Add(shard);
        }
    }
}
