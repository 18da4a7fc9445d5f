using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Rows;

/// <summary>Rows that stand still without a gradient.</summary>
public class LazyTests
{
    /// <summary>A row with a gradient takes the step over all elements, and every other row is as before.</summary>
    [Theory]
    [MemberData(nameof(Tables.NamesInEveryForm), MemberType = typeof(Tables))]
    public void EveryOptimizer_HasTheBitsOfAStepAfterWhichTheOtherRowsWereRestored(string name, int form)
    {
        foreach (int[] shape in Tables.Shapes)
        {
            Optimizer<float> byRows = Tables.Make(name, new ParameterSet().With(shape), Tables.Forms[form]);
            // The states of the reference are in the element type, and are encoded by the definition.
            Optimizer<float> dense = Tables.Make(name, new ParameterSet().With(shape), new OptimizerOptions());
            byRows.UpdateByRows(byRows.Parameters["table"]);
            for (int step = 1; step <= 5; step++)
            {
                if (step == 1)
                {
                    EncodeFirstValues(dense, Tables.Forms[form]);
                }

                float[][][] before = Copy(dense);
                Tables.Step(byRows, dense, step);
                Restore(dense, before, step, Tables.Forms[form]);
                Tables.AssertEqual(byRows, dense, $"{name}, form {form}, step {step}");
            }
        }
    }

    [Fact]
    public void WithAnAverage_ItMovesWithItsRow()
    {
        Adam byRows = new(new ParameterSet().With([211, 3])), dense = new(new ParameterSet().With([211, 3]));
        byRows.UpdateByRows(byRows.Parameters["table"]);
        byRows.AverageParameters(0.75);
        dense.AverageParameters(0.75);
        for (int step = 1; step <= 5; step++)
        {
            float[][][] before = Copy(dense);
            float[] average = dense.KeptAverage!.Of(dense.Parameters["table"]).ToArray();
            Tables.Step(byRows, dense, step);
            Restore(dense, before, step, new OptimizerOptions());
            var touched = Tables.Batch(dense.Parameters["table"], step).Indices.ToHashSet();
            for (int i = 0; i < average.Length; i++)
            {
                average[i] = touched.Contains(i / 3) ? dense.KeptAverage.Of(dense.Parameters["table"])[i] : average[i];
            }

            average.CopyTo(dense.KeptAverage.ElementsOf(dense.Parameters["table"]));
            Tables.AssertEqual(byRows, dense, $"step {step}");
        }
    }

