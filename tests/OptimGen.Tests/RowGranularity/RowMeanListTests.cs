using System.Numerics;
using System.Runtime.CompilerServices;
using OptimGen.CompilerServices;
using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.RowGranularity;

/// <summary>Rules with states of rows over lists of rows have the bits of calls for each row.</summary>
public class RowMeanListTests
{
    private const int RowCount = 37;

    /// <summary>Tails alone, all lanes once and several times, with and without a tail.</summary>
    private static readonly int[] Widths = [1, 3, 16, 48, 64, 100, 300];

    public static TheoryData<InstructionSet> Sets => new(InstructionSets.Supported);

    /// <summary>One mean, one beside a state of elements, one among branches, one that no kernel over lists sums, and two of which the second depends on the first.</summary>
    [Theory, MemberData(nameof(Sets))]
    public void EveryRule_HasTheBitsOfACallForEachRow(InstructionSet set)
    {
        foreach (RowUpdates updates in Enum.GetValues<RowUpdates>())
        {
            CheckTables<float>(parameters => new RowwiseAdagrad(parameters), set, updates);
            CheckTables<float>(parameters => new RowwiseAdam(parameters), set, updates);
            CheckTables<float>(parameters => new BranchingRows(parameters), set, updates);
            CheckTables<float>(parameters => new CountedRows(parameters), set, updates);
            CheckTables<double>(parameters => new ChainedMeans(parameters), set, updates);
        }
    }

    /// <summary>Steps over all rows: embeddings, vectors, of which each element is a row, and tensors that are divided among threads.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void StepsOverAllRows_HaveTheBitsOfACallForEachRow(int threads)
    {
        foreach (int[] shape in new int[][] { [5, 33], [83], [1, 300], [130, 2, 16], [3001, 40], [70_000] })
        {
            CheckDense<float>(parameters => new RowwiseAdagrad(parameters), shape, threads);
            CheckDense<double>(parameters => new ChainedMeans(parameters), shape, threads);
            CheckDense<double>(parameters => new TwoMeans(parameters), shape, threads);
        }
    }

    /// <summary>Lists that are shared among threads, with the last row of the table, and rows that are prefetched together or not at all.</summary>
    [Theory, InlineData(64, 1), InlineData(64, 3), InlineData(100, 3), InlineData(9, 3)]
    public void AnyNumberOfRows_OnAnyNumberOfThreads(int width, int threads)
    {
        const int Rows = 3000;
        Func<ParameterSet<float>, Optimizer<float>>[] rules = [parameters => new RowwiseAdagrad(parameters), parameters => new RowwiseAdam(parameters)];
        foreach (Func<ParameterSet<float>, Optimizer<float>> make in rules)
        {
            (Optimizer<float> byLists, Optimizer<float> byRows) = (Make(make, InstructionSets.Supported[0], Rows, width), Make(make, InstructionSet.Scalar, Rows, width));
            byRows.UsesRowKernels = false;
            byLists.MaxDegreeOfParallelism = threads;
            foreach (int count in new[] { 1, 2, 15, 16, 33, 64, 65, 129, Rows })
            {
                int[] indices = [.. Enumerable.Range(0, Rows).Select(i => Rows - 1 - i)];
                new Random(count).Shuffle(indices.AsSpan(1));
                byLists.StepRows(byLists.Parameters[0], indices.AsSpan(0, count), Data.Gradient(count * width, count));
                byRows.StepRows(byRows.Parameters[0], indices.AsSpan(0, count), Data.Gradient(count * width, count));
            }

            AssertEqual(byLists, byRows, $"{byLists.Definition.Name}, width {width}, {threads} threads");
        }
    }

