using System.Buffers;
using System.Runtime.InteropServices;
using OptimGen.RandomRules;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.StateStorage;

/// <summary>
/// A step over parameters in bfloat16 is: the number that the parameter stands for, by the definition of its update, the rule in single precision, and the
/// definition again (<see cref="BFloat16Comparison"/>).
/// </summary>
public sealed class BFloat16ParameterTests
{
    private static readonly ParameterStorage[] Storages =
    [
        ParameterStorage.BFloat16, new() { Values = Storage.BFloat16 }, new() { Gradients = Storage.BFloat16 },
    ];

    public static TheoryData<string, BFloat16Update> CatalogueWithEveryUpdate
    {
        get
        {
            var data = new TheoryData<string, BFloat16Update>();
            foreach (Type type in typeof(Optimizer).Assembly.GetExportedTypes().Where(StoredStateTests.HasStatesOfElements).OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                foreach (BFloat16Update update in Enum.GetValues<BFloat16Update>())
                {
                    data.Add(type.Name, update);
                }
            }

            return data;
        }
    }

    public static TheoryData<BFloat16Update> Updates => new(Enum.GetValues<BFloat16Update>());

    [Theory]
    [MemberData(nameof(CatalogueWithEveryUpdate))]
    public void EveryShippedOptimizerIsItsRuleBetweenDecodingAndEncoding(string name, BFloat16Update update)
    {
        Type type = typeof(Optimizer).Assembly.GetType("OptimGen." + name)!;
        foreach ((ParameterStorage storage, Storage states) in Storages.SelectMany(storage => Enum.GetValues<Storage>().Select(states => (storage, states))))
        {
            string? difference = BFloat16Comparison.Run(
                (parameters, options) => (Optimizer<float>)Activator.CreateInstance(type, parameters, options with { StateStorage = states })!,
                update, storage, [1, 31, 256, 600, states == Storage.Native ? 3 : 2700], steps: 3);
            Assert.True(difference is null, $"{storage}, states in {states}: {difference}");
        }
    }

