using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace OptimGen.Neon.Tests;

/// <summary>Runs the generated NEON kernels, as Arm machine code under an emulator, beside the scalar kernels.</summary>
public sealed partial class NeonKernelTests(ITestOutputHelper output)
{
    private const int Elements = 512;
    private const int Steps = 4;

    /// <summary>Every remainder of the loops, several turns of each, and many turns.</summary>
    private static readonly int[] Counts = [.. Enumerable.Range(0, 72), 257];

    private static Lazy<ArmKernels>? built;

    public static TheoryData<string> Rules =>
        [.. typeof(NeonKernelTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Optimizer<float>))).Select(type => type.Name).Order()];

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public void GivesTheBitsOfTheScalarKernel(string rule)
    {
        (Toolchain tools, ArmKernels kernels, Type type) = Prepare(rule);
        List<KernelCall> calls = Calls(kernels, type, ReferenceStep.Take(type, Elements, Steps));
        uint[][][] streams = KernelCall.Execute(tools, kernels, rule, calls);

        Assert.NotEmpty(calls);
        string[] differences = [.. calls.Zip(streams, (call, left) => call.Compare(left)).OfType<string>()];
        Assert.True(differences.Length == 0, $"{differences.Length} of {calls.Count} calls differ:\n{string.Join('\n', differences.Take(5))}");
        Assert.Equal(kernels.Of(type).Order(), calls.Select(call => call.Kernel).Distinct().Order());
        foreach (IGrouping<string, KernelCall> kernel in calls.GroupBy(call => call.Kernel))
        {
            output.WriteLine($"proven: {rule}.{kernel.Key}, {kernel.Count()} calls, {kernel.Sum(call => call.Count)} elements");
        }
    }

    /// <summary>Without this, a kernel that does not run and a comparison that compares nothing would look the same as a proof.</summary>
    [SkippableFact]
    public void ADifferentScalarIsSeen()
    {
        (Toolchain tools, ArmKernels kernels, Type type) = Prepare(nameof(Tests.Rules.Adam));
        IEnumerable<ReferenceStep> wrong = ReferenceStep.Take(type, Elements, Steps)
            .Select(step => step with { Scalars = [.. step.Scalars.Select((value, i) => i == 0 ? (byte)(value ^ 1) : value)] });
        List<KernelCall> calls = Calls(kernels, type, [.. wrong]);
        uint[][][] streams = KernelCall.Execute(tools, kernels, "wrong", calls);

        int seen = calls.Zip(streams, (call, left) => call.Compare(left)).Count(difference => difference is not null);
        Assert.InRange(seen, calls.Count / 2, calls.Count(call => call.Count > 0));
    }

    [SkippableTheory]
    [MemberData(nameof(Rules))]
    public void IsALeafWhoseMainLoopStaysInVectorRegisters(string rule)
    {
        (_, ArmKernels kernels, Type type) = Prepare(rule);
        Assert.NotEmpty(kernels.Of(type));
        foreach (string kernel in kernels.Of(type))
        {
            string listing = kernels.ListingOf(type, kernel);
            Assert.DoesNotMatch(@"\bblr?\s", listing);

            string loop = MainLoop(listing);
            Assert.Matches(@"\bld[rp]\s+q", loop);
            Assert.Matches(@"\bst[rp]\s+q", loop);
            Assert.Equal(kernels.SourceOf(type).Contains("FusedMultiplyAdd", StringComparison.Ordinal), FusedMultiplyAdd().IsMatch(loop));
            if (!kernels.SourceOf(type).Contains("RuleMath.Pow", StringComparison.Ordinal))
            {
                // Two halves of Pow have more values and hoisted constants alive than there are registers.
                Assert.DoesNotMatch(@"\[(sp|fp)\b", loop);
            }

            Assert.DoesNotMatch(@"\b(ld|st)[rp]\s+[swx]\d", loop);
        }
    }

    private static (Toolchain Tools, ArmKernels Kernels, Type Rule) Prepare(string rule)
    {
        Toolchain tools = Toolchain.Require();
        built ??= new Lazy<ArmKernels>(() => ArmKernels.Build(tools));
        return (tools, built.Value, typeof(NeonKernelTests).Assembly.GetType($"{typeof(NeonKernelTests).Namespace}.Rules.{rule}")!);
    }

    private static List<KernelCall> Calls(ArmKernels kernels, Type rule, IReadOnlyList<ReferenceStep> steps)
    {
        var calls = new List<KernelCall>();
        foreach (string kernel in kernels.Of(rule))
        {
            int address = kernels.AddressOf(rule, kernel);
            foreach (ReferenceStep step in steps.Where(step => kernel == "Run" || step.IsUncorrected))
            {
                foreach (int count in Counts)
                {
                    int streams = step.Names.Length;
                    // The four places of a float beside a boundary of 16 bytes, alike for all streams; then each stream at another.
                    for (int alignment = 0; alignment <= 4; alignment++)
                    {
                        int[] shifts = [.. Enumerable.Range(0, streams).Select(stream => alignment < 4 ? alignment : stream % 4)];
                        int start = ((11 * count) + (3 * alignment)) % (Elements - count);
                        calls.Add(new KernelCall(kernel, address, step, start, count, shifts));
                    }
                }
            }
        }

        return calls;
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

    [GeneratedRegex(@"\bfml[as]\s+v\d+\.4s")]
    private static partial Regex FusedMultiplyAdd();

    [GeneratedRegex(@"^(?<label>G_M\w+):|\b(b|b\w\w|cbn?z|tbn?z)\s.*?(?<target>G_M\w+)", RegexOptions.Multiline)]
    private static partial Regex LabelOrJump();
}
