namespace OptimGen.Tests.StateStorage;

/// <summary>The form of a state that is declared beside it.</summary>
public sealed class DeclaredStorageTests
{
    [Fact]
    public void EachStateIsAsDeclared()
    {
        var parameters = new ParameterSet();
        Parameter<float> weights = parameters.Add("weights", 10);
        weights.Values.Fill(3);
        var optimizer = new ThreeForms(parameters);
        Assert.Equal([Storage.Block8, Storage.BFloat16, Storage.Native], optimizer.Definition.States.Select(state => optimizer.StorageOf(state.Name)));
        Assert.True(optimizer.Definition.States[0].IsNonNegative);
        Assert.Equal(StorageRounding.Nearest, optimizer.Definition.States[1].Rounding);
        Assert.Equal(0.10009765625f, optimizer.States.Average(weights)[4]);
        Assert.Equal(3, optimizer.States.Slow(weights)[4]);

        var overridden = new ThreeForms(parameters, new OptimizerOptions { StateStorage = Storage.Native });
        Assert.All(overridden.Definition.States, state => Assert.Equal(Storage.Native, overridden.StorageOf(state.Name)));
        Assert.Equal(0.1f, overridden.States.Average(weights)[4]);
    }

    [Fact]
    public void ItIsTheRuleBetweenDecodingAndEncoding()
    {
        RuleCheck.Require(parameters => new ThreeForms(parameters));
        RuleCheck.Require(parameters => new AdamInBlocks(parameters));
    }
}
