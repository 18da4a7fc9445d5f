namespace OptimGen.Tests.Ranks;

/// <summary>The bits of a step do not depend on the number of ranks.</summary>
public class RankStepTests
{
    private const int ShardCount = 6;

    private static readonly int[] Sizes = [1, 2, 3, 4, 7];

    /// <summary>An even and an odd number, more ranks than shards: for what differs from the rules that go over all sizes in its arithmetic alone.</summary>
    private static readonly int[] FewSizes = [2, 7];

    private static readonly Dictionary<string, Func<ParameterSet, OptimizerOptions, Optimizer<float>>> Rules = new()
    {
        ["Adam"] = (parameters, options) => new Adam(parameters, options),
        ["AdamW"] = (parameters, options) => new AdamW(parameters, options) { WeightDecay = 0.1f },
        ["Lamb"] = (parameters, options) => new Lamb(parameters, options),
        ["Lars"] = (parameters, options) => new Lars(parameters, options),
        ["Prodigy"] = (parameters, options) => new Prodigy(parameters, options),
        ["Adafactor"] = (parameters, options) => new Adafactor(parameters, options),
        ["NovoGrad"] = (parameters, options) => new NovoGrad(parameters, options),
        ["ScheduleFreeAdamW"] = (parameters, options) => new ScheduleFreeAdamW(parameters, options),
        ["Madgrad"] = (parameters, options) => new Madgrad(parameters, options),
        ["AdamInBlocks"] = (parameters, options) => new AdamInBlocks(parameters, options),
        ["Sgd"] = (parameters, options) => new Sgd(parameters, options),
    };

    public static TheoryData<string> RuleNames => [.. Rules.Keys];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Step_HasTheSameBits(string rule) =>
        RequireSameBits(Rules[rule], new OptimizerOptions(), _ => { }, rule is "Adam" or "Lamb" or "Prodigy" ? Sizes : FewSizes);

    [Theory]
    [InlineData("Adam")]
    [InlineData("Lamb")]
    public void StepThatClips_HasTheSameBits(string rule) => RequireSameBits(Rules[rule], new OptimizerOptions(), optimizer =>
    {
        (optimizer.MaxGradientNorm, optimizer.GradientScale, optimizer.MaxGradientValue) = (0.7, 0.5, 0.01);
        optimizer.ZeroGradientsAfterStep = true;
    });

    [Theory]
    [InlineData("Adam", Storage.BFloat16)]
    [InlineData("Adam", Storage.Block8)]
    [InlineData("Lamb", Storage.Block8)]
    [InlineData("ScheduleFreeAdamW", Storage.BFloat16)]
    public void StepOfStoredStates_HasTheSameBits(string rule, Storage storage) => RequireSameBits(
        Rules[rule], new OptimizerOptions { StateStorage = storage, StateRounding = StorageRounding.Stochastic, RoundingSeed = 5 }, _ => { });

    /// <summary>Values in bfloat16, which are exchanged so, beside others in single precision.</summary>
    [Theory]
    [InlineData("Adam", Storage.Native, BFloat16Update.Stochastic)]
    [InlineData("AdamW", Storage.Block8, BFloat16Update.Stochastic)]
    [InlineData("Lamb", Storage.BFloat16, BFloat16Update.Nearest)]
    [InlineData("Lamb", Storage.Native, BFloat16Update.Kahan)]
    [InlineData("Adam", Storage.Block8, BFloat16Update.Split)]
    [InlineData("ScheduleFreeAdamW", Storage.BFloat16, BFloat16Update.Master)]
    [InlineData("ScheduleFreeAdamW", Storage.Native, BFloat16Update.Stochastic)]
    public void StepOfBFloat16Values_HasTheSameBits(string rule, Storage states, BFloat16Update update) => RequireSameBits(
        Rules[rule], new OptimizerOptions { StateStorage = states, RoundingSeed = 5, BFloat16Update = update }, optimizer => optimizer.AverageParameters(0.9),
        storage: new ParameterStorage { Values = Storage.BFloat16 });

    /// <summary>A sum is rounded to the form of the gradients, in one process and by the rank that owns it.</summary>
    [Theory]
    [InlineData("Lamb", Storage.Native, NonFiniteGradientPolicy.Throw)]
    [InlineData("Adam", Storage.BFloat16, NonFiniteGradientPolicy.StepFinitePieces)]
    public void StepOfBFloat16Gradients_HasTheSameBits(string rule, Storage values, NonFiniteGradientPolicy policy) => RequireSameBits(
        Rules[rule],
        new OptimizerOptions { RoundingSeed = 5 },
        optimizer => (optimizer.NonFiniteGradients, optimizer.ZeroGradientsAfterStep, optimizer.MaxGradientNorm) =
            (policy, true, policy == NonFiniteGradientPolicy.Throw ? 0.5 : null),
        storage: new ParameterStorage { Values = values, Gradients = Storage.BFloat16 });

