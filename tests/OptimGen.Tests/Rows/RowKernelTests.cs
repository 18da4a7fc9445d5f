using OptimGen.CompilerServices;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Rows;

/// <summary>The kernels over a list of rows have the bits of a call for each row, and touch no other row.</summary>
public class RowKernelTests
{
    /// <summary>One element, tails alone, vectors with and without a tail, rows that begin in the middle of a cache line.</summary>
    private static readonly int[] Widths = [1, 5, 16, 24, 33, 64, 130];

    public static TheoryData<string> Names => [.. Tables.Names];

    /// <summary>Otherwise the comparison with a call for each row would compare that with itself.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void EveryOptimizer_HasThemForEachInstructionSet(string name)
    {
        Type[] kernels =
        [
            .. typeof(Optimizer).Assembly.GetTypes().Where(type =>
                type.Namespace == "OptimGen.Generated.ForOptimGen_" + name && typeof(RuleKernels<float>).IsAssignableFrom(type)),
        ];
        Assert.Equal(Enum.GetValues<InstructionSet>().Length, kernels.Length);
        Assert.All(kernels, type => Assert.Equal(type, type.GetMethod(nameof(RuleKernels<float>.UpdateRows))!.DeclaringType));
        bool hasMeans = Tables.Make(name, new ParameterSet().With([2, 2]), new OptimizerOptions()).Definition.States.Any(state => state.Granularity == StateGranularity.Row);
        Assert.All(kernels, type => Assert.Equal(hasMeans, type.GetMethod(nameof(RuleKernels<float>.ReduceRows))!.DeclaringType == type));
    }

