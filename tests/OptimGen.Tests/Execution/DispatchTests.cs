using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Tests.Execution;

/// <summary>
/// Runs processes in which switches of the .NET runtime disable instruction sets. They must dispatch to other kernels and compute the same bits. This
/// tests the dispatch; other tests force each kernel and compare bits.
/// </summary>
public class DispatchTests
{
    private static readonly Lazy<Run> Unhindered = new(() => Run.With());

    [SkippableFact]
    public void WithoutAvx512_Avx2IsChosen()
    {
        SkipWithout(InstructionSet.Avx512);
        SkipWithout(InstructionSet.Avx2);
        RequireSameBits(["Avx2", "Scalar"], "Avx2", Run.With(("DOTNET_EnableAVX512", "0")));
    }

    [SkippableFact]
    public void WithoutAvx2_TheScalarKernelsAreChosen()
    {
        SkipWithout(InstructionSet.Avx2);
        RequireSameBits(["Scalar"], "Scalar", Run.With(("DOTNET_EnableAVX2", "0")));
    }

    /// <summary>Without any hardware intrinsics, .NET computes even square roots and fused multiply-adds by other code.</summary>
    [Fact]
    public void WithoutAnyInstructionSet_TheScalarKernelsAreChosen() =>
        RequireSameBits(["Scalar"], "Scalar", Run.With(("DOTNET_EnableHWIntrinsic", "0")));

    /// <summary>The setting that .NET chooses itself on processors that lower their clock frequency for 512-bit vectors.</summary>
    [SkippableFact]
    public void WhereTheRuntimePrefersNarrowVectors_Avx2IsChosen_ThoughAvx512IsThere()
    {
        SkipWithout(InstructionSet.Avx512);
        RequireSameBits([.. InstructionSets.Supported.Select(set => set.ToString())], "Avx2", Run.With(("DOTNET_PreferredVectorBitWidth", "256")));
    }

    [Fact]
    public void TheVariable_ForcesEachSupportedSet()
    {
        string[] supported = [.. InstructionSets.Supported.Select(set => set.ToString())];
        foreach (string set in supported)
        {
            RequireSameBits(supported, set, Run.With((InstructionSets.EnvironmentVariable, set.ToLowerInvariant())));
        }
    }

    [SkippableFact]
    public void TheVariable_CannotForceWhatTheRuntimeDoesNotUse()
    {
        SkipWithout(InstructionSet.Avx512);
        Run run = Run.With(("DOTNET_EnableAVX512", "0"), (InstructionSets.EnvironmentVariable, "avx512"));
        RequireSameBits(["Avx2", "Scalar"], "Avx2", run);
        RequireOneLine("The environment variable OPTIMGEN_INSTRUCTION_SET is 'avx512', which is ignored: this machine supports Avx2, Scalar. Avx2 is used.", run);
    }

    [Fact]
    public void TheVariable_WithATypingError_IsIgnoredAndSaidOnce()
    {
        Run run = Run.With((InstructionSets.EnvironmentVariable, "axv2"));
        RequireSameBits([.. InstructionSets.Supported.Select(set => set.ToString())], Unhindered.Value["selected"], run);
        RequireOneLine(
            "The environment variable OPTIMGEN_INSTRUCTION_SET is 'axv2', which is ignored: it must be one of scalar, neon, avx2, avx512. "
            + $"{run["selected"]} is used.",
            run);
        Assert.Equal(("nothing", ""), (Unhindered.Value["ignored"], Unhindered.Value.Errors));
    }

    private static void RequireOneLine(string ignored, Run run)
    {
        Assert.Equal(ignored, run["ignored"]);
        Assert.Equal($"OptimGen: {ignored}", run.Errors.Trim());
    }

    private static void RequireSameBits(string[] supported, string chosen, Run run)
    {
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(supported, run["supported"].Split(' '));
        Assert.Equal((chosen, chosen), (run["selected"], run["used"]));
        Assert.Equal(Unhindered.Value["bits"], run["bits"]);
    }

    private static void SkipWithout(InstructionSet set) =>
        Skip.IfNot(InstructionSets.IsSupported(set), $"This processor has no {set} that could be hidden; the dispatch is shown on one that has.");

    /// <summary>A run of <see cref="DispatchProgram"/> in a separate process.</summary>
    private sealed record Run(int ExitCode, string Output, string Errors)
    {
        public string this[string name] => Output.Split('\n').Select(line => line.Trim().Split(": ", 2)).Single(pair => pair[0] == name)[1];

        public static Run With(params (string Name, string Value)[] variables)
        {
            using Process process = TestProcess.Start([TestProgram.Dispatch], variables);
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            {
                process.Kill();
                Assert.Fail("The process did not end.");
            }

            return new Run(process.ExitCode, output.Result, errors.Result);
        }
    }
}
