using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using OptimGen.Generator.Tests.Harness;
using OptimGen.RandomRules;
using Xunit.Abstractions;

namespace OptimGen.Generator.Tests.RandomRules;

/// <summary>Rules that nobody wrote give the same bits on every instruction set, and the bits of their methods, and some of them on several threads too.</summary>
public sealed class RandomRuleTests(ITestOutputHelper output)
{
    private const int BatchCount = 9;

    /// <summary>A batch is compiled at once.</summary>
    private const int RulesOfABatch = 36;

    /// <summary>The rules of another seed are checked where the environment variable names one.</summary>
    private static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("OPTIMGEN_RANDOM_RULES_SEED") ?? $"{RandomRule.DefaultSeed}", CultureInfo.InvariantCulture);

    /// <summary>A third of the batches each day, another one the next day; all where it is asked for, because they take minutes.</summary>
    public static TheoryData<int> Batches => [.. Enumerable.Range(0, BatchCount).Where(Effort.IsOfToday)];

    [Theory]
    [MemberData(nameof(Batches))]
    public void EveryKernel_GivesTheBitsOfItsRule(int batch)
    {
        IReadOnlyList<RandomRule> rules = RandomRule.Draw(Seed, batch * RulesOfABatch, RulesOfABatch);
        output.WriteLine($"rules {rules[0].Index} to {rules[^1].Index} of seed {Seed}, on {string.Join(", ", InstructionSets.Supported)}");
        Assembly assembly = RandomRuleCheck.Compile("RandomRules", rules).Load(out AssemblyLoadContext context);
        var checks = new List<RandomRuleCheck>();
        foreach (RandomRule rule in rules)
        {
            RandomRuleCheck check = RandomRuleCheck.Run(rule, assembly);
            Assert.True(check.Result.Agrees, check.Result.Agrees ? "" : Describe(rule, check.Result));
            checks.Add(check);
            if (rule.Index % 8 == 3)
            {
                RuleCheckResult onThreads = RandomRuleCheck.RunOnThreads(rule, assembly).Result;
                Assert.True(onThreads.Agrees, $"{rule}, on threads:\n{onThreads.Report}\n\n{rule.Source}");
            }

            string? byRows = RandomRowCheck.CanRun(rule) ? RandomRowCheck.Run(rule, assembly) : null;
            Assert.True(byRows is null, $"{rule}, by rows:\n{byRows}\n\n{rule.Source}");

            if (!rule.IsDouble)
            {
                string? difference = RandomRuleCheck.RunInBFloat16(rule, assembly);
                Assert.True(difference is null, $"{rule}, parameters in bfloat16:\n{difference}\n\n{rule.Source}");
            }
        }

        context.Unload();
        int methods = checks.Count(check => check.Result.Reference == RuleCheckReference.Method), alive = checks.Count(check => check.IsAlive);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{checks.Count} rules, {methods} of them against their methods; {checks.Sum(check => check.Result.ComparedValues):N0} values compared; "
            + $"{alive} rules stayed alive; {checks.Sum(check => check.Result.RefusedSteps)} steps refused; {checks.Sum(check => check.Result.ThrowingElements)} elements thrown for"));

        // Rules whose values are all NaN, or all the same, would agree whatever the kernels did.
        Assert.True(alive >= RulesOfABatch * 2 / 3, $"Only {alive} of {RulesOfABatch} rules have shown much.");
        Assert.InRange(methods, RulesOfABatch / 2, RulesOfABatch * 4 / 5);
    }

    [Fact]
    public void TogetherTheRules_HaveEveryLength_AndEveryConstruct()
    {
        IReadOnlyList<RandomRule> rules = RandomRule.Draw(RandomRule.DefaultSeed, 0, BatchCount * RulesOfABatch);
        Dictionary<int, int> lengths = rules.SelectMany(RandomRuleCheck.WrappedLengthsOf).CountBy(length => length).ToDictionary();
        Assert.All(Enumerable.Range(1, RandomRuleCheck.LongestOfAll), length => Assert.True(lengths[length] >= 3, $"length {length} comes up too rarely"));

        foreach (string construct in (string[])
            [
                "if (", "else if (", "else\n", " ? ", " && ", " || ", "!(", " += ", " *= ", "++;", "const ", "bool ", "Sqrt", "Abs", "Min", "Max", "Sign", "CopySign",
                "FusedMultiplyAdd", "Clamp", "RuleMath.Exp", "RuleMath.Log", "RuleMath.Pow", "RuleMath.Tanh", "RuleMath.Sin", "RuleMath.Cos", "RuleMath.Cbrt", "[Previous", "CopyOfParameter",
                "[PerStep]", "[PerTensor]", "out bool", "out float", "float step", "double step", "long step", "/ step", "/ (step + 1)", "long elementCount",
                "double elementCount", "double size0", "static readonly", "private const", "[State(InitialValue = 1)] ref double momentum", "ref double ofTensor",
                "PositiveInfinity)] ref", "InitialValue = -0.0", " { get; set; }", " Value {", " value {", "MaxIsExclusive", "AfterReductions(", "OfTensor1(", "direction", "speed",
                "ClipByValue(0.5), WeightDecay(0.1)", "Unroll = 0", "Unroll = 1", "Unroll = 2", "Unroll = 3", "Unroll = 4", "ElementType = typeof(double)", "[Reduce(Reduction.Sum", "[Reduce(Reduction.Norm", "[Reduce(Reduction.MaxAbs", "ReductionScope.Global",
                "Contract = true", "double Update", "float Update", "Ewa(", "HeavyBall(", "Nesterov", "RmsNormalize(", "Centered", "AmsGrad", "AdagradNormalize(",
                "InfinityNormalize(", "InsideRoot", "BiasCorrection", "SignUpdate", "TrackAverage", "DecoupledWeightDecay(", "ClipByValue(",
            ])
        {
            int having = rules.Count(rule => rule.Source.Contains(construct, StringComparison.Ordinal));
            Assert.True(having >= 3, $"only {having} rules have {construct}");
        }
    }

    [Fact]
    public void ARule_IsDecidedByItsNumbers()
    {
        Assert.Equal(RandomRule.Draw(1, 7), RandomRule.Draw(1, 0, 10)[7]);
        Assert.NotEqual(RandomRule.Draw(1, 7).Source, RandomRule.Draw(2, 7).Source);
    }

    /// <summary>Whether what a failure would be reported with works: here every rule that takes a square root "fails".</summary>
    [Fact]
    public void ARuleThatFails_IsMadeSmaller()
    {
        RandomRule rule = RandomRule.Draw(RandomRule.DefaultSeed, 0, 40).First(rule => rule.Source.Contains("Sqrt(", StringComparison.Ordinal));
        RandomRule reduced = RuleReducer.Reduce(rule, smaller => smaller.Source.Contains("Sqrt(", StringComparison.Ordinal));

        Assert.Contains("Sqrt(", reduced.Source, StringComparison.Ordinal);
        Assert.True(reduced.Source.Length < rule.Source.Length / 2, reduced.Source);
    }

    private static string Describe(RandomRule rule, RuleCheckResult result)
    {
        RandomRule reduced = RuleReducer.Reduce(rule, smaller => CheckAlone(smaller) is { Agrees: false });
        return $"{rule}:\n{result.Report}\n\n{rule.Source}\n\nReduced:\n{CheckAlone(reduced)?.Report}\n\n{reduced.Source}";
    }

    /// <returns><see langword="null"/> if it does not compile.</returns>
    private static RuleCheckResult? CheckAlone(RandomRule rule)
    {
        AssemblyLoadContext? context = null;
        try
        {
            return RandomRuleCheck.Run(rule, RandomRuleCheck.Compile("Reduced", [rule]).Load(out context)).Result;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        finally
        {
            context?.Unload();
        }
    }
}
