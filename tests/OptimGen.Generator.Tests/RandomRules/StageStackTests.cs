using System.Reflection;
using System.Runtime.Loader;
using OptimGen.RandomRules;
using Xunit.Abstractions;

namespace OptimGen.Generator.Tests.RandomRules;

/// <summary>Rules made of attributes give the bits of their stages as they are defined, whatever stages stand together.</summary>
public sealed class StageStackTests(ITestOutputHelper output)
{
    [Fact]
    public void AnyTwoForms_OfTwoStages_AgreeWithTheirDefinitions()
    {
        RandomRule[] rules = [.. StageStack.Pairwise.Select((stack, index) => stack.ToRule(index))];
        Assembly assembly = RandomRuleCheck.Compile("StageStacks", rules).Load(out AssemblyLoadContext context);
        foreach (RandomRule rule in rules)
        {
            RuleCheckResult result = RandomRuleCheck.Run(rule, assembly).Result;
            Assert.Equal(RuleCheckReference.Stages, result.Reference);
            Assert.True(result.Agrees, $"{rule.Source}\n{result.Report}");
        }

        context.Unload();
        output.WriteLine($"{rules.Length} stacks of {StageStack.All.Count}");
    }

    /// <summary>Too many for every run of the tests: 1,800 classes. Counted here, so that a form that is left out by mistake is seen.</summary>
    [Fact]
    public void TheStacks_AreAllThatAreAllowed()
    {
        Assert.Equal(1_800, StageStack.All.Count);
        Assert.InRange(StageStack.Pairwise.Count, 36, 80);
    }
}