    /// <summary>
    /// Clipped, scaled and plain steps, with and without an average, in the orders and with the duplicates of <see cref="Tables.Batch"/>; the steps are more than
    /// those after which a rule such as RAdam changes its kernel.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void EveryOptimizer_HasTheBitsOfACallForEachRow(string name)
    {
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            foreach (int width in Widths)
            {
                Optimizer<float> byLists = Make(name, 90, width, set), byRows = Make(name, 90, width, set);
                byRows.UsesRowKernels = false;
                for (int step = 1; step <= 8; step++)
                {
                    if (step == 3)
                    {
                        byLists.AverageParameters(0.75);
                        byRows.AverageParameters(0.75);
                    }

                    foreach (Optimizer<float> optimizer in new[] { byLists, byRows })
                    {
                        Tables.Change(optimizer, step);
                        (int[] indices, float[] gradients) = Tables.Batch(optimizer.Parameters["table"], step);
                        optimizer.AddRowGradients(optimizer.Parameters["table"], indices, gradients);
                        optimizer.Step();
                    }
                }

                Tables.AssertEqual(byLists, byRows, $"{name}, {set}, width {width}");
            }
        }
    }

    /// <summary>Numbers of rows beside those that are prefetched together, the last row among them, and lists that are shared among threads.</summary>
    [Theory]
    [InlineData(64, 1), InlineData(64, 3), InlineData(50, 1), InlineData(50, 2), InlineData(7, 1), InlineData(1000, 2)]
    public void AnyNumberOfRows_OnAnyNumberOfThreads(int width, int threads)
    {
        const int RowCount = 3000;
        int[] counts = [1, 2, 7, 8, 9, 15, 16, 17, 64, 65, 130, .. threads > 1 ? [RowCount] : Array.Empty<int>()];
        foreach (RowUpdates updates in Enum.GetValues<RowUpdates>())
        {
            Optimizer<float> byLists = Make("AdamW", RowCount, width, InstructionSets.Supported[0]), byRows = Make("AdamW", RowCount, width, InstructionSet.Scalar);
            byRows.UsesRowKernels = false;
            byLists.MaxDegreeOfParallelism = threads;
            foreach (Optimizer<float> optimizer in new[] { byLists, byRows })
            {
                Parameter<float> table = optimizer.Parameters["table"];
                optimizer.UpdateByRows(table, updates, mostMissedSteps: 6);
                foreach (int count in counts)
                {
                    int[] indices = new int[RowCount];
                    for (int i = 0; i < RowCount; i++)
                    {
                        indices[i] = RowCount - 1 - i;
                    }

                    new Random(count).Shuffle(indices.AsSpan(1));
                    optimizer.SetHyperparameter("LearningRate", 0.1 / count);
                    optimizer.AddRowGradients(table, indices.AsSpan(0, count), Data.Gradient(count * width, count));
                    optimizer.Step();
                }

                optimizer.CatchUp();
            }

            Tables.AssertEqual(byLists, byRows, $"{updates}, width {width}, {threads} threads");
        }
    }

    /// <summary>The table in foreign memory that begins in the middle of a cache line, between numbers that no step may touch.</summary>
    [Theory]
    [InlineData("AdamW", 1), InlineData("AdamW", 16), InlineData("AdamW", 31)]
    [InlineData("RowwiseAdagrad", 1), InlineData("RowwiseAdagrad", 16), InlineData("RowwiseAdagrad", 31)]
    public void MemoryBesideTheTable_StaysAsItIs(string name, int width)
    {
        const int Guard = 67, RowCount = 41;
        float[] memory = new float[Guard + (RowCount * width) + Guard];
        Array.Fill(memory, 8.5f);
        Data.Values(RowCount * width).CopyTo(memory, Guard);
        ParameterSet wrapped = new(), own = new();
        Parameter<float> table = wrapped.Wrap("table", memory.AsMemory(Guard, RowCount * width), new float[RowCount * width], RowCount, width);
        Parameter<float> reference = own.Add("table", RowCount, width);
        Data.Values(RowCount * width).CopyTo(reference.Values);
        Optimizer<float> byLists = Tables.Make(name, wrapped, new OptimizerOptions()), byRows = Tables.Make(name, own, new OptimizerOptions());
        byRows.UsesRowKernels = false;
        for (int step = 1; step <= 4; step++)
        {
            // The first and the last row, and some between.
            int[] indices = [RowCount - 1, 0, 20, step, RowCount - 1, 30 + step];
            byLists.StepRows(table, indices, Data.Gradient(indices.Length * width, step));
            byRows.StepRows(reference, indices, Data.Gradient(indices.Length * width, step));
        }

        Bits.AssertEqual(table.Values, reference.Values, $"width {width}");
        Assert.All(memory.Take(Guard).Concat(memory.TakeLast(Guard)), value => Assert.Equal(8.5f, value));
    }

    /// <summary>Rows that stand at different steps are caught up together; each takes the steps that it has missed, and no other.</summary>
    [Fact]
    public void RowsAtDifferentSteps_AreCaughtUpTogether()
    {
        foreach (string name in new[] { "RAdam", "AdamW", "AmsGrad", "Lion" })
        {
            Optimizer<float> byLists = Make(name, 60, 40, InstructionSets.Supported[0]), dense = Make(name, 60, 40, InstructionSets.Supported[0]);
            byLists.UpdateByRows(byLists.Parameters["table"], RowUpdates.CaughtUp);
            for (int step = 1; step <= 30; step++)
            {
                Tables.Step(byLists, dense, step);
            }

            Assert.False(byLists.Parameters["table"].Values.SequenceEqual(dense.Parameters["table"].Values), "No row was behind, so nothing was tested.");
            byLists.CatchUp(byLists.Parameters["table"], [.. Enumerable.Range(0, 30).Select(i => 2 * i)]);
            byLists.CatchUp();
            Tables.AssertEqual(byLists, dense, name);
        }
    }

    private static Optimizer<float> Make(string name, int rowCount, int width, InstructionSet set)
    {
        Optimizer<float> optimizer = Tables.Make(name, new ParameterSet().With([rowCount, width]), new OptimizerOptions());
        optimizer.InstructionSet = set;
        return optimizer;
    }
}
