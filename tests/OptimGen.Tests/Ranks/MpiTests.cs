using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Tests.Ranks;

/// <summary>Ranks that are processes, over the MPI library of this machine.</summary>
public class MpiTests
{
    private const string Installer = "tests/OptimGen.Tests/install.sh";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Step_HasTheBitsOfOneProcess(int size)
    {
        (int exitCode, string output, string errors) = Launch(size, RankProgram.Step);
        Assert.True(exitCode == 0, output + errors);
        string alone = RankProgram.StepAndHash(null);
        Assert.Equal(Enumerable.Range(0, size).Select(rank => $"{rank} of {size}: {alone}"), LinesOf(output));
    }

    [SkippableFact]
    public void LongMessages_ArriveWhole_WhenAllSendAtOnce()
    {
        (int exitCode, string output, string errors) = Launch(3, RankProgram.Exchange);
        Assert.True(exitCode == 0, output + errors);
        Assert.Equal(3, LinesOf(output).Count());
    }

    [SkippableFact]
    public void RankThatThrows_EndsTheOthers_AndIsNamed()
    {
        (int exitCode, _, string errors) = Launch(3, RankProgram.Throw);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Rank 1 of 3 has ended the others: System.FormatException: no digits", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void RankThatHangs_IsNamedByThoseThatWait()
    {
        (int exitCode, _, string errors) = Launch(3, RankProgram.Hang);
        Assert.NotEqual(0, exitCode);
        Assert.Matches("Rank [02] of 3 has ended the others: rank 1 does not answer; rank [02] has waited for it for 1 s", errors);
    }

    [SkippableFact]
    public void RankThatDies_EndsTheOthers_AndTheLauncherNamesIt()
    {
        (int exitCode, string output, string errors) = Launch(3, RankProgram.Die);
        Assert.NotEqual(0, exitCode);
        Assert.Matches("(?i)rank 1\\b", output + errors);
    }

    private static IEnumerable<string> LinesOf(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private static (int ExitCode, string Output, string Errors) Launch(int size, string task)
    {
        Require();
        var start = new ProcessStartInfo("mpirun", ["--allow-run-as-root", "--oversubscribe", "-n", $"{size}", .. TestProcess.CommandOf([TestProgram.RunRanks, task])])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // The launcher gives the ranks a terminal, for which the console of .NET would write more than the lines.
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"mpirun -n {size} did not end within {Patience}.");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Looks for the launcher and the library. Without them the test is skipped, and under CI, where they must be, it fails.</summary>
    private static void Require()
    {
        bool hasLauncher = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, "mpirun")));
        if (hasLauncher && NativeLibrary.TryLoad("libmpi.so.40", out _))
        {
            return;
        }

        string reason = $"Ranks cannot be processes without mpirun and libmpi.so.40. To install them: {Installer}";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Skip.If(true, reason);
    }
}