    /// <summary>The addends of the ranks and shards are parts of what is summed, once.</summary>
    [Theory]
    [InlineData(false, false), InlineData(true, false), InlineData(false, true)]
    public void StepOverAddends_IsThatOverTheirSum(bool zeroes, bool areGradientsInBFloat16)
    {
        ParameterStorage storage = new() { Gradients = areGradientsInBFloat16 ? Storage.BFloat16 : Storage.Native };
        byte[][] expected = Run(null, hasAddend: false, new ParameterStorage());
        byte[][] alone = Run(null, hasAddend: true, storage);
        if (!areGradientsInBFloat16)
        {
            Assert.Equal(expected, alone);
        }

        foreach (int size in Sizes)
        {
            Assert.All(ThreadCommunicator.Run(size, communicator => Run(communicator, hasAddend: true, storage)), rank => Assert.Equal(alone, rank));
        }

        byte[][] Run(ICommunicator? communicator, bool hasAddend, ParameterStorage storage)
        {
            ParameterSet parameters = ShardedRun.MakeParameters(storage);
            GradientAddend<float>? addend = hasAddend ? parameters.AddGradients() : null;
            var optimizer = new Lamb(parameters, new OptimizerOptions { Communicator = communicator }) { MaxGradientNorm = 0.5, ZeroGradientsAfterStep = zeroes };
            ShardedRun run = new ShardedRun(parameters, optimizer, ShardCount) { AddsTwo = true }.Take();
            if (addend is not null && run.Shards.Own.Any())
            {
                Assert.All(parameters, parameter => Assert.Equal(zeroes, addend.Of(parameter).IndexOfAnyExcept(0) < 0));
            }

            return run.Contents();
        }
    }

    [Fact]
    public void StepWithAnAverage_HasTheSameBits() => RequireSameBits(Rules["Adam"], new OptimizerOptions(), optimizer => optimizer.AverageParameters(0.9));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(13)]
    public void NumberOfShards_NeedNotBeThatOfRanks(int shardCount)
    {
        byte[][] alone = Run(Rules["Adam"], new OptimizerOptions(), _ => { }, shardCount);
        foreach (byte[][] rank in ThreadCommunicator.Run(7, communicator => Run(Rules["Adam"], new OptimizerOptions { Communicator = communicator }, _ => { }, shardCount)))
        {
            Assert.Equal(alone, rank);
        }
    }

    [Fact]
    public void GradientsOfRanks_AreTheLeavesOfAStepWithoutShards()
    {
        byte[][] alone = Run(Rules["Lamb"], new OptimizerOptions(), _ => { }, shardCount: 3);
        byte[][][] ranks = ThreadCommunicator.Run(3, communicator =>
        {
            // One shard for each rank: what the rank adds with the weight is what it has in its gradients here.
            ShardedRun run = Make(Rules["Lamb"], new OptimizerOptions { Communicator = communicator }, _ => { }, shardCount: 3);
            for (int i = 0; i < ShardedRun.Steps; i++)
            {
                run.AddShards();
                run.Shards.Clear();
                foreach (Parameter<float> parameter in run.Parameters)
                {
                    Span<float> gradients = parameter.Gradients;
                    for (int element = 0; element < gradients.Length; element++)
                    {
                        gradients[element] *= (float)(1.0 / 3);
                    }
                }

                run.Optimizer.Step();
            }

            return run.Contents();
        });
        // The costs and results of the steps come last.
        Assert.All(ranks, rank => Assert.Equal(alone[..^ShardedRun.Steps], rank));
    }

    [Fact]
    public void States_AreKeptOnceByAllRanksTogether()
    {
        long alone = new Adam(ShardedRun.MakeParameters()).StateBytes;
        long[] bytes = ThreadCommunicator.Run(4, communicator => new Adam(ShardedRun.MakeParameters(), new OptimizerOptions { Communicator = communicator }).StateBytes);
        Assert.InRange(bytes.Sum(), 0, alone);
        // Pieces have up to 64 KiB, and there are two states.
        Assert.All(bytes, one => Assert.InRange(one, alone / 4 - 131_072, alone / 4 + 131_072));
    }

    [Fact]
    public void StateThatIsSet_IsReadBackOnEveryRank() => ThreadCommunicator.Run(3, communicator =>
    {
        ParameterSet parameters = ShardedRun.MakeParameters();
        var optimizer = new Adam(parameters, new OptimizerOptions { Communicator = communicator });
        float[] values = [.. Enumerable.Range(0, parameters["b"].Length).Select(i => (float)i)];
        optimizer.SetState(parameters["b"], "firstMoment", values);
        Assert.Equal(values, optimizer.GetState(parameters["b"], "firstMoment").ToArray());
    });

    private static void RequireSameBits(
        Func<ParameterSet, OptimizerOptions, Optimizer<float>> make, OptimizerOptions options, Action<Optimizer<float>> set, int[]? sizes = null,
        ParameterStorage? storage = null)
    {
        byte[][] alone = Run(make, options, set, ShardCount, storage);
        foreach (int size in sizes ?? FewSizes)
        {
            byte[][][] ranks = ThreadCommunicator.Run(size, communicator => Run(make, options with { Communicator = communicator }, set, ShardCount, storage));
            Assert.All(ranks, rank => Assert.Equal(alone, rank));
        }
    }

    private static byte[][] Run(
        Func<ParameterSet, OptimizerOptions, Optimizer<float>> make, OptimizerOptions options, Action<Optimizer<float>> set, int shardCount,
        ParameterStorage? storage = null) => Make(make, options, set, shardCount, storage).Take().Contents();

    private static ShardedRun Make(
        Func<ParameterSet, OptimizerOptions, Optimizer<float>> make, OptimizerOptions options, Action<Optimizer<float>> set, int shardCount,
        ParameterStorage? storage = null)
    {
        ParameterSet parameters = ShardedRun.MakeParameters(storage);
        Optimizer<float> optimizer = make(parameters, options);
        optimizer.SetHyperparameter(parameters.Groups[1], "LearningRateScale", 0.25);
        set(optimizer);
        return new ShardedRun(parameters, optimizer, shardCount);
    }
}
