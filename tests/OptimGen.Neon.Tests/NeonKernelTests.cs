using System.Text.RegularExpressions;
using OptimGen.RandomRules;
using Xunit.Abstractions;

namespace OptimGen.Neon.Tests;

/// <summary>Runs the generated kernels as Arm machine code under an emulator, as the engine composes them, beside the scalar kernels.</summary>
public sealed partial class NeonKernelTests(ITestOutputHelper output)
{
    private const int Steps = 4;

    /// <summary>The step that is looked at closely: every state has been written by then, and its sums are of ordinary elements.</summary>
    private const int CloseStep = 3;

    /// <summary>Every remainder of the loops, several turns of each, and many turns.</summary>
    private static readonly int[] Counts = [.. Enumerable.Range(0, 72), 257];

    private static readonly string[] FunctionsThatSpill = ["RuleMath.Pow", "RuleMath.Cbrt", "RuleMath.Sin", "RuleMath.Cos"];

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
        (Toolchain tools, ArmKernels kernels) = ArmKernels.Prepare();
        IReadOnlyList<KernelInputs> inputs = KernelInputs.Take(kernels.Rule(rule), Steps);
        RequireSameBits(tools, kernels, rule, [.. kernels.Of(rule).SelectMany(kernel => inputs.SelectMany(step => Calls(kernel, step, step.Step == CloseStep)))]);
    }

    [SkippableFact]
    public void RandomRules_GiveTheBitsOfTheirScalarKernels()
    {
        (Toolchain tools, ArmKernels kernels) = ArmKernels.Prepare();
        foreach (RandomRule rule in ArmKernels.RandomRules)
        {
            KernelInputs[] inputs = [.. KernelInputs.Take(kernels.Rule(rule.FullName), 2)];
            RequireSameBits(
                tools, kernels, rule.FullName, [.. kernels.Of(rule.FullName).SelectMany(kernel => inputs.SelectMany(step => Calls(kernel, step, isThorough: false)))]);
        }
    }

    /// <summary>Without this, a kernel that does not run and a comparison that compares nothing would look the same as a proof.</summary>
    [SkippableTheory]
    [InlineData("Update")]
    [InlineData("UpdateInPhase")]
    [InlineData("ReduceUpdateNorm")]
    public void ADifferentScalarIsSeen(string method)
    {
        (Toolchain tools, ArmKernels kernels) = ArmKernels.Prepare();
        ArmKernel kernel = kernels.Of(typeof(Lamb).FullName!).Single(kernel => kernel.Name.EndsWith("." + method, StringComparison.Ordinal));
        KernelCall[] calls = [.. Calls(kernel, KernelInputs.Take(kernels.Rule(typeof(Lamb).FullName!), CloseStep)[^1], isThorough: true)];
        IReadOnlyList<KernelResult> results = KernelCall.Execute(tools, kernels.Folder, "wrong", calls);

        // The lowest bit of the significand of the first value of the group, β₁.
        int seen = calls.Zip(results).Count(pair => WithAnotherBeta(pair.First).Compare(pair.Second) is not null);
        Assert.InRange(seen, calls.Length / 2, calls.Count(call => call.Count > 0));
    }

    private static KernelCall WithAnotherBeta(KernelCall call)
    {
        byte[] group = [.. call.Inputs.Blocks["group"]];
        group[0] ^= 1;
        return call with { Inputs = call.Inputs with { Blocks = new Dictionary<string, byte[]>(call.Inputs.Blocks) { ["group"] = group } } };
    }

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public void IsALeafWhoseMainLoopStaysInVectorRegisters(string rule)
    {
        (_, ArmKernels kernels) = ArmKernels.Prepare();
        Assert.NotEmpty(kernels.Of(rule));
        foreach (ArmKernel kernel in kernels.Of(rule))
        {
            RequireLeaf(kernel);
            string loop = MainLoop(kernel.Vector.Listing);
            Assert.Matches(@"\bld[rp]\s+q", loop);
            if (!kernel.ScalarHere.Reduces)
            {
                Assert.Matches(@"\bst[rp]\s+q", loop);
            }

            bool fuses = kernel.Source.Contains("FusedMultiplyAdd", StringComparison.Ordinal) || kernel.Source.Contains("RuleMath.", StringComparison.Ordinal);
            Assert.Equal(fuses, FusedMultiplyAdd().IsMatch(loop));
            if (!FunctionsThatSpill.Any(function => kernel.Source.Contains(function, StringComparison.Ordinal)))
            {
                // Two halves of these have more values and hoisted constants alive than there are registers.
                Assert.DoesNotMatch(@"\[(sp|fp)\b", loop);
            }

            Assert.DoesNotMatch(@"\b(ld|st)[rp]\s+[swx]\d", loop);
        }
    }

    private static void RequireLeaf(ArmKernel kernel)
    {
        foreach (string listing in (string[])[kernel.Vector.Listing, kernel.Scalar.Listing])
        {
            Assert.False(Call().IsMatch(listing), $"{kernel.Name} calls what the loader has not:\n{listing}");
        }
    }

    private void RequireSameBits(Toolchain tools, ArmKernels kernels, string rule, KernelCall[] calls)
    {
        Assert.All(kernels.Of(rule), RequireLeaf);
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
        int places = kernel.ScalarHere.Element == typeof(float) ? 4 : 2;
        foreach (int count in Counts)
        {
            // Alike for all streams; then each stream at another.
            for (int place = 0; place <= places; place++)
            {
                if (isThorough || place == count % (places + 1))
                {
                    int[] shifts = [.. Enumerable.Range(0, kernel.ScalarHere.Streams.Count).Select(stream => place < places ? place : stream % places)];
                    int start = ((11 * count) + (3 * place)) % (KernelInputs.Elements - count);
                    yield return new KernelCall(kernel, inputs, start, count, shifts);
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

    [GeneratedRegex(@"\bblr?\s")]
    private static partial Regex Call();

    [GeneratedRegex(@"\bfml[as]\s+v\d+\.(4s|2d)")]
    private static partial Regex FusedMultiplyAdd();

    [GeneratedRegex(@"^(?<label>G_M\w+):|\b(b|b\w\w|cbn?z|tbn?z)\s.*?(?<target>G_M\w+)", RegexOptions.Multiline)]
    private static partial Regex LabelOrJump();
}
