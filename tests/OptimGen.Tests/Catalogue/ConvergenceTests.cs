namespace OptimGen.Tests.Catalogue;

/// <summary>Every optimizer converges on several landscapes, each of which is difficult in a different way.</summary>
public class ConvergenceTests
{
    public static TheoryData<string, string> OnEveryLandscape
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (CatalogueEntry entry in CatalogueEntries.All)
            {
                foreach (Landscape landscape in Landscape.All)
                {
                    data.Add(entry.Name, landscape.Name);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(OnEveryLandscape))]
    public void Descent_ReachesTheMinimum(string name, string landscape)
    {
        CatalogueEntry entry = CatalogueEntries.Of(name);
        Landscape on = Landscape.All.Single(one => one.Name == landscape);
        var parameters = new ParameterSet();
        Parameter<float> parameter = parameters.Add("x", on.Start.Length);
        on.Start.CopyTo(parameter.Values);
        Optimizer<float> optimizer = entry.Create(parameters);
        for (int step = 0; step < on.Steps; step++)
        {
            if (optimizer.HasLearningRate)
            {
                optimizer.SetHyperparameter("LearningRate", entry.Rates.On(on) * (1 - ((double)step / on.Steps)));
            }

            on.Gradient(parameter.Values.ToArray()).CopyTo(parameter.Gradients);
            entry.Step(optimizer);
        }

        double reached = on.Value(parameter.Values.ToArray());
        Assert.True(reached <= on.Goal, FormattableString.Invariant(
            $"{name} on the {landscape}: reached {reached:g4} at [{string.Join(", ", parameter.Values.ToArray())}], the goal is {on.Goal}"));
    }
}
