using System.Runtime.InteropServices;
using OptimGen.Tests.Kernels;
using OptimGen.Tests.StateStorage;

namespace OptimGen.Tests.Gradients;

/// <summary>A step over a set with addends is the step over their sum, which is computed here by its definition, an element at a time.</summary>
public sealed class GradientAddendTests
{
    private static readonly int[] Lengths = [3, 16, 257, 1000];

    private static readonly double[] Weights = [0.5, 1, 0.25, -3, 1.0 / 3, 0.1];

    public static TheoryData<string> Catalogue
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (Type type in typeof(Optimizer).Assembly.GetExportedTypes().Where(StoredStateTests.IsOfCatalogue).OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                data.Add(type.Name);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Catalogue))]
    public void EveryShippedOptimizerStepsOverTheSum(string name)
    {
        Type type = typeof(Optimizer).Assembly.GetType("OptimGen." + name)!;
        foreach (int count in new[] { 1, 2, 3, 5 })
        {
            ParameterSet parameters = Set(), sums = Set();
            GradientAddend<float>[] addends = [.. Enumerable.Range(0, count).Select(i => parameters.AddGradients(i % 3 == 2 ? Storage.BFloat16 : Storage.Native))];
            var optimizer = (Optimizer<float>)Activator.CreateInstance(type, parameters, new OptimizerOptions())!;
            var expected = (Optimizer<float>)Activator.CreateInstance(type, sums, new OptimizerOptions())!;
            for (int step = 0; step < 3; step++)
            {
                Fill(parameters, addends, step);
                Sum(parameters, addends, sums);
                Assert.Equal(expected.Step(), optimizer.Step());
                Assert.Equal(Contents(expected), Contents(optimizer));
            }
        }
    }

    /// <summary>With clipping by norm and by value, a scale, an average and zeroed gradients; by all kernels and on two threads; in forms of fewer bits.</summary>
    [Theory]
    [InlineData(Storage.Native, false), InlineData(Storage.Block8, false), InlineData(Storage.Native, true), InlineData(Storage.BFloat16, true)]
    public void TheRestOfAStepSeesTheSum(Storage states, bool areParametersInBFloat16)
    {
        byte[]? bits = null;
        foreach ((InstructionSet kernels, int threads) in InstructionSets.Supported.Select(set => (set, 1)).Append((InstructionSets.Selected, 2)))
        {
            ParameterStorage storage = areParametersInBFloat16 ? ParameterStorage.BFloat16 : new ParameterStorage();
            ParameterSet parameters = Set(storage, 150_000), sums = Set(storage with { Gradients = Storage.Native }, 150_000);
            GradientAddend<float>[] addends = [parameters.AddGradients(), parameters.AddGradients(), parameters.AddGradients(Storage.BFloat16)];
            AdamW optimizer = Make(parameters), expected = Make(sums);
            for (int step = 0; step < 3; step++)
            {
                Fill(parameters, addends, step);
                Sum(parameters, addends, sums);
                Assert.Equal(expected.Step(), optimizer.Step());
                Assert.All(parameters, parameter => Assert.All(Own(parameter), gradient => Assert.Equal(0, gradient)));
                Assert.All(parameters, parameter => Assert.All(addends[0].Of(parameter).ToArray(), gradient => Assert.Equal(0, gradient)));
                Assert.All(parameters, parameter => Assert.All(addends[2].BFloat16Of(parameter).ToArray(), gradient => Assert.Equal(0, gradient.Bits)));
            }

            Assert.Equal(Contents(expected), Contents(optimizer));
            Assert.Equal(bits ??= Contents(optimizer), Contents(optimizer));

            AdamW Make(ParameterSet set)
            {
                var made = new AdamW(set, new OptimizerOptions { StateStorage = states })
                {
                    InstructionSet = set == parameters ? kernels : InstructionSet.Scalar, MaxDegreeOfParallelism = threads, MaxGradientNorm = 1, MaxGradientValue = 0.01,
                    GradientScale = 0.5, ZeroGradientsAfterStep = true,
                };
                made.AverageParameters(0.9);
                return made;
            }
        }
    }

    /// <summary>
    /// Sums that are kept for the whole step, past the caches too, and sums in passing: from one step to the next the check changes, the rule of two optimizers with and
    /// without a reduction, the number of addends, and whether rows of a table have gradients of their own.
    /// </summary>
    [Theory]
    [InlineData(false, 1), InlineData(true, 1), InlineData(true, 2)]
    public void WhatReadsTheSumMayChange(bool isFromMemory, int threads)
    {
        ParameterSet parameters = Wrapping(70_001), sums = Wrapping(70_001);
        Optimizer<float>[] optimizers = Make(parameters), expected = Make(sums);
        var addends = new List<GradientAddend<float>>();
        for (int step = 0; step < 24; step++)
        {
            if (step % 6 == 3)
            {
                parameters.RemoveGradients(addends[0]);
                addends.RemoveAt(0);
            }
            else if (step % 3 == 0)
            {
                addends.Add(parameters.AddGradients(step % 4 == 0 ? Storage.Native : Storage.BFloat16));
            }

            Fill(parameters, [.. addends], step % Weights.Length);
            Sum(parameters, [.. addends], sums);
            foreach ((Optimizer<float> optimizer, Optimizer<float> reference) in optimizers.Zip(expected))
            {
                foreach (Optimizer<float> one in new[] { optimizer, reference })
                {
                    one.NonFiniteGradients = (NonFiniteGradientPolicy)(step % 4);
                    one.MaxGradientNorm = step % 5 == 4 ? 0.5 : null;
                    if (step == 12 && one is Adam)
                    {
                        one.UpdateByRows(one.Parameters[1], RowUpdates.Lazy);
                    }
                }

                Assert.Equal(reference.Step(), optimizer.Step());
                Assert.Equal(Contents(reference), Contents(optimizer));
            }
        }

        Optimizer<float>[] Make(ParameterSet set)
        {
            Optimizer<float>[] made = [new Adam(set), new Lamb(set), new RowwiseAdagrad(set)];
            foreach (Optimizer<float> one in made)
            {
                (one.IsFromMemory, one.MaxDegreeOfParallelism) = (isFromMemory, threads);
            }

            return made;
        }
    }

    /// <summary>The same elements are skipped and zeroed as with a gradient that is the sum, and the sum is not left anywhere.</summary>
    [Fact]
    public void OnlyTheTilesOfASumThatIsNotFiniteAreSkipped()
    {
        ParameterSet parameters = Set(null, 20_000), sums = Set(null, 20_000);
        GradientAddend<float> addend = parameters.AddGradients();
        Adam optimizer = Make(parameters), expected = Make(sums);
        Fill(parameters, [addend], 0);
        (parameters[^1].Gradients[9000], addend.Of(parameters[^1])[9000]) = (float.PositiveInfinity, float.NegativeInfinity);
        Sum(parameters, [addend], sums);
        float[] own = parameters[^1].Gradients.ToArray(), added = addend.Of(parameters[^1]).ToArray();
        NonFiniteGradientException refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal(Assert.Throws<NonFiniteGradientException>(() => expected.Step()).SkippedRanges, refusal.SkippedRanges);
        Assert.Equal(Contents(expected), Contents(optimizer));
        SkippedRange skipped = Assert.Single(refusal.SkippedRanges);
        own.AsSpan(0, skipped.Start).Clear();
        own.AsSpan(skipped.Start + skipped.Length).Clear();
        added.AsSpan(0, skipped.Start).Clear();
        added.AsSpan(skipped.Start + skipped.Length).Clear();
        Assert.Equal(own, parameters[^1].Gradients.ToArray());
        Assert.Equal(added, addend.Of(parameters[^1]).ToArray());

        static Adam Make(ParameterSet set) => new(set) { NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces, ZeroGradientsAfterStep = true };
    }

    /// <summary>What a training loop adds to gradients, or makes of them, it adds to the sum, or makes of it: micro-batches, shards, the penalty, norms and diagnoses.</summary>
    [Theory]
    [InlineData(null, null, 0), InlineData(2, null, 0), InlineData(null, 3, 0), InlineData(2, 2, 0.5), InlineData(null, null, 0.5)]
    public void ATrainerSeesTheSum(int? microBatchSize, int? shardCount, double penalty)
    {
        (double[] Norms, byte[] Contents, string Point) expected = Train(withAddend: false), actual = Train(withAddend: true);
        Assert.Equal(expected.Norms, actual.Norms);
        Assert.Equal(expected.Contents, actual.Contents);
        Assert.Equal(expected.Point, actual.Point);

        (double[] Norms, byte[] Contents, string Point) Train(bool withAddend)
        {
            // f = Σᵢ cᵢ(θᵢ − e)²/2, of which the addend has a part: with powers of two, both roundings are exact.
            var parameters = new ParameterSet();
            Parameter<float> weights = parameters.Add("weights", 40);
            GradientAddend<float>? addend = withAddend ? parameters.AddGradients() : null;
            Numbers.Near(40, 1).CopyTo(weights.Values);
            var optimizer = new Momentum(parameters) { LearningRate = 0.01f, ZeroGradientsAfterStep = true };
            var trainer = new Trainer(optimizer, 12, (set, batch) =>
            {
                double cost = 0;
                for (int i = 0; i < weights.Length; i++)
                {
                    float difference = weights.Values[i] - (batch.Examples[0] / 16f);
                    cost += difference * difference / 2;
                    if (addend is null)
                    {
                        weights.Gradients[i] = difference;
                    }
                    else
                    {
                        (set.GradientWeight, addend.Weight) = (0.5, -2);
                        (weights.Gradients[i], addend.Of(weights)[i]) = (4 * difference, difference / 2);
                    }
                }

                return cost;
            })
            {
                BatchSize = 6, MicroBatchSize = microBatchSize, ShardCount = shardCount, WeightPenalty = penalty,
            };
            trainer.Callbacks.Add(new RecordNorms<float>());
            trainer.Train(3);
            string point = shardCount is null ? trainer.Diagnose().ToString() : "";
            trainer.Train(1);
            return ([.. trainer.Metrics[RecordNorms<float>.GradientNorm].Select(metric => metric.Value)], Contents(optimizer), point);
        }
    }

    /// <summary>Two finite gradients whose sum is not: refused before the first store.</summary>
    [Fact]
    public void ASumThatIsNotFiniteIsRefused()
    {
        ParameterSet parameters = Set();
        GradientAddend<float> addend = parameters.AddGradients();
        var optimizer = new Adam(parameters);
        Fill(parameters, [addend], 1);
        (parameters[2].Gradients[200], addend.Of(parameters[2])[200], addend.Weight) = (float.MaxValue, float.MaxValue, 1);
        parameters.GradientWeight = 1;
        byte[] before = Contents(optimizer);
        NonFiniteGradientException refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Contains("tensor257", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("200", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Contents(optimizer));
        Assert.Equal((float.MaxValue, float.MaxValue), (parameters[2].Gradients[200], addend.Of(parameters[2])[200]));

        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces;
        Assert.Contains(Assert.Throws<NonFiniteGradientException>(() => optimizer.Step()).SkippedRanges, range => range.ParameterName == "tensor257");
    }

    [Fact]
    public void InDoubleToo_AndRemoved()
    {
        var parameters = new ParameterSet<double>();
        Parameter<double> weights = parameters.Add("weights", 37);
        GradientAddend<double> addend = parameters.AddGradients();
        var optimizer = new StateStorage.MomentumOfDoubles(parameters) { LearningRate = 1 };
        weights.Gradients.Fill(1);
        addend.Of(weights).Fill(3);
        (parameters.GradientWeight, addend.Weight) = (0.5, 0.25);
        optimizer.Step();
        Assert.All(optimizer.GetState(weights, "firstMoment").ToArray(), state => Assert.Equal(0.125, state, 12));
        parameters.RemoveGradients(addend);
        optimizer.Step();
        Assert.All(optimizer.GetState(weights, "firstMoment").ToArray(), state => Assert.Equal((0.9 * 0.125) + 0.1, state, 12));
        parameters.ZeroGradients();
        Assert.Equal("addend", Assert.Throws<ArgumentException>(() => parameters.RemoveGradients(addend)).ParamName);
        Assert.Throws<NotSupportedException>(() => parameters.AddGradients(Storage.BFloat16));
    }

    [Fact]
    public void MisuseIsRefusedByName()
    {
        ParameterSet parameters = Set(), others = Set();
        GradientAddend<float> addend = parameters.AddGradients(), half = parameters.AddGradients(Storage.BFloat16);
        Assert.Throws<InvalidOperationException>(() => parameters.Add("more", 3));
        Assert.Equal("parameter", Assert.Throws<ArgumentException>(() => addend.Of(others[0]).Clear()).ParamName);
        Assert.Throws<InvalidOperationException>(() => addend.BFloat16Of(parameters[0]).Clear());
        Assert.Throws<InvalidOperationException>(() => half.Of(parameters[0]).Clear());
        Assert.Contains("NaN", Assert.Throws<ArgumentOutOfRangeException>(() => addend.Weight = double.NaN).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.GradientWeight = double.PositiveInfinity);
        Assert.Throws<ArgumentException>(() => parameters.AddGradients(Storage.Block8));
        Assert.Equal(2, parameters.GradientAddends.Count);
    }

    /// <summary>Finite in double, and infinite once it is rounded: times a gradient of zero it would be NaN.</summary>
    [Fact]
    public void AWeightThatTheElementTypeCannotHoldIsRefused()
    {
        ParameterSet parameters = Set();
        GradientAddend<float> addend = parameters.AddGradients();
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => addend.Weight = 1e300).Message;
        Assert.StartsWith("Weight is 1E+300; it must be finite as a Single.", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.GradientWeight = -1e300);
        Assert.Equal((1, 1), (addend.Weight, parameters.GradientWeight));
        Assert.Equal("weight", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientShards<float>(new Adam(Set()), 1).Add(0, 1e39)).ParamName);
    }

    private static ParameterSet Set(ParameterStorage? storage = null, params int[] more)
    {
        var parameters = new ParameterSet();
        foreach (int length in Lengths.Concat(more))
        {
            parameters.Add($"tensor{length}", storage ?? new ParameterStorage(), length).SetValues(Numbers.Near(length, length));
        }

        return parameters;
    }

    /// <summary>Beside tensors of the set's own, one in arrays that begin anywhere in a cache line.</summary>
    private static ParameterSet Wrapping(int length)
    {
        ParameterSet parameters = Set();
        Memory<float> values = new float[length + 3], gradients = new float[length + 5];
        Numbers.Near(length, length).CopyTo(values[3..]);
        parameters.Wrap("wrapped", values[3..], gradients[5..]);
        return parameters;
    }

    private static void Fill(ParameterSet parameters, GradientAddend<float>[] addends, int step)
    {
        parameters.GradientWeight = Weights[step];
        for (int i = 0; i < addends.Length; i++)
        {
            addends[i].Weight = Weights[(i + step + 1) % Weights.Length];
        }

        foreach (Parameter<float> parameter in parameters)
        {
            parameter.SetGradients(Numbers.Near(parameter.Length, step));
            for (int i = 0; i < addends.Length; i++)
            {
                float[] gradients = Numbers.Near(parameter.Length, step + (100 * i) + 7);
                if (addends[i].Storage == Storage.Native)
                {
                    gradients.CopyTo(addends[i].Of(parameter));
                }
                else
                {
                    gradients.Select(gradient => BFloat16.FromSingle(gradient)).ToArray().CopyTo(addends[i].BFloat16Of(parameter));
                }
            }
        }
    }

    private static void Sum(ParameterSet parameters, GradientAddend<float>[] addends, ParameterSet sums)
    {
        for (int tensor = 0; tensor < sums.Count; tensor++)
        {
            Parameter<float> parameter = parameters[tensor];
            float[] own = Own(parameter);
            for (int i = 0; i < parameter.Length; i++)
            {
                float[] terms =
                [
                    addends.Length == 0 ? own[i] : own[i] * (float)parameters.GradientWeight,
                    .. addends.Select(addend => (addend.Storage == Storage.Native ? addend.Of(parameter)[i] : addend.BFloat16Of(parameter)[i]) * (float)addend.Weight),
                ];
                sums[tensor].Gradients[i] = Tree(terms);
            }
        }
    }

    private static float Tree(ReadOnlySpan<float> terms)
    {
        if (terms.Length == 1)
        {
            return terms[0];
        }

        int left = 1;
        while (2 * left < terms.Length)
        {
            left *= 2;
        }

        return Tree(terms[..left]) + Tree(terms[left..]);
    }

    private static float[] Own(Parameter<float> parameter)
    {
        var own = new float[parameter.Length];
        parameter.CopyGradientsTo(own);
        return own;
    }

    private static byte[] Contents(Optimizer<float> optimizer)
    {
        using var stream = new MemoryStream();
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            var values = new float[parameter.Length];
            parameter.CopyValuesTo(values);
            stream.Write(MemoryMarshal.AsBytes<float>(values));
            foreach (StateDefinition state in optimizer.Definition.States)
            {
                stream.Write(MemoryMarshal.AsBytes(optimizer.GetState(parameter, state.Name)));
            }
        }

        return stream.ToArray();
    }
}
