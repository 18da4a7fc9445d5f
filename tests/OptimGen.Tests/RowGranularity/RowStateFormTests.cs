using OptimGen.Tests.Kernels;
using OptimGen.Tests.Rows;

namespace OptimGen.Tests.RowGranularity;

/// <summary>States of rows beside what is kept in another form, and in tables that are updated by rows.</summary>
public class RowStateFormTests
{
    private static readonly OptimizerOptions[] Forms =
    [
        new(), new() { StateStorage = Storage.BFloat16, RoundingSeed = 7 }, new() { StateStorage = Storage.BFloat16, StateRounding = StorageRounding.Nearest },
        new() { StateStorage = Storage.Block8, RoundingSeed = 9 },
    ];

    public static TheoryData<int> Positions => new(Enumerable.Range(0, Forms.Length));

    /// <summary>Steps by rows have the bits of steps over all elements, whatever the other state is kept in; in blocks, rows are whole ones.</summary>
    [Theory, MemberData(nameof(Positions))]
    public void CaughtUp_HasTheBitsOfStepsOverAllElements(int form)
    {
        foreach (int[] shape in Forms[form].StateStorage == Storage.Block8 ? new int[][] { [29, 256], [9, 2, 256] } : new int[][] { [90, 1], [41, 70], [29, 64], [5, 600] })
        {
            RowwiseAdam byRows = Make(shape, Forms[form]), dense = Make(shape, Forms[form]);
            byRows.UpdateByRows(byRows.Parameters[0], RowUpdates.CaughtUp, mostMissedSteps: 3);
            byRows.AverageParameters(0.9);
            dense.AverageParameters(0.9);
            for (int step = 1; step <= 7; step++)
            {
                Tables.Change(byRows, step);
                Tables.Change(dense, step);
                (int[] indices, float[] gradients) = Tables.Batch(dense.Parameters[0], step);
                Tables.Scatter(dense.Parameters[0], indices, gradients);
                byRows.StepRows(byRows.Parameters[0], indices, gradients);
                dense.Step();
            }

            Tables.AssertEqual(byRows, dense, $"form {form}, [{string.Join(", ", shape)}]");
        }
    }

    /// <summary>A row takes the steps in which it has a gradient, and those alone: its bits are those of a table that has no other row.</summary>
    [Theory, MemberData(nameof(Positions))]
    public void Lazy_UpdatesTheRowsWithAGradientAlone(int form)
    {
        bool isStochastic = form is 1 or 3;
        int width = Forms[form].StateStorage == Storage.Block8 ? 256 : 70;
        RowwiseAdam many = Make([6, width], Forms[form]), one = Make([1, width], Forms[form]);
        Parameter<float> table = many.Parameters[0], alone = one.Parameters[0];
        int row = isStochastic ? 0 : 4;
        table.Values.Slice(row * width, width).CopyTo(alone.Values);
        float[] others = table.Values.ToArray();
        for (int step = 1; step <= 5; step++)
        {
            float[] gradient = Data.Gradient(width, step);
            many.StepRows(table, [row], gradient);
            one.StepRows(alone, [0], gradient);
        }

        alone.Values.CopyTo(others.AsSpan(row * width, width));
        Bits.AssertEqual(table.Values, others, $"form {form}, values");
        Assert.Equal(one.States.SecondMoment(alone)[0], many.States.SecondMoment(table)[row]);
        Assert.Equal(5, many.States.SecondMoment(table).ToArray().Count(number => number == 0));
    }

    /// <summary>A moment in bfloat16 is rounded after each step, and nothing else is.</summary>
    [Fact]
    public void AStateInBFloat16_IsRoundedBesideOneOfRows()
    {
        foreach (int width in new[] { 1, 7, 64, 300 })
        {
            RowwiseAdam optimizer = Make([3, width], Forms[2]);
            Parameter<float> table = optimizer.Parameters[0];
            float[] parameters = table.Values.ToArray(), first = new float[table.Length], second = new float[3];
            Assert.Equal(Storage.Native, optimizer.StorageOf("secondMoment"));
            for (int step = 1; step <= 4; step++)
            {
                Data.Gradient(table.Length, step).CopyTo(table.Gradients);
                optimizer.Step();
                RowReferences.Adam(parameters, table.Gradients.ToArray(), first, second, step);
                for (int i = 0; i < first.Length; i++)
                {
                    first[i] = (float)(BFloat16)first[i];
                }
            }

            Bits.AssertEqual(optimizer.GetState(table, "firstMoment"), first, $"width {width}, first moment");
            Bits.AssertEqual(optimizer.GetState(table, "secondMoment"), second, $"width {width}, second moment");
            Bits.AssertEqual(table.Values, parameters, $"width {width}, values");
        }
    }

