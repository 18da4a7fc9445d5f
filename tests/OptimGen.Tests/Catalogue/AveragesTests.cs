using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.Catalogue;

/// <summary>Optimizers that are evaluated at an average of the trained values: Asgd and the schedule-free ones.</summary>
public class AveragesTests
{
    public static TheoryData<string> Names => [nameof(Asgd), nameof(ScheduleFreeSgd), nameof(ScheduleFreeAdamW)];

    [Theory, MemberData(nameof(Names))]
    public void Averages_AreThoseOfTheReference(string name)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        (string Name, double Value)[] changed = name == nameof(Asgd)
            ? [("T0", 5), ("LearningRate", 0.05)]
            : [("WarmupSteps", 10), ("LearningRate", 0.05), ("WeightDecay", 0.02)];
        Dictionary<string, double> hyperparameters = entry.Hyperparameters.ToDictionary(one => one.Name, one => one.Default);
        Optimizer<float> optimizer = Make(name);
        foreach ((string hyperparameter, double value) in changed)
        {
            hyperparameters[hyperparameter] = value;
            optimizer.SetHyperparameter(hyperparameter, value);
        }

        Reference reference = entry.Reference(hyperparameters, Columns.Parameters());
        for (int step = 1; step <= 40; step++)
        {
            double[] gradient = Columns.Gradient(step);
            Columns.Copy(gradient, optimizer.Parameters[0].Gradients);
            optimizer.Step();
            reference.Step(gradient);
            Bounded[] want = reference switch
            {
                AsgdReference asgd => asgd.Averages,
                ScheduleFreeSgdReference sgd => sgd.Averages,
                ScheduleFreeAdamWReference adam => adam.Averages,
                _ => throw new InvalidOperationException(),
            };
            float[] got = AveragesOf(optimizer);
            for (int i = 0; i < got.Length; i++)
            {
                Assert.True(
                    Math.Abs(got[i] - want[i].Value) <= want[i].Tolerance,
                    FormattableString.Invariant($"{name}, step {step}, column {i}: got {got[i]:R}, want {want[i].Value:R} ± {want[i].Tolerance:g2}"));
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Evaluation_ShowsTheAveragesAndGivesTheParametersBackBitByBit(string name)
    {
        Optimizer<float> optimizer = Make(name);
        for (int step = 1; step <= 12; step++)
        {
            Columns.Copy(Columns.Gradient(step), optimizer.Parameters[0].Gradients);
            optimizer.Step();
        }

        Snapshot before = Snapshot.Of(optimizer);
        float[] averages = AveragesOf(optimizer);
        EvaluatedAverages evaluated = Evaluate(optimizer);
        Assert.Equal(averages, optimizer.Parameters[0].Values.ToArray());
        evaluated.Dispose();
        before.AssertUnchanged(name);

        // A second disposal does nothing, even after more training.
        optimizer.Step();
        Snapshot after = Snapshot.Of(optimizer);
        evaluated.Dispose();
        after.AssertUnchanged(name);
    }

    [Theory, MemberData(nameof(Names))]
    public void WhileEvaluated_ASecondEvaluationIsRefusedAndNothingChanges(string name)
    {
        Optimizer<float> optimizer = Make(name);
        optimizer.Parameters[0].Gradients.Fill(0.5f);
        optimizer.Step();
        Snapshot before = Snapshot.Of(optimizer);
        using (Evaluate(optimizer))
        {
            Snapshot evaluated = Snapshot.Of(optimizer);
            Assert.Throws<InvalidOperationException>(() => Evaluate(optimizer));
            evaluated.AssertUnchanged(name);
        }

        before.AssertUnchanged(name);
    }

    /// <summary>
    /// The averages of these are computed from the trained values, which the parameters do not have during an evaluation. Asgd's are stored.
    /// </summary>
    [Theory]
    [InlineData(nameof(ScheduleFreeSgd)), InlineData(nameof(ScheduleFreeAdamW))]
    public void WhileEvaluated_AveragesAreNotComputedFromAverages(string name)
    {
        Optimizer<float> optimizer = Make(name);
        optimizer.Step();
        using (Evaluate(optimizer))
        {
            Assert.Contains(name, Assert.Throws<InvalidOperationException>(() => AveragesOf(optimizer)).Message, StringComparison.Ordinal);
        }

        Assert.NotEmpty(AveragesOf(optimizer));
    }

    [Theory, MemberData(nameof(Names))]
    public void BeforeTheFirstStep_ThereAreNone(string name)
    {
        Optimizer<float> optimizer = Make(name);
        var refusal = Assert.Throws<InvalidOperationException>(() => Evaluate(optimizer));
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => AveragesOf(optimizer));
    }

    [Theory, MemberData(nameof(Names))]
    public void RoomOfAnotherLength_IsRefused(string name)
    {
        Optimizer<float> optimizer = Make(name);
        optimizer.Step();
        Assert.Throws<ArgumentException>(() => Copy(optimizer, new float[Columns.Count - 1]));
    }

    /// <summary>With noisy gradients the averages are nearer to the minimum than the trained values.</summary>
    [Theory]
    [InlineData(nameof(ScheduleFreeSgd), 0.3)]
    [InlineData(nameof(ScheduleFreeAdamW), 0.1)]
    public void Averages_AreNearerToTheMinimumThanTheParameters(string name, double rate)
    {
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("p", Columns.Count);
        Optimizer<float> optimizer = CatalogueEntries.Of(name).Create(parameters);
        optimizer.SetHyperparameter("LearningRate", rate);
        Columns.Copy(Columns.Parameters(), parameter.Values);
        var random = new Random(5);
        for (int step = 0; step < 3000; step++)
        {
            for (int i = 0; i < parameter.Length; i++)
            {
                parameter.Gradients[i] = parameter.Values[i] + (float)((random.NextDouble() * 2) - 1);
            }

            optimizer.Step();
        }

        double atParameters = parameter.Values.ToArray().Sum(value => (double)value * value), atAverages = AveragesOf(optimizer).Sum(value => (double)value * value);
        Assert.True(atAverages < 0.7 * atParameters, FormattableString.Invariant($"{name}: {atAverages:g3} at the averages, {atParameters:g3} at the parameters"));
    }

    private static Optimizer<float> Make(string name)
    {
        var parameters = new ParameterSet();
        Columns.Copy(Columns.Parameters(), parameters.Add("p", Columns.Count).Values);
        return CatalogueEntries.Of(name).Create(parameters);
    }

    private static EvaluatedAverages Evaluate(Optimizer<float> optimizer) => optimizer switch
    {
        Asgd asgd => asgd.EvaluateAverages(),
        ScheduleFreeSgd sgd => sgd.EvaluateAverages(),
        _ => ((ScheduleFreeAdamW)optimizer).EvaluateAverages(),
    };

    private static float[] AveragesOf(Optimizer<float> optimizer)
    {
        var averages = new float[optimizer.Parameters[0].Length];
        Copy(optimizer, averages);
        return averages;
    }

    private static void Copy(Optimizer<float> optimizer, Span<float> averages)
    {
        Parameter<float> parameter = optimizer.Parameters[0];
        switch (optimizer)
        {
            case Asgd asgd:
                asgd.CopyAverages(parameter, averages);
                break;

            case ScheduleFreeSgd sgd:
                sgd.CopyAverages(parameter, averages);
                break;

            default:
                ((ScheduleFreeAdamW)optimizer).CopyAverages(parameter, averages);
                break;
        }
    }
}
