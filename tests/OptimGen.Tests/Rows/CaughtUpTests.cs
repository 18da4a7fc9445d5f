using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Rows;

/// <summary>Rows that take the steps that they have missed have the bits of steps over all elements, with gradients of zero in the other rows.</summary>
public class CaughtUpTests
{
    [Theory]
    [MemberData(nameof(Tables.NamesInEveryForm), MemberType = typeof(Tables))]
    public void EveryOptimizer_HasTheBitsOfStepsOverAllElements(string name, int form)
    {
        foreach (int[] shape in Tables.Shapes)
        {
            Optimizer<float> byRows = Tables.Make(name, new ParameterSet().With(shape), Tables.Forms[form]);
            Optimizer<float> dense = Tables.Make(name, new ParameterSet().With(shape), Tables.Forms[form]);
            byRows.UpdateByRows(byRows.Parameters["table"], RowUpdates.CaughtUp, mostMissedSteps: 4);
            for (int step = 1; step <= 11; step++)
            {
                Tables.Step(byRows, dense, step);
            }

            byRows.CatchUp();
            Bits.AssertEqual(byRows.Parameters["table"].Values, dense.Parameters["table"].Values, $"{name}, form {form}");
            Tables.AssertEqual(byRows, dense, $"{name}, form {form}");
        }
    }

    /// <summary>Whatever the limit is: reached in each step, in some, or never.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(7), InlineData(1000)]
    public void AnyLimit_AndAnAverage_HaveTheSameBits(int mostMissedSteps)
    {
        foreach (int form in new[] { 0, 1, 3 })
        {
            foreach (int[] shape in Tables.Shapes)
            {
                var byRows = new AdamW(new ParameterSet().With(shape), Tables.Forms[form]);
                var dense = new AdamW(new ParameterSet().With(shape), Tables.Forms[form]);
                byRows.UpdateByRows(byRows.Parameters["table"], RowUpdates.CaughtUp, mostMissedSteps);
                for (int step = 1; step <= 16; step++)
                {
                    if (step == 4)
                    {
                        byRows.AverageParameters(0.9);
                        dense.AverageParameters(0.9);
                    }

                    if (step == 9)
                    {
                        (byRows.KeptAverage!.Decay, dense.KeptAverage!.Decay) = (0.5, 0.5);
                    }

                    Tables.Step(byRows, dense, step);
                }

                Tables.AssertEqual(byRows, dense, $"limit {mostMissedSteps}, form {form}");
            }
        }
    }

    /// <summary>Rows that are read before each step, as by a forward pass, are those of the run over all elements, and the others are behind.</summary>
    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public void SomeRows_AreCaughtUpByThemselves(int form)
    {
        var byRows = new AdamW(new ParameterSet().With([5000, 3]), Tables.Forms[form]);
        var dense = new AdamW(new ParameterSet().With([5000, 3]), Tables.Forms[form]);
        Parameter<float> table = byRows.Parameters["table"], whole = dense.Parameters["table"];
        byRows.UpdateByRows(table, RowUpdates.CaughtUp);
        for (int step = 1; step <= 8; step++)
        {
            Tables.Step(byRows, dense, step);
            int[] read = [step, 200 - step, step, 300 * step];
            byRows.CatchUp(table, read);
            foreach (int row in read)
            {
                Bits.AssertEqual(table.Values.Slice(row * 3, 3), whole.Values.Slice(row * 3, 3), $"step {step}, row {row}");
            }
        }

        Assert.False(table.Values.SequenceEqual(whole.Values), "No row was behind, so nothing was tested.");
        byRows.CatchUp(table);
        Bits.AssertEqual(table.Values, whole.Values, "in the end");
    }

    /// <summary>Whoever reads all values through the library reads those of the run over all elements.</summary>
    [Fact]
    public void WhatReadsValues_CatchesUp()
    {
        Action<Optimizer<float>>[] readers =
        [
            optimizer => Checkpoint.Save(new MemoryStream(), optimizer.Parameters),
            optimizer => Checkpoint.Save(new MemoryStream(), optimizer),
            optimizer => optimizer.GetState(optimizer.Parameters["table"], "firstMoment"),
            optimizer => optimizer.AverageParameters(0.5),
            optimizer => optimizer.UpdateByRows(optimizer.Parameters["table"]),
        ];
        foreach (Action<Optimizer<float>> read in readers)
        {
            Adam byRows = new(new ParameterSet().With([100, 3])), dense = new(new ParameterSet().With([100, 3]));
            byRows.UpdateByRows(byRows.Parameters["table"], RowUpdates.CaughtUp);
            for (int step = 1; step <= 4; step++)
            {
                Tables.Step(byRows, dense, step);
            }

            Assert.False(byRows.Parameters["table"].Values.SequenceEqual(dense.Parameters["table"].Values));
            read(byRows);
            Bits.AssertEqual(byRows.Parameters["table"].Values, dense.Parameters["table"].Values, "values");
        }
    }

