using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OptimGen;
using OptimGen.Benchmarks.Contestants;
using OptimGen.Benchmarks.Measuring;
using OptimGen.Benchmarks.Native;
using OptimGen.Benchmarks.Rules;

namespace Samples.Tests;

/// <summary>The contestants of the benchmark compute the same, so that their times can be compared.</summary>
public class ContestantTests
{
    private const string Installer = "tests/Samples.Tests/install.sh";

    public static TheoryData<InstructionSet, int> Settings
    {
        get
        {
            var settings = new TheoryData<InstructionSet, int>();
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                settings.Add(set, 1);
                settings.Add(set, 2);
            }

            return settings;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Settings))]
    public void Contestants_OfEveryRuleAndOfThePhase_Agree(InstructionSet instructionSet, int threads)
    {
        var lineup = new Lineup(new Setting(instructionSet, threads));
        Assert.Empty(Rule.All.SelectMany(rule => Agreement.Check(lineup, rule)));
        Assert.Empty(Agreement.Check(lineup));
        RequireC();
    }

    [SkippableFact]
    public void C_IsOneOfTheContestants()
    {
        RequireC();
        var lineup = new Lineup(new Setting(InstructionSets.Selected, 1));
        Assert.All(Rule.All, rule => Assert.Contains(lineup.Everyone(new Arena(rule, 100)), contestant => contestant is CLoop));
    }

    [SkippableFact]
    public void C_LeavesSubnormalsAlone()
    {
        RequireC();
        _ = new Lineup(new Setting(InstructionSets.Selected, 2));
        Assert.True(Double(float.Epsilon) > 0, "Loading the C library has set flush-to-zero.");
    }

    /// <summary>Of which the one column is called exact, and the other is not.</summary>
    [SkippableFact]
    public void Gcc_WithoutEstimates_IsExactInEveryRule()
    {
        RequireGcc();
        CPeer peer = CPeer.All.Single(peer => peer.Name == "gcc");
        IReadOnlyList<CLibrary> builds = peer.Build(InstructionSets.Selected, threads: 1);
        Assert.NotEmpty(builds);
        Assert.All(builds, build => Assert.All(Rule.All, rule => Assert.True(Exactness.IsExact(peer, build, rule), $"{rule}, {build.Flags}")));
    }

    [SkippableFact]
    public void Gcc_WithEstimates_IsNotExactInAdam()
    {
        Skip.IfNot(RuntimeInformation.ProcessArchitecture == Architecture.X64, "C compilers estimate divisions and roots on x64 alone.");
        RequireGcc();
        CPeer peer = CPeer.All.Single(peer => peer.Name == "gcc-estimates");
        IReadOnlyList<CLibrary> builds = peer.Build(InstructionSets.Selected, threads: 1);
        Assert.NotEmpty(builds);
        Assert.All(builds, build => Assert.False(Exactness.IsExact(peer, build, Rule.All.Single(rule => rule.Name == "Adam")), build.Flags));
    }

    // Not inlined: the compiler would multiply by itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Double(float value) => value * 2;

    // The other contestants have been compared by then.
    private static void RequireC() => Require(CCompiler.OfThisMachine, $"C took no part; {CCompiler.HowToInstall}, as {Installer} does.");

    private static void RequireGcc() => Require(CCompiler.Gcc, $"There is no gcc; {CCompiler.HowToInstallFamily(CFamily.Gcc)}, as {Installer} does.");

    private static void Require(CCompiler? compiler, string reason)
    {
        Assert.False(compiler is null && Environment.GetEnvironmentVariable("CI") == "true", reason);
        Skip.If(compiler is null, reason);
    }
}
