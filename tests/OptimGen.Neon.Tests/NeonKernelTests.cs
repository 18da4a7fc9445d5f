using System.Text.RegularExpressions;
using OptimGen.RandomRules;
using Xunit.Abstractions;

namespace OptimGen.Neon.Tests;

/// <summary>Runs the generated NEON kernels, as Arm machine code under an emulator, beside the scalar kernels.</summary>
public sealed partial class NeonKernelTests(ITestOutputHelper output)
{
    private const int Steps = 4;

    /// <summary>The step that is looked at closely: every state has been written by then, and its sums are of ordinary elements.</summary>
    private const int CloseStep = 3;
    private const int RandomRuleCount = 60;

    /// <summary>Every remainder of the loops, several turns of each, and many turns.</summary>
    private static readonly int[] Counts = [.. Enumerable.Range(0, 72), 257];

    private static readonly IReadOnlyList<RandomRule> RandomRules = RandomRule.Draw(RandomRule.DefaultSeed, 0, RandomRuleCount);

    private static Lazy<ArmKernels>? built;

    /// <summary>The catalogue, and the rules of <c>Rules.cs</c>.</summary>
    public static TheoryData<string> Rules =>
    [
        .. typeof(Optimizer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Optimizer)) && type is { IsPublic: true, IsAbstract: false })
            .Select(type => type.FullName!).Order(StringComparer.Ordinal),
        .. RuleDeclaration().Matches(Resource("Rules.cs")).Select(match => $"OptimGen.Neon.Tests.Rules.{match.Groups["name"].Value}"),
    ];

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public void GivesTheBitsOfTheScalarKernel(string rule)
    {
        (Toolchain tools, ArmKernels kernels) = Prepare();
        IReadOnlyList<KernelInputs> inputs = KernelInputs.Take(kernels.Rule(rule), Steps);
        RequireSameBits(tools, kernels, rule, [.. kernels.Of(rule).SelectMany(kernel => inputs.SelectMany(step => Calls(kernel, step, step.Step == CloseStep)))]);
    }

    [SkippableFact]
    public void RandomRules_GiveTheBitsOfTheirScalarKernels()
    {
        (Toolchain tools, ArmKernels kernels) = Prepare();
        int ran = 0;
        var calling = new List<string>();
        foreach (RandomRule rule in RandomRules)
        {
            calling.AddRange(kernels.Of(rule.FullName).Where(kernel => !kernel.IsLeaf).Select(kernel => kernel.Name));
            KernelInputs[] inputs = [.. KernelInputs.Take(kernels.Rule(rule.FullName), 2)];
            ArmKernel[] leaves = [.. kernels.Of(rule.FullName).Where(kernel => kernel.IsLeaf)];
            RequireSameBits(tools, kernels, rule.Name, [.. leaves.SelectMany(kernel => inputs.SelectMany(step => Calls(kernel, step, isThorough: false)))]);
            ran += leaves.Length == kernels.Of(rule.FullName).Count ? 1 : 0;
        }

        output.WriteLine($"{ran} of {RandomRules.Count} rules of seed {RandomRule.DefaultSeed} ran whole; not run, since they call functions: {string.Join(", ", calling)}");
        Assert.InRange(ran, 40, RandomRuleCount);
    }

    /// <summary>Without this, a kernel that does not run and a comparison that compares nothing would look the same as a proof.</summary>
    [SkippableTheory]
    [InlineData("Run")]
    [InlineData("RunInPhase")]
    [InlineData("ReduceUpdateNorm")]
    public void ADifferentScalarIsSeen(string method)
    {
        (Toolchain tools, ArmKernels kernels) = Prepare();
        ArmKernel kernel = kernels.Of(typeof(Lamb).FullName!).Single(kernel => kernel.Name.EndsWith("." + method, StringComparison.Ordinal));
        KernelCall[] calls = [.. Calls(kernel, KernelInputs.Take(kernels.Rule(typeof(Lamb).FullName!), CloseStep)[^1], isThorough: true)];
        IReadOnlyList<KernelResult> results = KernelCall.Execute(tools, kernels.Folder, "wrong", calls);

        // The lowest bit of the significand of the first scalar, β₁.
        int seen = calls.Zip(results).Count(pair => (pair.First with
        {
            Inputs = pair.First.Inputs with { Scalars = [(byte)(pair.First.Inputs.Scalars[0] ^ 1), .. pair.First.Inputs.Scalars.AsSpan(1)] },
        }).Compare(pair.Second) is not null);
        Assert.InRange(seen, calls.Length / 2, calls.Count(call => call.Count > 0));
    }

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public void IsALeafWhoseMainLoopStaysInVectorRegisters(string rule)
    {
        (_, ArmKernels kernels) = Prepare();
        Assert.NotEmpty(kernels.Of(rule));
        foreach (ArmKernel kernel in kernels.Of(rule))
        {
            Assert.True(kernel.IsLeaf, $"{kernel.Name} calls:\n{kernel.Listing}");
            string loop = MainLoop(kernel.Listing);
            Assert.Matches(@"\bld[rp]\s+q", loop);
            if (kernel.Scalar.Reduces)
            {
                continue;
            }

            Assert.Matches(@"\bst[rp]\s+q", loop);
            bool fuses = kernel.Source.Contains("FusedMultiplyAdd", StringComparison.Ordinal) || kernel.Source.Contains("RuleMath.", StringComparison.Ordinal);
            Assert.Equal(fuses, FusedMultiplyAdd().IsMatch(loop));
            if (!kernel.Source.Contains("RuleMath.Pow", StringComparison.Ordinal) && !kernel.Source.Contains("RuleMath.Cbrt", StringComparison.Ordinal))
            {
                // Two halves of these have more values and hoisted constants alive than there are registers.
                Assert.DoesNotMatch(@"\[(sp|fp)\b", loop);
            }

            Assert.DoesNotMatch(@"\b(ld|st)[rp]\s+[swx]\d", loop);
        }
    }

    private static (Toolchain Tools, ArmKernels Kernels) Prepare()
    {
        Toolchain tools = Toolchain.Require();
        built ??= new Lazy<ArmKernels>(() => ArmKernels.Build(tools, RandomRules));
        return (tools, built.Value);
    }

    private void RequireSameBits(Toolchain tools, ArmKernels kernels, string rule, KernelCall[] calls)
    {
        IReadOnlyList<KernelResult> results = KernelCall.Execute(tools, kernels.Folder, rule, calls);
        string[] differences = [.. calls.Zip(results, (call, result) => call.Compare(result)).OfType<string>()];
        Assert.True(differences.Length == 0, $"{differences.Length} of {calls.Length} calls differ:\n{string.Join('\n', differences.Take(5))}");
        foreach (IGrouping<string, KernelCall> kernel in calls.GroupBy(call => call.Kernel.Name))
        {
            output.WriteLine($"proven: {kernel.Key}, {kernel.Count()} calls, {kernel.Sum(call => call.Count)} elements");
        }
    }

    /// <summary>Calls over every count; each at every place of an element beside a boundary of 16 bytes, or at one.</summary>
    private static IEnumerable<KernelCall> Calls(ArmKernel kernel, KernelInputs inputs, bool isThorough)
    {
        int places = kernel.Scalar.Element == typeof(float) ? 4 : 2;
        foreach (int count in Counts)
        {
            // Alike for all streams; then each stream at another.
            for (int place = 0; place <= places; place++)
            {
                if (isThorough || place == count % (places + 1))
                {
                    int[] shifts = [.. Enumerable.Range(0, kernel.Scalar.StreamCount + 1).Select(stream => place < places ? place : stream % places)];
                    int start = ((11 * count) + (3 * place)) % (KernelInputs.Elements - count);
                    yield return new KernelCall(kernel, inputs, start, count, kernel.Scalar.HasPhase ? shifts : shifts[..^1]);
                }
            }
        }
    }

    /// <summary>The lines from a label to the first jump back to it.</summary>
    private static string MainLoop(string listing)
    {
        var labels = new Dictionary<string, int>();
        foreach (Match match in LabelOrJump().Matches(listing))
        {
            if (match.Groups["label"].Success)
            {
                labels[match.Groups["label"].Value] = match.Index;
            }
            else if (labels.TryGetValue(match.Groups["target"].Value, out int start))
            {
                return listing[start..match.Index];
            }
        }

        throw new InvalidOperationException("The kernel has no loop:\n" + listing);
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(NeonKernelTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"public sealed partial class (?<name>\w+)")]
    private static partial Regex RuleDeclaration();

    [GeneratedRegex(@"\bfml[as]\s+v\d+\.(4s|2d)")]
    private static partial Regex FusedMultiplyAdd();

    [GeneratedRegex(@"^(?<label>G_M\w+):|\b(b|b\w\w|cbn?z|tbn?z)\s.*?(?<target>G_M\w+)", RegexOptions.Multiline)]
    private static partial Regex LabelOrJump();
}