    /// <summary>An average that is evaluated is that of the run over all elements, and the values come back.</summary>
    [Fact]
    public void AnAverage_IsEvaluated()
    {
        Adam byRows = new(new ParameterSet().With([100, 3])), dense = new(new ParameterSet().With([100, 3]));
        byRows.UpdateByRows(byRows.Parameters["table"], RowUpdates.CaughtUp);
        byRows.AverageParameters(0.5);
        dense.AverageParameters(0.5);
        for (int step = 1; step <= 4; step++)
        {
            Tables.Step(byRows, dense, step);
        }

        using (byRows.KeptAverage!.Evaluate())
        using (dense.KeptAverage!.Evaluate())
        {
            byRows.CatchUp();
            Bits.AssertEqual(byRows.Parameters["table"].Values, dense.Parameters["table"].Values, "while evaluated");
        }

        Tables.AssertEqual(byRows, dense, "afterwards");
    }

    /// <summary>Changed semantics in the middle: rows are caught up before they begin to stand still, and stand still from then on.</summary>
    [Fact]
    public void TwoTablesAndAChange_KeepTheirSteps()
    {
        ParameterSet set = new(), denseSet = new();
        foreach (ParameterSet one in new[] { set, denseSet })
        {
            Data.Values(300).CopyTo(one.Add("first", 100, 3).Values);
            Data.Values(640).CopyTo(one.AddGroup("slow").Add("second", 10, 64).Values);
        }

        AdamW byRows = new(set), dense = new(denseSet);
        byRows.UpdateByRows(set["first"], RowUpdates.CaughtUp, 3);
        for (int step = 1; step <= 8; step++)
        {
            if (step == 4)
            {
                byRows.UpdateByRows(set["second"], RowUpdates.CaughtUp, 5);
            }

            (byRows.LearningRate, dense.LearningRate) = (0.1f / step, 0.1f / step);
            (byRows.For(set.Groups[1]).WeightDecay, dense.For(denseSet.Groups[1]).WeightDecay) = (0.5f / step, 0.5f / step);
            foreach (string name in new[] { "first", "second" })
            {
                (int[] indices, float[] gradients) = Tables.Batch(denseSet[name], step);
                Tables.Scatter(denseSet[name], indices, gradients);
                if (byRows.RowUpdatesOf(set[name]) is null)
                {
                    Tables.Scatter(set[name], indices, gradients);
                }
                else
                {
                    byRows.AddRowGradients(set[name], indices, gradients);
                }
            }

            byRows.Step();
            dense.Step();
        }

        Tables.AssertEqual(byRows, dense, "two tables");
    }

    /// <summary>Parameters in bfloat16, in each way of writing them, with states in the element type and in blocks.</summary>
    [Theory]
    [InlineData(BFloat16Update.Stochastic), InlineData(BFloat16Update.Nearest), InlineData(BFloat16Update.Kahan), InlineData(BFloat16Update.Split), InlineData(BFloat16Update.Master)]
    public void ParametersInBFloat16_HaveTheBitsOfStepsOverAllElements(BFloat16Update update)
    {
        foreach (Storage states in new[] { Storage.Native, Storage.BFloat16, Storage.Block8 })
        {
            var options = new OptimizerOptions { BFloat16Update = update, StateStorage = states, RoundingSeed = 3 };
            (AdamW byRows, AdamW dense) = (Make(), Make());
            Parameter<float> table = byRows.Parameters[0], whole = dense.Parameters[0];
            byRows.UpdateByRows(table, RowUpdates.CaughtUp, mostMissedSteps: 3);
            for (int step = 1; step <= 7; step++)
            {
                (int[] indices, float[] gradients) = Tables.Batch(table, step);
                var scattered = new float[table.Length];
                for (int i = 0; i < indices.Length; i++)
                {
                    for (int column = 0; column < 96; column++)
                    {
                        scattered[(indices[i] * 96) + column] += gradients[(i * 96) + column];
                    }
                }

                whole.SetGradients(scattered);
                byRows.StepRows(table, indices, gradients);
                dense.Step();
            }

            byRows.CatchUp();
            Assert.Equal(whole.BFloat16Values.ToArray(), table.BFloat16Values.ToArray());
            Assert.Equal(dense.States.SecondMoment(whole).ToArray(), byRows.States.SecondMoment(table).ToArray());

            AdamW Make()
            {
                var set = new ParameterSet();
                Parameter<float> made = set.Add("table", new ParameterStorage { Values = Storage.BFloat16 }, 40, 96);
                made.SetValues(Data.Values(made.Length));
                return new AdamW(set, options) { LearningRate = 0.01f };
            }
        }
    }

    [Fact]
    public void ARuleByHand_IsCaughtUpOnlyIfItSaysThatItCan()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", 4, 2);
        var optimizer = new Training.GradientDescent<float>(set);
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => optimizer.UpdateByRows(table, RowUpdates.CaughtUp));
        Assert.Contains("GradientDescent", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'table'", refusal.Message, StringComparison.Ordinal);
        Assert.Null(optimizer.RowUpdatesOf(table));
        optimizer.LearningRate = 0.5f;
        optimizer.StepRows(table, [2], [1, 3]);
        Assert.Equal([0, 0, 0, 0, -0.5f, -1.5f, 0, 0], table.Values.ToArray());
    }
}
