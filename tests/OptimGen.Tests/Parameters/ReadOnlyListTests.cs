using System.Collections;

namespace OptimGen.Tests.Parameters;

/// <summary>A read-only list of the public API cannot be cast to the mutable collection behind it.</summary>
public class ReadOnlyListTests
{
    private static readonly Dictionary<string, IEnumerable> Lists = Make();

    public static TheoryData<string> Names => new(Lists.Keys);

    [Theory, MemberData(nameof(Names))]
    public void AList_CannotBeChangedByACast(string name)
    {
        IEnumerable list = Lists[name];
        Assert.NotEmpty(list);
        Assert.False(list.GetType().IsArray, "It is an array.");
        Assert.True(((IList)list).IsReadOnly, $"It is a {list.GetType()}.");
        Assert.Throws<NotSupportedException>(() => ((IList)list)[0] = ((IList)list)[0]);
    }

    [Fact]
    public void Groups_AddedLaterAreInAListGivenOutBefore()
    {
        var parameters = new ParameterSet();
        IReadOnlyList<ParameterGroup<float>> groups = parameters.Groups;
        Assert.Same(parameters.AddGroup("other"), groups[1]);
    }

    private static Dictionary<string, IEnumerable> Make()
    {
        var parameters = new ParameterSet();
        parameters.AddGroup("other");
        Parameter<float> weight = parameters.Add("weight", 2, 3), wrapped = parameters.Wrap("wrapped", new float[6], new float[6], 3, 2);
        var trainer = new Trainer(new OptimGen.Sgd(parameters), 1, (_, batch) => batch.Step);
        TrainingResult result = trainer.Train(3);
        var options = new RuleCheckOptions();
        return new()
        {
            ["shape"] = weight.Shape,
            ["shape of wrapped memory"] = wrapped.Shape,
            ["groups"] = parameters.Groups,
            ["instruction sets"] = InstructionSets.Supported,
            ["lengths of a check"] = options.Lengths,
            ["instruction sets of a check"] = options.InstructionSets,
            ["costs"] = result.Curve.Costs,
            ["learning rates"] = result.Curve.LearningRates,
            ["epoch means"] = result.Curve.EpochMeans,
            ["epoch ends"] = result.Curve.EpochEnds,
            ["observations of a result"] = result.Observations,
            ["observations of a trainer"] = trainer.Observations,
        };
    }
}