    /// <summary>The same as with the sum as the gradient, for rows longer than a buffer too, with gradients scaled, by a subnormal number too, and set to zero.</summary>
    [Theory, InlineData(1), InlineData(0.3), InlineData(1e-42)]
    public void GradientAddends_AreSummedForBothPasses(double scale)
    {
        foreach (int[] shape in new int[][] { [5, 33], [2, 9000] })
        {
            RowwiseAdam summed = Make(shape, new()), plain = Make(shape, new());
            Parameter<float> table = summed.Parameters[0], other = plain.Parameters[0];
            GradientAddend<float> addend = summed.Parameters.AddGradients();
            foreach (RowwiseAdam optimizer in new[] { summed, plain })
            {
                (optimizer.GradientScale, optimizer.ZeroGradientsAfterStep) = (scale, true);
            }

            for (int step = 1; step <= 3; step++)
            {
                float[] first = [.. Data.Gradient(table.Length, step).Select(one => one * (scale < 1e-20 ? 1e30f : 1))], second = [.. first.Reverse()];
                first.CopyTo(table.Gradients);
                second.CopyTo(addend.Of(table));
                for (int i = 0; i < first.Length; i++)
                {
                    other.Gradients[i] = first[i] + second[i];
                }

                summed.Step();
                plain.Step();
                Assert.Equal(0, table.Gradients.ToArray().Count(gradient => gradient != 0));
                Assert.Equal(0, addend.Of(table).ToArray().Count(gradient => gradient != 0));
            }

            Tables.AssertEqual(summed, plain, $"[{string.Join(", ", shape)}]");
        }
    }

    /// <summary>Gradients and parameters in bfloat16: the same as in single precision with those numbers, each parameter rounded after the step.</summary>
    [Fact]
    public void ParametersAndGradientsInBFloat16_GoByTiles()
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", new ParameterStorage { Values = Storage.BFloat16, Gradients = Storage.BFloat16 }, 4, 288);
        float[] parameters = [.. Data.Values(table.Length).Select(value => (float)(BFloat16)value)], first = new float[table.Length], second = new float[4];
        table.SetValues(parameters);
        var optimizer = new RowwiseAdam(set, new OptimizerOptions { BFloat16Update = BFloat16Update.Nearest });
        for (int step = 1; step <= 3; step++)
        {
            float[] gradients = [.. Data.Gradient(table.Length, step).Select(value => (float)(BFloat16)value)];
            table.SetGradients(gradients);
            optimizer.Step();
            RowReferences.Adam(parameters, gradients, first, second, step);
            for (int i = 0; i < parameters.Length; i++)
            {
                parameters[i] = (float)(BFloat16)parameters[i];
            }
        }

        Bits.AssertEqual(optimizer.States.SecondMoment(table), second, "second moment");
        Bits.AssertEqual([.. table.BFloat16Values.ToArray().Select(value => (float)value)], parameters, "values");
    }

    [Fact]
    public void RowsThatShareABlockOrAGroup_AreRefused()
    {
        NotSupportedException blocks = Assert.Throws<NotSupportedException>(() => Make([4, 64], new() { StateStorage = Storage.Block8 }));
        Assert.Contains("'table' has states in blocks and has rows of 64 elements", blocks.Message, StringComparison.Ordinal);
        Assert.Contains("'secondMoment' of RowwiseAdam", blocks.Message, StringComparison.Ordinal);
        Assert.Contains("a multiple of 256", blocks.Message, StringComparison.Ordinal);
        var set = new ParameterSet();
        set.Add("table", new ParameterStorage { Values = Storage.BFloat16 }, 5, 48);
        NotSupportedException group = Assert.Throws<NotSupportedException>(() => new RowwiseAdam(set));
        Assert.Contains("'table' is kept in bfloat16 and has rows of 48 elements", group.Message, StringComparison.Ordinal);
    }

    /// <summary>A rule by hand that says wrongly which of its states are of rows, or defines one that cannot be.</summary>
    [Fact]
    public void AWrongDefinition_IsRefused()
    {
        ArgumentException order = Assert.Throws<ArgumentException>(() => new ByHand(new() { Granularity = StateGranularity.Row }, 1));
        Assert.Contains("AssignedRowStates of ByHand has 1", order.Message, StringComparison.Ordinal);
        Assert.Contains(
            "'sum' has one number for each row, and cannot be kept as Block8",
            Assert.Throws<NotSupportedException>(() => new ByHand(new() { Granularity = StateGranularity.Row, Storage = Storage.Block8 }, 0)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'sum' has one number for each row, and cannot start as a copy",
            Assert.Throws<NotSupportedException>(() => new ByHand(new() { Granularity = StateGranularity.Row, Copies = true }, 0)).Message, StringComparison.Ordinal);
    }

    private sealed record Form
    {
        public StateGranularity Granularity { get; init; }

        public Storage Storage { get; init; }

        public bool Copies { get; init; }
    }

    private sealed class ByHand(Form form, int assigned) : Optimizer<float>(new ParameterSet().With([4, 3]), new Rule(form, assigned))
    {
        private sealed class Rule(Form form, int assigned) : OptimGen.CompilerServices.StepRule<float>(
            new OptimizerDefinition("ByHand", [], [], [new("sum", CopiesParameter: form.Copies) { Granularity = form.Granularity, Storage = form.Storage }, new("moment")]))
        {
            public override ReadOnlySpan<int> AssignedRowStates => new[] { assigned };

            public override OptimGen.CompilerServices.RuleKernels<float> KernelsFor(InstructionSet instructionSet) => throw new NotSupportedException();
        }
    }

    private static RowwiseAdam Make(int[] shape, OptimizerOptions options)
    {
        var set = new ParameterSet();
        Parameter<float> table = set.Add("table", shape);
        Data.Values(table.Length).CopyTo(table.Values);
        return new RowwiseAdam(set, options);
    }
}
