using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Rows;

/// <summary>The gradients of rows: sums, norm, clipping, checks.</summary>
public class RowGradientTests
{
    private static readonly float[] Unequal = [1e8f, 1, -1e8f, 0.1f, 3e-8f, 7];

    /// <summary>(((1e8 + 1) − 1e8) + 0.1) + …: any other order has another result.</summary>
    [Fact]
    public void ARowThatOccursSeveralTimes_HasTheSumInTheOrderGiven()
    {
        float expected = 0;
        foreach (float gradient in Unequal)
        {
            expected += gradient;
        }

        Assert.NotEqual(expected, Unequal.Order().Aggregate(0f, (sum, gradient) => sum + gradient));
        foreach (int width in new[] { 1, 3, 16, 21, 32, 77 })
        {
            ParameterSet atOnce = new(), inParts = new();
            Parameter<float> first = atOnce.Add("table", 2000, width), second = inParts.Add("table", 2000, width);
            int[] indices = [7, 1999, 7, 7, 0, 7, 7, 7];
            float[] gradients = [.. new[] { Unequal[0], 5, Unequal[1], Unequal[2], 6, Unequal[3], Unequal[4], Unequal[5] }.SelectMany(one => Enumerable.Repeat(one, width))];
            new Sgd(atOnce) { LearningRate = 1 }.StepRows(first, indices, gradients);
            var optimizer = new Sgd(inParts) { LearningRate = 1 };
            for (int i = 0; i < indices.Length; i++)
            {
                optimizer.AddRowGradients(second, [indices[i]], gradients.AsSpan(i * width, width));
            }

            optimizer.Step();
            Assert.All(first.Values.Slice(7 * width, width).ToArray(), value => Assert.Equal(-expected, value));
            Assert.All(first.Values.Slice(1999 * width, width).ToArray(), value => Assert.Equal(-5, value));
            Bits.AssertEqual(first.Values, second.Values, $"width {width}");
        }
    }

    /// <summary>By radix sort, of one, two and three digits, with and without duplicates, sorted and not.</summary>
    [Theory, InlineData(3), InlineData(2048), InlineData(2049), InlineData(5_000_000)]
    public void RowsAreSorted_AndStable(int rowCount)
    {
        var random = new Random(rowCount);
        var order = new RowOrder();
        foreach (int count in new[] { 0, 1, 2, 5000 })
        {
            int[] rows = [.. Enumerable.Range(0, count).Select(_ => random.Next(rowCount))];
            foreach (int[] list in new[] { rows, [.. rows.Order()], [.. rows.OrderDescending()] })
            {
                ReadOnlySpan<ulong> entries = order.Sort(list, rowCount - 1);
                (int Row, int Position)[] got = [.. entries.ToArray().Select(entry => (RowOrder.RowOf(entry), RowOrder.PositionOf(entry)))];
                Assert.Equal(list.Select((row, position) => (row, position)).Order(), got);
            }
        }
    }

    /// <summary>
    /// The norm has the bits of a gradient that is zero elsewhere, across pieces, whether rows fill whole lanes or not; also where squares of doubles overflow
    /// or underflow.
    /// </summary>
    [Theory]
    [InlineData(1.0), InlineData(1e200), InlineData(1e-200)]
    public void TheNormHasTheBitsOfTheWholeGradient(double magnitude)
    {
        foreach (int[] shape in new int[][] { [40_000, 1], [9000, 3], [700, 64], [7, 9001] })
        {
            ParameterSet<double> rowSet = new(), set = new();
            Parameter<double> table = rowSet.Add("table", shape), whole = set.Add("table", shape);
            DoubleDescent byRows = new(rowSet) { MaxGradientNorm = 0.25 }, dense = new(set) { MaxGradientNorm = 0.25 };
            var random = new Random(3);
            int[] indices = [.. Enumerable.Range(0, shape[0]).Where(_ => random.Next(3) == 0)];
            double[] gradients = [.. Enumerable.Range(0, indices.Length * shape[1]).Select(_ => ((random.NextDouble() * 2) - 1) * magnitude)];
            for (int i = 0; i < indices.Length; i++)
            {
                gradients.AsSpan(i * shape[1], shape[1]).CopyTo(whole.Gradients[(indices[i] * shape[1])..]);
            }

            StepResult got = byRows.StepRows(table, indices, gradients), want = dense.Step();
            Assert.Equal(want.GradientNorm, got.GradientNorm);
            Assert.True(want.GradientNorm > 0);
            Assert.Equal(whole.Values.ToArray(), table.Values.ToArray());
        }
    }

