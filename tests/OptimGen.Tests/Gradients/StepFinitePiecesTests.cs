using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Gradients;

/// <summary>
/// <see cref="NonFiniteGradientPolicy.StepFinitePieces"/>: every piece without a NaN or an infinity is stepped, the others are left alone in every stream, and an
/// exception names them afterwards.
/// </summary>
public sealed partial class StepFinitePiecesTests
{
    private const int TileLength = 4096;

    [Optimizer]
    private sealed partial class Normalized
    {
        [Reduce(Reduction.Norm)]
        private static float Size(float gradient) => gradient;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float size) => parameter - gradient / (1 + size);
    }

    [Optimizer]
    private sealed partial class ByTensor
    {
        [PerTensor]
        private static void Scale(long elementCount, [State] ref double steps, out double scale) => scale = ++steps / elementCount;

        [UpdateRule]
        private static float Update(float parameter, float gradient, float scale) => parameter - scale * gradient;
    }

    public static TheoryData<int, InstructionSet> OnThreads
    {
        get
        {
            var data = new TheoryData<int, InstructionSet>();
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                data.Add(1, set);
                data.Add(2, set);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(OnThreads))]
    public void FinitePiecesAreStepped_AndTheOthersAreLeftAloneInEveryStream(int threads, InstructionSet set)
    {
        Adam optimizer = Make(threads, set), finite = Make(threads, set);
        foreach (Adam one in (Adam[])[optimizer, finite])
        {
            Fill(one, 1);
            one.Step();
            Fill(one, 2);
        }

        // The second tile of the arena's, and all of the wrapped memory.
        Parameter<float> large = optimizer.Parameters["large"], wrapped = optimizer.Parameters["wrapped"];
        large.Gradients[TileLength + 7] = float.NaN;
        wrapped.Gradients[3] = float.NegativeInfinity;
        Dictionary<string, float[]> before = Streams(optimizer);
        ParameterAverage<float> average = optimizer.AverageParameters(0.9);
        NonFiniteGradientException thrown = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        finite.Step();

        Assert.Equal(2, optimizer.StepCount);
        Assert.Equal(
            [new SkippedRange("large", TileLength, TileLength), new SkippedRange("wrapped", 0, 100)],
            thrown.SkippedRanges);
        Assert.Equal(("large", TileLength + 7, double.NaN), (thrown.ParameterName, thrown.Element, thrown.Value));
        Assert.Contains("'large', 'wrapped'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"{TileLength + 100} elements", thrown.Message, StringComparison.Ordinal);

        Dictionary<string, float[]> after = Streams(optimizer), stepped = Streams(finite);
        foreach ((string stream, float[] values) in after)
        {
            string parameter = stream.Split(',')[0];
            for (int i = 0; i < values.Length; i++)
            {
                bool isSkipped = thrown.SkippedRanges.Any(range => range.ParameterName == parameter && i >= range.Start && i < range.Start + range.Length);
                float expected = isSkipped ? before[stream][i] : stepped[stream][i];
                Assert.True(Bits.AreEqual(values[i], expected), $"{stream}, element {i}: {values[i]} in place of {expected}");
            }
        }

        // A step that skipped an element did not average it either.
        Assert.Equal(before["large"][TileLength], average.Of(large)[TileLength]);
        Assert.NotEqual(before["large"][0], average.Of(large)[0]);
    }

    [Fact]
    public void WhatIsNotStepped_KeepsItsGradients()
    {
        Adam optimizer = Make(2, InstructionSets.Selected);
        optimizer.ZeroGradientsAfterStep = true;
        Fill(optimizer, 1);
        optimizer.Parameters["wrapped"].Gradients[99] = float.NaN;
        float[] kept = optimizer.Parameters["wrapped"].Gradients.ToArray();
        Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Bits.AssertEqual(optimizer.Parameters["wrapped"].Gradients, kept, "wrapped");
        Assert.Equal(-1, optimizer.Parameters["large"].Gradients.IndexOfAnyExcept(0f));

        // The next step is none of the last one's business.
        Fill(optimizer, 2);
        Assert.True(optimizer.Step().WasTaken);
        Assert.Equal(2, optimizer.StepCount);
    }

    [Fact]
    public void SeveralTensorsOfOnePiece_AreAllNamed()
    {
        var parameters = new ParameterSet();
        Parameter<float> first = parameters.Add("first", 20), second = parameters.Add("second", 30), third = parameters.AddGroup("other").Add("third", 5);
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.Gradients.Fill(1);
        }

        second.Gradients[4] = float.PositiveInfinity;
        var optimizer = new Sgd(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces, LearningRate = 1 };
        NonFiniteGradientException thrown = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal([new SkippedRange("first", 0, 20), new SkippedRange("second", 0, 30)], thrown.SkippedRanges);
        Assert.Equal(("second", 4), (thrown.ParameterName, thrown.Element));
        Assert.All(first.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.All(second.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.All(third.Values.ToArray(), value => Assert.Equal(-1, value));
    }

    [Fact]
    public void ARuleByTensor_SkipsTensorsAlone()
    {
        var parameters = new ParameterSet();
        Parameter<float> first = parameters.Add("first", 2), second = parameters.Add("second", 4);
        first.Gradients.Fill(1);
        second.Gradients.Fill(float.NaN);
        var optimizer = new ByTensor(parameters) { NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces };
        NonFiniteGradientException thrown = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal([new SkippedRange("second", 0, 4)], thrown.SkippedRanges);
        Assert.Equal([-0.5f, -0.5f], first.Values.ToArray());
        Assert.Equal([0, 0, 0, 0], second.Values.ToArray());

        // The step counts, and so do its scalar states.
        Assert.Equal((1L, 1.0), (optimizer.StepCount, optimizer.States.Steps(second)));
    }

    [Fact]
    public void FiniteGradients_GiveTheBitsOfAnyOtherStep()
    {
        Adam one = Make(2, InstructionSets.Selected), other = Make(2, InstructionSets.Selected);
        other.NonFiniteGradients = NonFiniteGradientPolicy.Throw;
        for (int step = 1; step <= 3; step++)
        {
            Fill(one, step);
            Fill(other, step);
            Assert.Equal(other.Step(), one.Step());
        }

        Snapshot.Of(other).AssertSame(one, "finite");
    }

    [Theory]
    [InlineData("reductions"), InlineData("norm")]
    public void WithReductionsOrANorm_TheWholeStepIsRefused(string why)
    {
        var parameters = new ParameterSet();
        parameters.Add("w", 8 * TileLength).Gradients.Fill(1);
        parameters["w"].Gradients[5] = float.NaN;
        Optimizer<float> optimizer = why == "norm" ? new Adam(parameters) { MaxGradientNorm = double.PositiveInfinity } : new Normalized(parameters);
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces;
        Snapshot before = Snapshot.Of(optimizer);
        NonFiniteGradientException thrown = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Empty(thrown.SkippedRanges);
        Assert.Contains("The step was refused", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(("w", 5), (thrown.ParameterName, thrown.Element));
        before.AssertUnchanged(why);
    }

    [Theory]
    [InlineData(NonFiniteGradientPolicy.Throw), InlineData(NonFiniteGradientPolicy.SkipStep)]
    public void TheOtherPolicies_AreAllOrNothing(NonFiniteGradientPolicy policy)
    {
        Adam optimizer = Make(2, InstructionSets.Selected);
        optimizer.NonFiniteGradients = policy;
        Fill(optimizer, 1);
        optimizer.Parameters["wrapped"].Gradients[99] = float.NaN;
        Snapshot before = Snapshot.Of(optimizer);
        if (policy == NonFiniteGradientPolicy.Throw)
        {
            Assert.Empty(Assert.Throws<NonFiniteGradientException>(() => optimizer.Step()).SkippedRanges);
        }
        else
        {
            Assert.False(optimizer.Step().WasTaken);
        }

        before.AssertUnchanged(policy.ToString());
    }

    /// <summary>A tensor of eight pieces and a part of one, a small one of another group, and wrapped memory, which is a run of its own.</summary>
    private static Adam Make(int threads, InstructionSet set)
    {
        var parameters = new ParameterSet();
        parameters.Add("large", (38 * TileLength) + 16);
        parameters.AddGroup("other").Add("small", 33);
        parameters.Wrap("wrapped", new float[100], new float[100]);
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.Values.Fill(1);
        }

        return new Adam(parameters) { MaxDegreeOfParallelism = threads, InstructionSet = set, NonFiniteGradients = NonFiniteGradientPolicy.StepFinitePieces };
    }

    private static void Fill(Adam optimizer, int step)
    {
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                parameter.Gradients[i] = (((i * 7) + step) % 19) - 9.5f;
            }
        }
    }

    /// <summary>Parameters and states; the gradients of the two optimizers differ.</summary>
    private static Dictionary<string, float[]> Streams(Adam optimizer) => optimizer.Parameters
        .SelectMany(parameter => optimizer.Definition.States
            .Select(state => ($"{parameter.Name}, {state.Name}", optimizer.GetState(parameter, state.Name).ToArray()))
            .Prepend((parameter.Name, parameter.Values.ToArray())))
        .ToDictionary(one => one.Item1, one => one.Item2);
}