    /// <summary>
    /// torch's SparseAdam, by its source (torch/optim/_functional.py), in double: m += (1−β₁)(g − m), v += (1−β₂)(g² − v) and
    /// θ −= η·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε) for the rows of the gradient, t being the number of all steps. ε stands beside the uncorrected root.
    /// </summary>
    [Fact]
    public void TheSparseAdamOfTorch()
    {
        const double Rate = 0.01, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", 50, 7);
        Data.Values(350).CopyTo(table.Values);
        double[] value = [.. table.Values.ToArray()], first = new double[350], second = new double[350];
        var optimizer = new AdamEpsilonHat(set) { LearningRate = (float)Rate, Beta1 = (float)Beta1, Beta2 = (float)Beta2, Epsilon = (float)Epsilon };
        for (int step = 1; step <= 40; step++)
        {
            (int[] indices, float[] gradients) = Tables.Batch(table, step);
            optimizer.StepRows(table, indices, gradients);
            foreach (IGrouping<int, int> row in Enumerable.Range(0, indices.Length).GroupBy(i => indices[i]))
            {
                for (int column = 0; column < 7; column++)
                {
                    int at = (row.Key * 7) + column;
                    double gradient = row.Sum(i => (double)gradients[(i * 7) + column]);
                    first[at] += (1 - Beta1) * (gradient - first[at]);
                    second[at] += (1 - Beta2) * ((gradient * gradient) - second[at]);
                    double size = Rate * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step));
                    value[at] -= size * first[at] / (Math.Sqrt(second[at]) + Epsilon);
                }
            }
        }

        for (int i = 0; i < value.Length; i++)
        {
            Assert.Equal(value[i], table.Values[i], 2e-6);
        }

        Assert.Equal(40, optimizer.StepCount);
    }

    [Fact]
    public void OneRow_NoRow_AllRows()
    {
        ParameterSet set = new(), denseSet = new();
        Parameter<float> table = set.Add("table", 5, 3), whole = denseSet.Add("table", 5, 3);
        Momentum byRows = new(set), dense = new(denseSet);
        byRows.StepRows(table, [], []);
        Assert.Equal(1, byRows.StepCount);
        Assert.All(table.Values.ToArray(), value => Assert.Equal(0, value));
        dense.Step();
        byRows.StepRows(table, [4, 0, 3, 1, 2], [.. Enumerable.Range(0, 15).Select(i => (float)i)]);
        Tables.Scatter(whole, [4, 0, 3, 1, 2], [.. Enumerable.Range(0, 15).Select(i => (float)i)]);
        dense.Step();
        Bits.AssertEqual(table.Values, whole.Values, "all rows");
        float[] before = table.Values.ToArray();
        byRows.StepRows(table, [3], [1, 2, 3]);
        Assert.Equal([0, 1, 2, 4], Enumerable.Range(0, 5).Where(row => table.Values.Slice(row * 3, 3).SequenceEqual(before.AsSpan(row * 3, 3))));
    }

    /// <summary>Values and states of each parameter.</summary>
    private static float[][][] Copy(Optimizer<float> optimizer) =>
    [
        .. optimizer.Parameters.Select(parameter => optimizer.Definition.States.Select(state => optimizer.GetState(parameter, state.Name).ToArray())
            .Prepend(parameter.Values.ToArray()).ToArray()),
    ];

    /// <summary>The values before the first step, copies of the parameters among them, are rounded to nearest.</summary>
    private static void EncodeFirstValues(Optimizer<float> optimizer, OptimizerOptions options)
    {
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            for (int state = 0; state < optimizer.Definition.States.Count; state++)
            {
                Span<float> values = optimizer.GetState(parameter, optimizer.Definition.States[state].Name);
                RoundTrip(values, optimizer, parameter.Index, state, options with { StateRounding = StorageRounding.Nearest }, static _ => true);
            }
        }
    }

    /// <summary>
    /// Restores the rows without a gradient, and encodes and decodes all states that the step has written: those of a row, or those of the blocks that have a
    /// part of it.
    /// </summary>
    private static void Restore(Optimizer<float> optimizer, float[][][] before, int step, OptimizerOptions options)
    {
        foreach (Parameter<float> parameter in optimizer.Parameters)
        {
            bool isTable = parameter.Name == "table";
            int width = parameter.Length / parameter.Shape[0];
            HashSet<int> touched = isTable ? [.. Tables.Batch(parameter, step).Indices] : [.. Enumerable.Range(0, parameter.Shape[0])];
            for (int stream = 0; stream < before[parameter.Index].Length; stream++)
            {
                Span<float> values = stream == 0 ? parameter.Values : optimizer.GetState(parameter, optimizer.Definition.States[stream - 1].Name);
                for (int i = 0; i < values.Length; i++)
                {
                    // A state may have a number for each row.
                    int row = (int)((long)i * parameter.Length / values.Length) / width;
                    values[i] = touched.Contains(row) ? values[i] : before[parameter.Index][stream][i];
                }

                if (stream > 0)
                {
                    RoundTrip(values, optimizer, parameter.Index, stream - 1, options, element => touched.Contains(element / width));
                }
            }
        }
    }

    private static void RoundTrip(Span<float> values, Optimizer<float> optimizer, int tensor, int state, OptimizerOptions options, Func<int, bool> isTouched)
    {
        if (optimizer.Definition.States[state].Granularity == StateGranularity.Row)
        {
            return;
        }

        StochasticRounding? rounding = options.StateRounding == StorageRounding.Nearest ? null : new(options.RoundingSeed, optimizer.StepCount, tensor, state);
        bool isNonNegative = optimizer.Definition.States[state].IsNonNegative;
        for (int start = 0; start < values.Length; start += StorageCodec.BlockLength)
        {
            Span<float> block = values[start..Math.Min(values.Length, start + StorageCodec.BlockLength)];
            if (options.StateStorage == Storage.Block8 && Enumerable.Range(start, block.Length).Any(isTouched))
            {
                var codes = new byte[block.Length];
                ushort scale = StorageCodec.EncodeBlock(block, isNonNegative, rounding, start, codes);
                StorageCodec.DecodeBlock(codes, scale, isNonNegative, block);
            }

            for (int i = 0; i < block.Length && options.StateStorage == Storage.BFloat16; i++)
            {
                if (isTouched(start + i))
                {
                    block[i] = StorageCodec.DecodeBFloat16(
                        rounding is { } random ? StorageCodec.EncodeBFloat16(block[i], random.Bits(start + i)) : StorageCodec.EncodeBFloat16(block[i]));
                }
            }
        }
    }
}