    /// <summary>Where the factor of clipping is too small for a normal float, the gradients are scaled by a power of two too.</summary>
    [Fact]
    public void AFactorThatIsNoNormalNumber_ClipsRowsToo()
    {
        ParameterSet rowSet = new(), set = new();
        Parameter<float> table = rowSet.Add("table", 9, 33), whole = set.Add("table", 9, 33);
        Adagrad byRows = new(rowSet) { MaxGradientNorm = 1e-20 }, dense = new(set) { MaxGradientNorm = 1e-20 };
        byRows.UpdateByRows(table, RowUpdates.CaughtUp);
        for (int step = 1; step <= 3; step++)
        {
            float[] gradients = [.. Data.Gradient(66, step).Select(one => one * 1e30f)];
            Tables.Scatter(whole, [step, 8], gradients);
            byRows.AddRowGradients(table, [step, 8], gradients);
            byRows.Step();
            dense.Step();
        }

        Tables.AssertEqual(byRows, dense, "clipped");
        Assert.Contains(table.Values.ToArray(), value => value != 0);
    }

    [Theory]
    [InlineData(NonFiniteGradientPolicy.Throw, null), InlineData(NonFiniteGradientPolicy.Throw, 1.0), InlineData(NonFiniteGradientPolicy.StepFinitePieces, null)]
    public void ANonFiniteGradientRefusesTheStep(NonFiniteGradientPolicy policy, double? maxNorm)
    {
        Adam optimizer = Trained(policy, maxNorm);
        byte[] before = Saved(optimizer);
        optimizer.AddRowGradients(optimizer.Parameters["table"], [40, 7, 40], [1, 2, 3, 1, float.NaN, 3, 1, 2, 3]);
        NonFiniteGradientException refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal(("table", 22), (refusal.ParameterName, refusal.Element));
        Assert.Contains("[7, 1]", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(refusal.SkippedRanges);
        Assert.Equal(before, Saved(optimizer));
        Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        optimizer.ZeroGradients();
        Assert.True(optimizer.Step().WasTaken);
    }

    /// <summary>Each is finite, and their sum is not.</summary>
    [Fact]
    public void ASumThatOverflowsRefusesTheStep()
    {
        Adam optimizer = Trained(NonFiniteGradientPolicy.Throw, null);
        optimizer.AddRowGradients(optimizer.Parameters["table"], [3, 3], [0, 0, float.MaxValue, 0, 0, float.MaxValue]);
        NonFiniteGradientException refusal = Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
        Assert.Equal(("table", 11, double.PositiveInfinity), (refusal.ParameterName, refusal.Element, refusal.Value));
    }

    [Fact]
    public void ASkippedStepChangesNothing_AndAnAllowedOneTakesTheNaN()
    {
        Adam optimizer = Trained(NonFiniteGradientPolicy.SkipStep, null);
        Parameter<float> table = optimizer.Parameters["table"];
        byte[] before = Saved(optimizer);
        optimizer.AddRowGradients(table, [9], [0, float.NegativeInfinity, 0]);
        StepResult result = optimizer.Step();
        Assert.False(result.WasTaken);
        Assert.Equal(("table", 28), (result.NonFiniteGradient!.ParameterName, result.NonFiniteGradient.Element));
        Assert.Equal(before, Saved(optimizer));
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        optimizer.Step();
        Assert.Equal([28], Enumerable.Range(0, table.Length).Where(i => !float.IsFinite(table.Values[i])));
    }

    /// <summary>A norm that is NaN reaches every element of a run over all elements, and so every row that is caught up.</summary>
    [Fact]
    public void ANaNThatIsAllowed_IsCaughtUpToo()
    {
        Adam byRows = new(new ParameterSet().With([50, 3])), dense = new(new ParameterSet().With([50, 3]));
        byRows.UpdateByRows(byRows.Parameters["table"], RowUpdates.CaughtUp);
        foreach (Adam one in new[] { byRows, dense })
        {
            (one.MaxGradientNorm, one.NonFiniteGradients) = (1, NonFiniteGradientPolicy.Allow);
        }

        byRows.AddRowGradients(byRows.Parameters["table"], [1], [1, float.NaN, 2]);
        Tables.Scatter(dense.Parameters["table"], [1], [1, float.NaN, 2]);
        byRows.Step();
        dense.Step();
        Tables.AssertEqual(byRows, dense, "NaN");
        Assert.All(byRows.Parameters["table"].Values.ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    /// <summary>The gradients of rows are used up by the step that is taken, and the caller's memory is only read.</summary>
    [Fact]
    public void AStepUsesThemUp_AndWritesNothingToThem()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", 6, 16);
        var optimizer = new Sgd(set) { LearningRate = 1, ZeroGradientsAfterStep = true, GradientScale = 0.5 };
        float[] gradients = [.. Enumerable.Repeat(2f, 32)];
        optimizer.StepRows(table, [1, 2], gradients);
        Assert.All(gradients, gradient => Assert.Equal(2, gradient));
        float[] after = table.Values.ToArray();
        Assert.Equal(-1, after[16]);
        optimizer.Step();
        Assert.Equal(after, table.Values.ToArray());
        Assert.Equal(2, optimizer.StepCount);
        table.Gradients.Fill(9);
        optimizer.Step();
        Assert.Equal(after, table.Values.ToArray());
        optimizer.ZeroGradients();
        Assert.Equal(9, table.Gradients[5]);
    }

    /// <summary>Long enough for several threads, by every instruction set.</summary>
    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public void BitsDependNeitherOnInstructionSetNorOnThreads(int form)
    {
        foreach (RowUpdates updates in Enum.GetValues<RowUpdates>())
        {
            foreach (int[] shape in new int[][] { [6000, 64], [40_000, 7] })
            {
                float[] expected = Trained(InstructionSet.Scalar, 1);
                foreach (InstructionSet set in InstructionSets.Supported)
                {
                    foreach (int threads in new[] { 1, 2, 5 })
                    {
                        Bits.AssertEqual(Trained(set, threads), expected, $"{updates}, form {form}, {set}, {threads} threads");
                    }
                }

                float[] Trained(InstructionSet set, int threads)
                {
                    var parameters = new ParameterSet();
                    Parameter<float> table = parameters.Add("table", shape);
                    var optimizer = new AdamW(parameters, Tables.Forms[form]) { InstructionSet = set, MaxDegreeOfParallelism = threads, MaxGradientNorm = 1 };
                    optimizer.UpdateByRows(table, updates, mostMissedSteps: 2);
                    for (int step = 1; step <= 4; step++)
                    {
                        (int[] indices, float[] gradients) = Tables.Batch(table, step);
                        optimizer.StepRows(table, indices, gradients);
                    }

                    float[] states = [.. optimizer.Definition.States.SelectMany(state => optimizer.GetState(table, state.Name).ToArray())];
                    return [.. table.Values, .. states];
                }
            }
        }
    }

    private static Adam Trained(NonFiniteGradientPolicy policy, double? maxNorm)
    {
        var optimizer = new Adam(new ParameterSet().With([50, 3])) { NonFiniteGradients = policy, MaxGradientNorm = maxNorm };
        optimizer.UpdateByRows(optimizer.Parameters["table"], RowUpdates.CaughtUp);
        optimizer.AddRowGradients(optimizer.Parameters["table"], [7, 8], [1, 2, 3, 4, 5, 6]);
        optimizer.Step();
        return optimizer;
    }

    private static byte[] Saved(Optimizer<float> optimizer)
    {
        using var stream = new MemoryStream();
        Checkpoint.Save(stream, optimizer);
        Checkpoint.Save(stream, optimizer.Parameters);
        return stream.ToArray();
    }
}

/// <summary>Gradient descent in double.</summary>
[Optimizer(ElementType = typeof(double))]
public sealed partial class DoubleDescent
{
    [UpdateRule]
    private static double Update(double parameter, double gradient) => parameter - gradient;
}
