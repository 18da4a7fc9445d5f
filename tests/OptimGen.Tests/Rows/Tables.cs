using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Rows;

/// <summary>Batches of rows with gradients, and what a step over all elements would be given in their place.</summary>
internal static class Tables
{
    /// <summary>Every form that states are kept in.</summary>
    public static readonly OptimizerOptions[] Forms =
    [
        new(),
        new() { StateStorage = Storage.BFloat16, RoundingSeed = 11 },
        new() { StateStorage = Storage.BFloat16, StateRounding = StorageRounding.Nearest },
        new() { StateStorage = Storage.Block8, RoundingSeed = ulong.MaxValue },
        new() { StateStorage = Storage.Block8, StateRounding = StorageRounding.Nearest },
    ];

    /// <summary>The shapes of the table: rows of one element, rows that fill no vector, rows of whole vectors, rows longer than a block, rows of a matrix.</summary>
    public static readonly int[][] Shapes = [[900, 1], [211, 3], [29, 64], [3, 1000], [41, 4, 5]];

    /// <summary>The optimizers of the catalogue whose rule has no reductions, by their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(Optimizer).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && typeof(Optimizer<float>).IsAssignableFrom(type) && type.GetConstructor([typeof(ParameterSet<float>), typeof(OptimizerOptions)]) is not null)
            .Select(type => type.Name)
            .Where(name => Make(name, new ParameterSet().With([2, 2]), new OptimizerOptions()).Definition.Reductions.Count == 0)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Each of <see cref="Names"/> with the position of each of <see cref="Forms"/>.</summary>
    public static TheoryData<string, int> NamesInEveryForm
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in Names)
            {
                for (int form = 0; form < Forms.Length; form++)
                {
                    data.Add(name, form);
                }
            }

            return data;
        }
    }

    public static Optimizer<float> Make(string name, ParameterSet parameters, OptimizerOptions options) =>
        (Optimizer<float>)Activator.CreateInstance(typeof(Optimizer).Assembly.GetType("OptimGen." + name)!, parameters, options)!;

    /// <summary>A set of a dense parameter, the table, and another dense one, with values.</summary>
    public static ParameterSet With(this ParameterSet set, int[] shape)
    {
        set.Add("before", 37);
        set.Add("table", shape);
        set.AddGroup("other").AddBias("after", 5);
        foreach (Parameter<float> parameter in set)
        {
            Data.Values(parameter.Length).CopyTo(parameter.Values);
        }

        return set;
    }

    /// <summary>Rows, some of which occur several times and most not at all, with a gradient for each; in some steps none.</summary>
    public static (int[] Indices, float[] Gradients) Batch(Parameter<float> table, int step)
    {
        var random = new Random(7919 * step);
        int rows = table.Shape[0], count = step % 5 == 3 ? 0 : 1 + (rows / 4);
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => (int)(rows * Math.Pow(random.NextDouble(), 3)))];
        return (indices, Data.Gradient(indices.Length * (table.Length / rows), 2 + step));
    }

    /// <summary>Writes the gradients of a batch to those of the whole table: the first of a row as it is, the others added in their order.</summary>
    public static void Scatter(Parameter<float> table, int[] indices, float[] gradients)
    {
        int width = table.Length / table.Shape[0];
        table.Gradients.Clear();
        var seen = new HashSet<int>();
        for (int i = 0; i < indices.Length; i++)
        {
            Span<float> row = table.Gradients.Slice(indices[i] * width, width);
            bool isFirst = seen.Add(indices[i]);
            for (int column = 0; column < width; column++)
            {
                float gradient = gradients[(i * width) + column];
                row[column] = isFirst ? gradient : row[column] + gradient;
            }
        }
    }

    /// <summary>Changes hyperparameters, of the optimizer and of a group, and the clipping of gradients, as a schedule does.</summary>
    public static void Change(Optimizer<float> optimizer, int step)
    {
        foreach (HyperparameterDefinition hyperparameter in optimizer.Definition.Hyperparameters.Where(one => one.Name is "LearningRate" or "WeightDecay"))
        {
            optimizer.SetHyperparameter(hyperparameter.Name, (hyperparameter.Name == "WeightDecay" ? 0.125 : 0.03) / (1 + (step % 4)));
        }

        if (optimizer.HasLearningRate && step == 6)
        {
            optimizer.SetHyperparameter(optimizer.Parameters.Groups[0], "LearningRateScale", 0.75);
        }

        optimizer.MaxGradientNorm = step % 3 == 0 ? 0.5 : null;
        optimizer.MaxGradientValue = step % 4 == 1 ? 0.7 : null;
        optimizer.GradientScale = step % 2 == 0 ? 0.3 : 1;
    }

    /// <summary>Takes the same step in the optimizer over rows and in the one over all elements.</summary>
    public static void Step(Optimizer<float> byRows, Optimizer<float> dense, int step)
    {
        foreach (Optimizer<float> optimizer in new[] { byRows, dense })
        {
            Change(optimizer, step);
            Data.Gradient(37, step).CopyTo(optimizer.Parameters["before"].Gradients);
            Data.Gradient(5, step).CopyTo(optimizer.Parameters["after"].Gradients);
        }

        (int[] indices, float[] gradients) = Batch(dense.Parameters["table"], step);
        Scatter(dense.Parameters["table"], indices, gradients);
        int half = indices.Length / 2, width = indices.Length == 0 ? 0 : gradients.Length / indices.Length;
        byRows.AddRowGradients(byRows.Parameters["table"], indices.AsSpan(0, half), gradients.AsSpan(0, half * width));
        byRows.AddRowGradients(byRows.Parameters["table"], indices.AsSpan(half), gradients.AsSpan(half * width));
        StepResult got = byRows.Step(), want = dense.Step();
        Assert.Equal(want, got);
    }

    /// <summary>Compares values, states and averages of all parameters.</summary>
    public static void AssertEqual(Optimizer<float> got, Optimizer<float> want, string where)
    {
        for (int i = 0; i < want.Parameters.Count; i++)
        {
            Parameter<float> one = got.Parameters[i], other = want.Parameters[i];
            foreach (StateDefinition state in want.Definition.States)
            {
                Bits.AssertEqual(got.GetState(one, state.Name), want.GetState(other, state.Name), $"{where}, {state.Name} of {one}");
            }

            if (want.KeptAverage is { } average)
            {
                Bits.AssertEqual(got.KeptAverage!.Of(one), average.Of(other), $"{where}, average of {one}");
            }

            Bits.AssertEqual(one.Values, other.Values, $"{where}, values of {one}");
        }
    }
}
