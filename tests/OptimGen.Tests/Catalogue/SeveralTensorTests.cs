using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>
/// Rules with reductions over a tensor or over all parameters, on several tensors of very different lengths, magnitudes and kinds of gradient.
/// </summary>
public class SeveralTensorTests
{
    private const int Steps = 40;

    private static readonly Tensor[] Tensors =
    [
        new("one element", 1, 2, _ => 1),
        new("seven", 7, 0.01, _ => 1e-3),
        new("a vector and a bit", 17, 3, _ => 1),
        new("no gradient at all", 5, 1, _ => 0),
        new("from zero", 16, 0, _ => 1),
        new("tiny gradients", 9, 1, _ => 1e-20),
        new("large gradients", 33, 1, _ => 1e6),
        new("no gradient at first", 12, 1, step => step < 8 ? 0 : 1),
        new("sparse in time", 40, 1, step => step % 5 == 2 ? 1 : 0),
    ];

    public static TheoryData<string, InstructionSet> PerTensor => EverySet.Of([nameof(Adafactor), nameof(Lamb), nameof(Lars), nameof(NovoGrad)]);

    public static TheoryData<string, InstructionSet> Global => EverySet.Of([nameof(Prodigy)]);

    public static TheoryData<string, InstructionSet> WithScalars => EverySet.Of(
        [nameof(Adafactor), nameof(Lamb), nameof(Lars), nameof(NovoGrad), nameof(Prodigy), nameof(ScheduleFreeSgd), nameof(ScheduleFreeAdamW)]);

    [Theory, MemberData(nameof(PerTensor))]
    public void EachTensor_FollowsAReferenceOfItsOwn(string name, InstructionSet set)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        Dictionary<string, double> hyperparameters = HyperparametersOf(entry);
        Reference[] references = [.. Tensors.Select(tensor => entry.Reference(hyperparameters, tensor.Start()))];
        Run(entry, set, hyperparameters, (step, gradients) =>
        {
            for (int i = 0; i < Tensors.Length; i++)
            {
                references[i].Step(gradients[i]);
            }

            return [.. references.SelectMany(reference => reference.Parameters)];
        });
    }

    /// <summary>Prodigy has one distance for all tensors: they are treated as one long tensor, also across groups.</summary>
    [Theory, MemberData(nameof(Global))]
    public void GlobalRule_SeesAllTensorsAsOne(string name, InstructionSet set)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        Dictionary<string, double> hyperparameters = HyperparametersOf(entry);
        Reference reference = entry.Reference(hyperparameters, [.. Tensors.SelectMany(tensor => tensor.Start())]);
        Run(entry, set, hyperparameters, (step, gradients) =>
        {
            reference.Step([.. gradients.SelectMany(gradient => gradient)]);
            return reference.Parameters;
        });
    }

    /// <summary>A refused step discards the scalar states that it has computed, for groups and for tensors, however late it is refused.</summary>
    [Theory, MemberData(nameof(WithScalars))]
    public void RefusedSteps_LeaveScalarStateAsItWas(string name, InstructionSet set)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        Optimizer<float> optimizer = Make(entry, set), other = Make(entry, set);
        for (int step = 1; step <= 10; step++)
        {
            foreach (Optimizer<float> one in new[] { optimizer, other })
            {
                for (int i = 0; i < Tensors.Length; i++)
                {
                    Columns.Copy(Tensors[i].Gradient(step), one.Parameters[i].Gradients);
                }
            }

            float rate = (float)optimizer.GetHyperparameter("LearningRate");
            ((dynamic)optimizer).LearningRate = float.NaN;
            Assert.Throws<InvalidOperationException>(() => optimizer.Step());
            ((dynamic)optimizer).LearningRate = rate;
            Span<float> last = optimizer.Parameters[^1].Gradients;
            float kept = last[^1];
            last[^1] = float.PositiveInfinity;
            Assert.Throws<NonFiniteGradientException>(() => optimizer.Step());
            last[^1] = kept;
            optimizer.Step();
            other.Step();
        }

        Snapshot.Of(other).AssertSame(optimizer, $"{name}, {set}");
    }

    private static void Run(
        CatalogueEntry entry, InstructionSet set, Dictionary<string, double> hyperparameters, Func<int, double[][], IReadOnlyList<Bounded>> follow)
    {
        Optimizer<float> optimizer = Make(entry, set);
        foreach ((string name, double value) in hyperparameters)
        {
            optimizer.SetHyperparameter(name, value);
        }

        for (int step = 1; step <= Steps; step++)
        {
            double[][] gradients = [.. Tensors.Select(tensor => tensor.Gradient(step))];
            for (int i = 0; i < Tensors.Length; i++)
            {
                Columns.Copy(gradients[i], optimizer.Parameters[i].Gradients);
            }

            optimizer.Step();
            IReadOnlyList<Bounded> wants = follow(step, gradients);
            int position = 0;
            foreach (Parameter<float> parameter in optimizer.Parameters)
            {
                for (int i = 0; i < parameter.Length; i++)
                {
                    Bounded want = wants[position++];
                    if (!(Math.Abs(parameter.Values[i] - want.Value) <= want.Tolerance))
                    {
                        Assert.Fail(FormattableString.Invariant(
                            $"{entry.Name}, {set}, step {step}, {parameter.Name}[{i}]: got {parameter.Values[i]:R}, want {want.Value:R} ± {want.Tolerance:g2}"));
                    }
                }
            }
        }
    }

    private static Dictionary<string, double> HyperparametersOf(CatalogueEntry entry)
    {
        var values = entry.Hyperparameters.ToDictionary(one => one.Name, one => entry.AgainstReference.GetValueOrDefault(one.Name, one.Default));
        values["WeightDecay"] = 0.01;
        return values;
    }

    /// <summary>Tensors alternate between two groups, so that neighbours in memory are in different groups.</summary>
    private static Optimizer<float> Make(CatalogueEntry entry, InstructionSet set)
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> second = parameters.AddGroup("second");
        for (int i = 0; i < Tensors.Length; i++)
        {
            Tensor tensor = Tensors[i];
            Parameter<float> parameter = i % 3 == 1 ? second.Add(tensor.Name, tensor.Length) : parameters.Add(tensor.Name, tensor.Length);
            Columns.Copy(tensor.Start(), parameter.Values);
        }

        return entry.CreateOn(parameters, set);
    }

    private sealed record Tensor(string Name, int Length, double Size, Func<int, double> GradientSize)
    {
        public double[] Start() => Random(Length, Size);

        public double[] Gradient(int step) => Random(Length + (1000 * step), GradientSize(step));

        private double[] Random(int seed, double size)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, Length).Select(_ => (double)(float)(((random.NextDouble() * 2) - 1) * size))];
        }
    }
}