    /// <summary>Clipping by norm, an average and zeroed gradients too; long enough for pieces to be shared among threads.</summary>
    [Theory, MemberData(nameof(Updates))]
    public void BitsDependNeitherOnInstructionSetNorOnThreads(BFloat16Update update)
    {
        foreach (Storage states in Enum.GetValues<Storage>())
        {
            byte[] expected = Trained(update, states, InstructionSet.Scalar, 1);
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                Assert.Equal(expected, Trained(update, states, set, 1));
                Assert.Equal(expected, Trained(update, states, set, 2));
            }
        }
    }

    [Theory, MemberData(nameof(Updates))]
    public void ARunThatIsResumedGoesOnWithTheSameBits(BFloat16Update update)
    {
        (ParameterSet parameters, AdamW optimizer) = Make(update, 3000);
        Train(optimizer, 0, 3);
        using var saved = new MemoryStream();
        optimizer.SaveState(saved);
        using var values = new MemoryStream();
        Checkpoint.Save(values, parameters);
        Train(optimizer, 3, 6);

        (ParameterSet others, AdamW resumed) = Make(update, 3000);
        saved.Position = 0;
        resumed.LoadState(saved);
        values.Position = 0;
        Checkpoint.Load(values, others);
        Train(resumed, 3, 6);
        Assert.Equal(Contents(optimizer), Contents(resumed));
    }

    [Fact]
    public void ACheckpointOfAnotherUpdateIsRefused()
    {
        (_, AdamW optimizer) = Make(BFloat16Update.Kahan, 300);
        using var saved = new MemoryStream();
        optimizer.SaveState(saved);
        saved.Position = 0;
        (_, AdamW other) = Make(BFloat16Update.Split, 300);
        string message = Assert.Throws<CheckpointException>(() => other.LoadState(saved)).Message;
        Assert.Contains("Kahan", message, StringComparison.Ordinal);
        Assert.Contains("Split", message, StringComparison.Ordinal);
    }

    /// <summary>From values that bfloat16 has, the two halves together go the way of single precision.</summary>
    [Fact]
    public void ASplitParameterLosesNothing()
    {
        (ParameterSet parameters, AdamW optimizer) = Make(BFloat16Update.Split, 700);
        var singles = new ParameterSet();
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.CopyValuesTo(singles.Add(parameter.Name, parameter.Length).Values);
        }

        var rule = new AdamW(singles) { LearningRate = optimizer.LearningRate };
        for (int step = 0; step < 50; step++)
        {
            Fill(parameters, step);
            for (int i = 0; i < singles.Count; i++)
            {
                parameters[i].CopyGradientsTo(singles[i].Gradients);
            }

            optimizer.Step();
            rule.Step();
        }

        for (int i = 0; i < singles.Count; i++)
        {
            Assert.Equal(
                MemoryMarshal.Cast<float, uint>(singles[i].Values).ToArray().Select(bits => (ushort)(bits >> 16)),
                parameters[i].BFloat16Values.ToArray().Select(value => value.Bits));
        }
    }

    /// <summary>A change of a hundredth of a unit in the last place: to nearest it is lost, and otherwise it adds up.</summary>
    [Theory, MemberData(nameof(Updates))]
    public void SmallChangesAddUp(BFloat16Update update)
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", ParameterStorage.BFloat16, 4096);
        weights.BFloat16Values.Fill(BFloat16.FromSingle(1));
        weights.BFloat16Gradients.Fill(BFloat16.FromSingle(-1));
        var optimizer = new Sgd(parameters, new OptimizerOptions { BFloat16Update = update }) { LearningRate = 1f / 12800 };
        for (int step = 0; step < 400; step++)
        {
            optimizer.Step();
        }

        var values = new float[weights.Length];
        weights.CopyValuesTo(values);
        double mean = values.Average(value => (double)value);
        if (update == BFloat16Update.Nearest)
        {
            Assert.Equal(1, mean);
        }
        else
        {
            // 1 + 400/12800. The mean of 4,096 stochastic ones has a standard error of about 2e-4; a remainder in bfloat16 loses a part of a unit; the upper
            // half of a float is truncated.
            Assert.InRange(mean, 1.03125 - (update == BFloat16Update.Split ? 1f / 128 : 0.002), 1.03125 + 0.002);
        }
    }

    [Fact]
    public void AValueThatIsSetTakesThePlaceOfTheMasterAndOfTheRemainder()
    {
        foreach (BFloat16Update update in new[] { BFloat16Update.Master, BFloat16Update.Kahan })
        {
            var parameters = new ParameterSet();
            Parameter<float> weights = parameters.Add("weights", ParameterStorage.BFloat16, 300);
            weights.BFloat16Values.Fill(BFloat16.FromSingle(1));
            var optimizer = new Sgd(parameters, new OptimizerOptions { BFloat16Update = update }) { LearningRate = 0.001f };
            weights.BFloat16Gradients.Fill(BFloat16.FromSingle(1));
            optimizer.Step();
            weights.BFloat16Values[7] = BFloat16.FromSingle(0);
            weights.BFloat16Gradients.Clear();
            optimizer.Step();
            Assert.Equal(0, weights.BFloat16Values[7].Bits);
        }
    }

    [Fact]
    public void GradientsThatAreNotFiniteAreRefused_AndChangeNothing()
    {
        (ParameterSet parameters, AdamW optimizer) = Make(BFloat16Update.Kahan, 600);
        Fill(parameters, 1);
        byte[] before = Contents(optimizer);
        parameters[0].BFloat16Gradients[599] = BFloat16.FromSingle(float.NegativeInfinity);
        NonFiniteGradientException refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Contains("tensor600", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("599", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents(optimizer));

        NonFiniteGradientPolicy usual = optimizer.NonFiniteGradients;
        (optimizer.MaxGradientNorm, optimizer.NonFiniteGradients) = (1, NonFiniteGradientPolicy.SkipStep);
        Assert.False(optimizer.Step().WasTaken);
        optimizer.MaxGradientNorm = null;
        Assert.False(optimizer.Step().WasTaken);
        optimizer.NonFiniteGradients = usual;
        Assert.Equal(before, Contents(optimizer));

        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces;
        SkippedRange skipped = Assert.Single(Assert.Throws<NonFiniteGradientException>(() => optimizer.Step()).SkippedRanges);
        Assert.Equal(new SkippedRange("tensor600", 0, 600), skipped);

        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        optimizer.Step();
        Assert.True(float.IsNaN(parameters[0].BFloat16Values[599]));
    }

    [Theory, MemberData(nameof(Updates))]
    public void InfinityStaysInfinite(BFloat16Update update)
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", ParameterStorage.BFloat16, 40);
        weights.BFloat16Values.Fill(BFloat16.FromSingle(float.NegativeInfinity));
        weights.BFloat16Gradients.Fill(BFloat16.FromSingle(1));
        var optimizer = new Descent(parameters, new OptimizerOptions { BFloat16Update = update });
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step();
            Assert.All(weights.BFloat16Values.ToArray(), value => Assert.Equal(float.NegativeInfinity, value.ToSingle()));
        }
    }

    [Fact]
    public void AnAverageIsKeptInSinglePrecision_AndPutBack()
    {
        (ParameterSet parameters, AdamW optimizer) = Make(BFloat16Update.Stochastic, 500);
        ParameterAverage<float> average = optimizer.AverageParameters(0.75);
        Train(optimizer, 0, 5);
        ushort[] values = Codes(parameters[0].BFloat16Values);
        float[] averages = average.Of(parameters[0]).ToArray();
        Assert.Contains(averages, one => one != BFloat16.FromSingle(one));
        for (int times = 0; times < 2; times++)
        {
            using (average.Evaluate())
            {
                Assert.Equal(averages.Select(one => BFloat16.FromSingle(one).Bits), Codes(parameters[0].BFloat16Values));
            }

            Assert.Equal(values, Codes(parameters[0].BFloat16Values));
            Assert.Equal(averages, average.Of(parameters[0]).ToArray());
        }
    }

    [Fact]
    public void ATrainerTrainsThem_WithMicroBatchesPenaltyAndNorms()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", ParameterStorage.BFloat16, 64);
        weights.BFloat16Values.Fill(BFloat16.FromSingle(2));
        var optimizer = new Adam(parameters, new OptimizerOptions { StateStorage = Storage.Block8 }) { LearningRate = 0.05f };
        var trainer = new Trainer(optimizer, exampleCount: 64, (_, batch) =>
        {
            double cost = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                float value = weights.BFloat16Values[i] - 0.5f;
                cost += value * value / 2 / weights.Length;
                weights.BFloat16Gradients[i] = BFloat16.FromSingle(value);
            }

            return cost;
        });
        (trainer.BatchSize, trainer.MicroBatchSize, trainer.WeightPenalty) = (16, 8, 1e-4);
        trainer.Callbacks.Add(new RecordNorms<float>());
        TrainingResult result = trainer.Train(40);
        Assert.True(result.Curve.Costs[^1] < 0.001, $"{result.Curve.Costs[^1]}");
    }

    [Fact]
    public void MemoryOfAnotherOwnerIsSteppedInPlace()
    {
        var values = new BFloat16[500];
        var gradients = new BFloat16[500];
        Array.Fill(gradients, BFloat16.FromSingle(1));
        using var manager = new ForeignNumbers(values);
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Wrap("weights", new ParameterMemory<float>(manager.Memory, gradients.AsMemory()), 5, 100);
        Assert.Equal((Storage.BFloat16, Storage.BFloat16), (weights.ValueStorage, weights.GradientStorage));
        var optimizer = new Sgd(parameters) { LearningRate = 0.5f };
        optimizer.Step();
        Assert.All(values, value => Assert.Equal(-0.5f, value.ToSingle()));

        manager.IsClosed = true;
        Assert.Contains("weights", Assert.Throws<InvalidOperationException>(() => optimizer.Step()).Message, StringComparison.Ordinal);
        Assert.All(values, value => Assert.Equal(-0.5f, value.ToSingle()));
    }

    [Fact]
    public void MisuseIsRefusedByName()
    {
        var memory = new BFloat16[100];
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", ParameterStorage.BFloat16, 10), bias = parameters.AddBias("bias", 10);
        Assert.Contains(nameof(Parameter<float>.BFloat16Values), Assert.Throws<InvalidOperationException>(() => weights.Values.Clear()).Message, StringComparison.Ordinal);
        Assert.Contains("weights", Assert.Throws<InvalidOperationException>(() => weights.Gradients.Clear()).Message, StringComparison.Ordinal);
        Assert.Contains("bias", Assert.Throws<InvalidOperationException>(() => bias.BFloat16Values.Clear()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => bias.BFloat16Gradients.Clear());
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => weights.SetValues(new float[11])).ParamName);
        Assert.Equal("gradients", Assert.Throws<ArgumentException>(() => weights.CopyGradientsTo(new float[9])).ParamName);

        Assert.Contains(
            "Block8", Assert.Throws<ArgumentException>(() => parameters.Add("blocks", new ParameterStorage { Values = Storage.Block8 }, 10)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Double", Assert.Throws<NotSupportedException>(() => new ParameterSet<double>().Add("w", ParameterStorage.BFloat16, 10)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => parameters.Wrap("both", new ParameterMemory<float>(memory.AsMemory(0, 50), memory.AsMemory(49, 50))));
        Assert.Throws<ArgumentException>(() => parameters.Wrap("lengths", new ParameterMemory<float>(memory.AsMemory(0, 50), new float[49].AsMemory())));
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => parameters.Wrap("none", default(ParameterMemory<float>))).ParamName);
        parameters.Wrap("first", new ParameterMemory<float>(memory.AsMemory(0, 50), memory.AsMemory(50, 50)));
        Assert.Throws<ArgumentException>(() => parameters.Wrap("second", new ParameterMemory<float>(memory.AsMemory(99, 1), new float[1].AsMemory())));
        Assert.Equal(3, parameters.Count);

        ArgumentOutOfRangeException unknown = Assert.Throws<ArgumentOutOfRangeException>(
            () => new Sgd(parameters, new OptimizerOptions { BFloat16Update = (BFloat16Update)9 }));
        Assert.Contains("9", unknown.Message, StringComparison.Ordinal);
        Assert.Contains(
            "bfloat16", Assert.Throws<ArgumentException>(() => CriticalPoint.Analyze(parameters, (_, _) => 0, new MiniBatch([0]))).Message, StringComparison.Ordinal);
    }

    /// <summary>What stands beside a value: a remainder, the lower half, or the number in single precision.</summary>
    [Theory]
    [InlineData(BFloat16Update.Stochastic, 0), InlineData(BFloat16Update.Nearest, 0), InlineData(BFloat16Update.Kahan, 2)]
    [InlineData(BFloat16Update.Split, 2), InlineData(BFloat16Update.Master, 4)]
    public void BytesAreThoseOfTheUpdate(BFloat16Update update, int bytes)
    {
        var parameters = new ParameterSet();
        parameters.Add("weights", ParameterStorage.BFloat16, 1000);
        Assert.Equal(1000 * bytes, new Sgd(parameters, new OptimizerOptions { BFloat16Update = update }).StateBytes);
    }

    private static (ParameterSet Parameters, AdamW Optimizer) Make(BFloat16Update update, params int[] lengths)
    {
        var parameters = new ParameterSet();
        foreach (int length in lengths)
        {
            Parameter<float> parameter = parameters.Add($"tensor{length}", ParameterStorage.BFloat16, length);
            parameter.SetValues(Numbers.Near(length, length));
        }

        return (parameters, new AdamW(parameters, new OptimizerOptions { BFloat16Update = update, RoundingSeed = 5 }) { LearningRate = 0.01f });
    }

    private static byte[] Trained(BFloat16Update update, Storage states, InstructionSet set, int threads)
    {
        (ParameterSet parameters, _) = Make(update, 150_001, 3, 256, 40_000);
        var optimizer = new AdamW(parameters, new OptimizerOptions { BFloat16Update = update, StateStorage = states, RoundingSeed = 5 }) { LearningRate = 0.01f };
        (optimizer.InstructionSet, optimizer.MaxDegreeOfParallelism, optimizer.MaxGradientNorm, optimizer.ZeroGradientsAfterStep) = (set, threads, 1, true);
        optimizer.AverageParameters(0.9);
        Train(optimizer, 0, 3);
        Assert.All(optimizer.Parameters, parameter => Assert.All(parameter.BFloat16Gradients.ToArray(), gradient => Assert.Equal(0, gradient.Bits)));
        return Contents(optimizer);
    }

    private static void Train(AdamW optimizer, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            Fill(optimizer.Parameters, step);
            optimizer.Step();
        }
    }

    private static void Fill(ParameterSet<float> parameters, int step)
    {
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.SetGradients(Numbers.Near(parameter.Length, step));
        }
    }

    private static byte[] Contents(AdamW optimizer)
    {
        using var stream = new MemoryStream();
        Checkpoint.Save(stream, optimizer);
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            stream.Write(MemoryMarshal.AsBytes(parameter.BFloat16Values));
        }

        return stream.ToArray();
    }

    private static ushort[] Codes(ReadOnlySpan<BFloat16> values) => MemoryMarshal.Cast<BFloat16, ushort>(values).ToArray();

    private sealed class ForeignNumbers(BFloat16[] memory) : MemoryManager<BFloat16>
    {
        public bool IsClosed { get; set; }

        public override Span<BFloat16> GetSpan() => IsClosed ? throw new ObjectDisposedException(nameof(ForeignNumbers)) : memory;

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
