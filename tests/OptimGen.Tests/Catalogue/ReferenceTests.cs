using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Every optimizer against its equations in double precision, element by element.</summary>
public class ReferenceTests
{
    private const int Steps = 40;

    public static TheoryData<string, InstructionSet> OnEverySet => CatalogueEntries.OnEverySet;

    public static TheoryData<string> Names => CatalogueEntries.Names;

    [Theory, MemberData(nameof(OnEverySet))]
    public void AsDeclared_EveryElementIsWithinTheErrorOfSinglePrecision(string name, InstructionSet set) =>
        AssertFollowsReference(CatalogueEntries.Of(name), set, (_, value, _) => value);

    /// <summary>
    /// Hyperparameters with steps that are large compared with the rounding of the parameters, and with weight decay if the rule has it.
    /// </summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void LargeRateAndDecay_EveryElementIsWithinTheErrorOfSinglePrecision(string name, InstructionSet set) =>
        AssertFollowsReference(CatalogueEntries.Of(name), set, (hyperparameter, value, _) => hyperparameter switch
        {
            "LearningRate" => CatalogueEntries.Of(name).LargeRate * value,
            "WeightDecay" => 0.1,
            _ => value,
        });

    /// <summary>A hyperparameter that a schedule changes between steps is used from the next step on.</summary>
    [Theory, MemberData(nameof(OnEverySet))]
    public void ChangingRate_EveryElementIsWithinTheErrorOfSinglePrecision(string name, InstructionSet set) =>
        AssertFollowsReference(CatalogueEntries.Of(name), set, (hyperparameter, value, step) =>
            hyperparameter == "LearningRate" ? (float)(value * (step % 3 == 0 ? 1.5 * CatalogueEntries.Of(name).LargeRate : 1 + (0.1 * step))) : value);

    /// <summary>The error bounds must be smaller than the changes of the elements; otherwise any result would pass.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Bounds_AreNarrow(string name)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        Dictionary<string, double> hyperparameters = entry.Hyperparameters.ToDictionary(
            one => one.Name,
            one => entry.AgainstReference.GetValueOrDefault(one.Name, one.Default) * (one.Name == "LearningRate" ? entry.LargeRate : 1));
        double[] start = Columns.Parameters();
        Reference reference = entry.Reference(hyperparameters, start);
        var way = new double[start.Length];
        for (int step = 1; step <= Steps; step++)
        {
            double[] before = [.. reference.Parameters.Select(one => one.Value)];
            reference.Step(Columns.Gradient(step));
            for (int i = 0; i < way.Length; i++)
            {
                way[i] += Math.Abs(reference.Parameters[i].Value - before[i]);
            }
        }

        int narrow = Enumerable.Range(0, way.Length).Count(i => reference.Parameters[i].Tolerance <= (1e-3 * way[i]) + (1e-5 * Math.Abs(start[i])));
        Assert.True(narrow >= 0.85 * way.Length, $"{name}: the bound says something of only {narrow} of {way.Length} elements");
    }

    private static void AssertFollowsReference(CatalogueEntry entry, InstructionSet set, Func<string, double, int, double> valueAt)
    {
        double[] start = Columns.Parameters();
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", Columns.Count);
        Columns.Copy(start, parameter.Values);
        Optimizer<float> optimizer = entry.CreateOn(parameters, set);
        var hyperparameters = new Dictionary<string, double>();
        Reference? reference = null;
        for (int step = 1; step <= Steps; step++)
        {
            foreach ((string name, double value) in entry.Hyperparameters)
            {
                double now = valueAt(name, entry.AgainstReference.GetValueOrDefault(name, value), step);
                if (now != value)
                {
                    optimizer.SetHyperparameter(name, now);
                }

                // The optimizer interprets a float property as the value of its shortest decimal.
                hyperparameters[name] = now == value ? value : optimizer.GetHyperparameter(name);
            }

            reference ??= entry.Reference(hyperparameters, start);
            double[] gradient = Columns.Gradient(step);
            Columns.Copy(gradient, parameter.Gradients);
            entry.Step(optimizer);
            reference.Step(gradient);
            for (int i = 0; i < Columns.Count; i++)
            {
                Bounded want = reference.Parameters[i];
                if (!(Math.Abs(parameter.Values[i] - want.Value) <= want.Tolerance))
                {
                    Assert.Fail(FormattableString.Invariant(
                        $"{entry.Name}, {set}, step {step}, column {i}: got {parameter.Values[i]:R}, want {want.Value:R} ± {want.Tolerance:g2}"));
                }
            }
        }
    }
}
