namespace OptimGen.Tests.Catalogue;

/// <summary>The definition of each optimizer: names, hyperparameters with their defaults and bounds, states.</summary>
public class DefinitionTests
{
    public static TheoryData<string> Names => CatalogueEntries.Names;

    [Fact]
    public void Entries_AreAllOptimizersOfTheCatalogue() =>
        Assert.Equal(CatalogueTable.Types.Select(type => type.Name), CatalogueEntries.All.Select(entry => entry.Name).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void Name_IsThatOfTheClass(string name)
    {
        Optimizer<float> optimizer = Create(name);
        Assert.Equal(name, optimizer.GetType().Name);
        Assert.Equal(name, optimizer.Definition.Name);
        Assert.Equal(typeof(Optimizer).Namespace, optimizer.GetType().Namespace);
    }

    [Theory, MemberData(nameof(Names))]
    public void Hyperparameters_HaveTheDefaultsOfTheSource(string name)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        Optimizer<float> optimizer = Create(name);
        Assert.Equal(entry.Hyperparameters, optimizer.Definition.Hyperparameters.Select(one => (one.Name, one.Default)));
        Assert.All(entry.Hyperparameters, one => Assert.Equal(one.Default, optimizer.GetHyperparameter(one.Name)));
    }

    [Theory, MemberData(nameof(Names))]
    public void States_AreAsManyAsTheSourceHas(string name)
    {
        Optimizer<float> optimizer = Create(name);
        Assert.Equal(CatalogueEntries.Of(name).States, optimizer.Definition.States.Count);
        Assert.All(optimizer.Definition.States, state => Assert.Equal(5, optimizer.GetState(optimizer.Parameters[0], state.Name).Length));
    }

    /// <summary>No hyperparameter of the catalogue may be negative, and no weight of an average or momentum may be 1.</summary>
    [Theory, MemberData(nameof(Names))]
    public void HyperparameterOutOfItsBounds_IsRefusedAndNothingChanges(string name)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        foreach (HyperparameterDefinition one in Create(name).Definition.Hyperparameters)
        {
            bool weighsThePast = one.Name is "Beta1" or "Beta2" or "Beta3" or "Momentum" or "Rho";
            double[] tooLarge = weighsThePast ? [1, 1.5] : [];
            double[] refusals = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1, -1e-6, .. tooLarge];
            foreach (double bad in refusals)
            {
                Optimizer<float> optimizer = Create(name);
                optimizer.Parameters[0].Gradients.Fill(0.5f);
                var refused = Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.SetHyperparameter(one.Name, bad));
                Assert.StartsWith($"{one.Name} is ", refused.Message, StringComparison.Ordinal);
                AssertStepRefuses(entry, optimizer, one.Name, bad);
            }
        }
    }

    /// <summary>In a rule that is a method, the properties are the author's and accept any value; the step then refuses it.</summary>
    private static void AssertStepRefuses(CatalogueEntry entry, Optimizer<float> optimizer, string hyperparameter, double bad)
    {
        try
        {
            optimizer.GetType().GetProperty(hyperparameter)!.SetValue(optimizer, (float)bad);
        }
        catch (System.Reflection.TargetInvocationException refused) when (refused.InnerException is ArgumentOutOfRangeException)
        {
            return;
        }

        entry.BeforeStep?.Invoke(optimizer);
        Kernels.Snapshot before = Kernels.Snapshot.Of(optimizer);
        Assert.Throws<InvalidOperationException>(() => optimizer.Step());
        before.AssertUnchanged($"{entry.Name}, {hyperparameter} = {bad}");
    }

    private static Optimizer<float> Create(string name)
    {
        var parameters = new ParameterSet();
        parameters.Add("p", 5);
        return CatalogueEntries.Of(name).Create(parameters);
    }
}