    /// <summary>Of a rule by hand too: the rows that stay in the cache are one call for the sums and one for the update, and as many for the tail if there is one.</summary>
    [Theory, InlineData(32, 1), InlineData(37, 2), InlineData(5, 1)]
    public void AListOfRows_IsOneCall(int width, int calls)
    {
        var rule = new CountingRule();
        var set = new ParameterSet<float>();
        Parameter<float> table = set.Add("table", 100, width);
        // The last before the scalar kernels, so that there are no vectors of two lengths.
        bool hasVectors = InstructionSets.Supported.Count > 1;
        var optimizer = new ByHand(set, rule) { InstructionSet = InstructionSets.Supported[hasVectors ? ^2 : 0] };
        int[] rows = [.. Enumerable.Range(40, 20)];
        optimizer.StepRows(table, rows, [.. Enumerable.Repeat(2f, rows.Length * width)]);
        Assert.Equal(hasVectors ? calls : 1, rule.Sums);
        Assert.Equal(hasVectors ? calls : 1, rule.Updates);
        Assert.Equal(rows, Enumerable.Range(0, 100).Where(row => optimizer.GetState(table, "mean")[row] == 2));
        Assert.Equal(rows.Length * width, table.Values.ToArray().Count(value => value == -4));
    }

    private static void CheckTables<T>(Func<ParameterSet<T>, Optimizer<T>> make, InstructionSet set, RowUpdates updates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int width in Widths)
        {
            (Optimizer<T> byLists, Optimizer<T> byRows) = (Make(make, set, RowCount, width), Make(make, set, RowCount, width));
            byRows.UsesRowKernels = false;
            foreach (Optimizer<T> optimizer in new[] { byLists, byRows })
            {
                optimizer.UpdateByRows(optimizer.Parameters[0], updates, mostMissedSteps: 4);
                for (int step = 1; step <= 9; step++)
                {
                    if (step == 3)
                    {
                        optimizer.AverageParameters(0.75);
                    }

                    Change(optimizer, step);
                    int[] indices = [.. Enumerable.Range(0, RowCount).Where(row => row == RowCount - 1 || (row + step) % 3 == 0), step];
                    optimizer.StepRows(optimizer.Parameters[0], indices, Gradients<T>(indices.Length * width, step));
                }

                optimizer.CatchUp();
            }

            AssertEqual(byLists, byRows, $"{byLists.Definition.Name}, {set}, {updates}, width {width}");
        }
    }

    private static void CheckDense<T>(Func<ParameterSet<T>, Optimizer<T>> make, int[] shape, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Optimizer<T> byLists, Optimizer<T> byRows) = (Make(make, InstructionSets.Supported[0], shape), Make(make, InstructionSets.Supported[0], shape));
        byRows.UsesRowKernels = false;
        byLists.MaxDegreeOfParallelism = threads;
        foreach (Optimizer<T> optimizer in new[] { byLists, byRows })
        {
            for (int step = 1; step <= 6; step++)
            {
                if (step == 3)
                {
                    optimizer.AverageParameters(0.75);
                }

                // The special values are below; their norms are not finite, which a rule with reductions refuses.
                Change(optimizer, Math.Min(step, 5));
                optimizer.ZeroGradientsAfterStep = step % 2 == 0;
                Gradients<T>(optimizer.Parameters[0].Length, Math.Min(step, 5)).CopyTo(optimizer.Parameters[0].Gradients);
                optimizer.Step();
                Assert.Equal(optimizer.ZeroGradientsAfterStep, optimizer.Parameters[0].Gradients.IndexOfAnyExcept(T.Zero) < 0);
            }
        }

        AssertEqual(byLists, byRows, $"{byLists.Definition.Name}, [{string.Join(", ", shape)}], {threads} threads");
    }

    /// <summary>Plain steps, scaled and clipped ones, one whose factor is no normal number, and from the sixth on special values.</summary>
    private static void Change<T>(Optimizer<T> optimizer, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        optimizer.NonFiniteGradients = NonFiniteGradientPolicy.Allow;
        optimizer.GradientScale = step switch { 2 or 7 => 0.3, 5 => typeof(T) == typeof(float) ? 1e-42 : 1e-310, _ => 1 };
        optimizer.MaxGradientNorm = step == 3 ? 0.5 : null;
        optimizer.MaxGradientValue = step is 4 or 8 ? 0.7 : null;
    }

    private static T[] Gradients<T>(int length, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. (step > 5 ? Data.Special(length, step) : Data.Gradient(length, step)).Select(gradient => T.CreateChecked(gradient * (step == 5 ? 1e30f : 1)))];

    private static Optimizer<T> Make<T>(Func<ParameterSet<T>, Optimizer<T>> make, InstructionSet set, params int[] shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterSet<T>();
        Parameter<T> table = parameters.Add("table", shape);
        Data.Values(table.Length).Select(value => T.CreateChecked(value)).ToArray().CopyTo(table.Values);
        Optimizer<T> optimizer = make(parameters);
        optimizer.InstructionSet = set;
        return optimizer;
    }

    private static void AssertEqual<T>(Optimizer<T> got, Optimizer<T> want, string where)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (Parameter<T> one, Parameter<T> other) = (got.Parameters[0], want.Parameters[0]);
        foreach (StateDefinition state in want.Definition.States)
        {
            AssertEqual<T>(got.GetState(one, state.Name), want.GetState(other, state.Name), $"{where}, {state.Name}");
        }

        if (want.KeptAverage is { } average)
        {
            AssertEqual<T>(got.KeptAverage!.Of(one), average.Of(other), $"{where}, average");
        }

        AssertEqual<T>(one.Values, other.Values, $"{where}, values");
    }

    /// <summary>To the bit, but for the payload of NaNs.</summary>
    private static void AssertEqual<T>(ReadOnlySpan<T> got, ReadOnlySpan<T> want, string where)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < want.Length; i++)
        {
            if (!got[i].Equals(want[i]) || (T.IsZero(want[i]) && T.IsNegative(want[i]) != T.IsNegative(got[i])))
            {
                Assert.Fail($"{where}, element {i}: got {got[i]}, want {want[i]}");
            }
        }
    }

    private sealed class ByHand(ParameterSet<float> parameters, CountingRule rule) : Optimizer<float>(parameters, rule);

    /// <summary>θ ← θ − mean(g)·g, with the same kernels for every instruction set.</summary>
    private sealed class CountingRule() : StepRule<float>(new OptimizerDefinition("ByHand", [], [], [new("mean") { Granularity = StateGranularity.Row }]))
    {
        public int Sums { get; private set; }

        public int Updates { get; private set; }

        public override ReadOnlySpan<int> AssignedRowStates => new[] { 0 };

        public override RuleKernels<float> KernelsFor(InstructionSet instructionSet) => new CountingKernels(this, instructionSet == InstructionSet.Scalar ? 1 : 16);

        private sealed class CountingKernels(CountingRule rule, int vectorLength) : RuleKernels<float>(vectorLength)
        {
            public override void Update(in KernelStreams<float> streams)
            {
                for (nuint i = 0; i < streams.Count; i++)
                {
                    Unsafe.Add(ref streams.Parameter, i) -= streams.RowMean(0) * Unsafe.Add(ref streams.Gradient, i);
                }
            }

            public override void UpdateRows(in RowStreams<float> streams, in StepPhase<float> phase)
            {
                rule.Updates++;
                base.UpdateRows(in streams, in phase);
            }

            public override void ReduceRow(int state, in KernelStreams<float> streams, in StepPhase<float> phase, ref double lanes)
            {
                for (nuint i = 0; i < streams.Count; i++)
                {
                    Unsafe.Add(ref lanes, i % 16) += Unsafe.Add(ref streams.Gradient, i);
                }
            }

            public override void ReduceRows(int state, in RowStreams<float> streams, in StepPhase<float> phase, ref double lanes)
            {
                rule.Sums++;
                base.ReduceRows(state, in streams, in phase, ref lanes);
            }
        }
    }
}
