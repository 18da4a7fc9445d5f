using OptimGen.Tests.Kernels;

namespace OptimGen.Tests.StateStorage;

/// <summary>A step over states in another form is: decode by the definition, the rule in single precision, encode by the definition.</summary>
public sealed class StoredStateTests
{
    private static readonly OptimizerOptions[] Forms =
    [
        new() { StateStorage = Storage.BFloat16, RoundingSeed = 11 },
        new() { StateStorage = Storage.BFloat16, StateRounding = StorageRounding.Nearest },
        new() { StateStorage = Storage.Block8, RoundingSeed = ulong.MaxValue },
        new() { StateStorage = Storage.Block8, StateRounding = StorageRounding.Nearest },
    ];

    public static TheoryData<string, int> CatalogueInEveryForm
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (Type type in typeof(Optimizer).Assembly.GetExportedTypes().Where(IsOfCatalogue).OrderBy(type => type.Name, StringComparer.Ordinal))
            {
                for (int form = 0; form < Forms.Length; form++)
                {
                    data.Add(type.Name, form);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(CatalogueInEveryForm))]
    public void EveryShippedOptimizerIsItsRuleBetweenDecodingAndEncoding(string name, int form)
    {
        Type type = typeof(Optimizer).Assembly.GetType("OptimGen." + name)!;
        RuleCheckResult result = RuleCheck.Require(
            parameters => (Optimizer<float>)Activator.CreateInstance(type, parameters, Forms[form])!,
            new RuleCheckOptions { Seed = form, Lengths = [7, 33, 257, 600], Steps = 4 });
        Assert.True(result.ComparedValues > 0);
    }

    private static bool IsOfCatalogue(Type type) =>
        !type.IsAbstract && typeof(Optimizer<float>).IsAssignableFrom(type) && type.GetConstructor([typeof(ParameterSet<float>), typeof(OptimizerOptions)]) is not null;
}
