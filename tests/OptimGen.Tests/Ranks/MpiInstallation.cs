using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Tests.Ranks;

/// <summary>An MPI library of this machine, by which <see cref="RankProgram"/> runs in processes.</summary>
/// <param name="Name">What <see cref="MpiCommunicator.LibraryName"/> is.</param>
/// <param name="Launcher">The program that starts the processes.</param>
/// <param name="Options">Options of the launcher.</param>
/// <param name="Variables">Environment variables of the processes.</param>
internal sealed record MpiInstallation(string Name, string Launcher, string[] Options, (string Name, string Value)[] Variables)
{
    public const string OpenMpi = "Open MPI", Mpich = "MPICH", Standard = "the library with the binary interface of MPI 5";

    private const string Installer = "tests/OptimGen.Tests/install.sh";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Looks for the launcher and the library. Without them the test is skipped, and under CI, where they must be, it fails.</summary>
    public static MpiInstallation Require(string name, StandardAbi standard)
    {
        if (name == Mpich)
        {
            string? launcher = Find("mpirun.mpich") ?? Find("mpiexec.hydra");
            RequireTool(launcher is not null && (NativeLibrary.TryLoad("libmpich.so.12", out _) || NativeLibrary.TryLoad("libmpi.so.12", out _)), "mpirun.mpich and libmpich.so.12");
            return new MpiInstallation(Mpich, launcher!, [], []);
        }

        // Where there are two libraries, mpirun may be that of either.
        string? mpirun = Find("mpirun.openmpi") ?? Find("mpirun");
        RequireTool(mpirun is not null && NativeLibrary.TryLoad("libmpi.so.40", out _), "mpirun and libmpi.so.40");
        return new MpiInstallation(
            name, mpirun!, ["--allow-run-as-root", "--oversubscribe"], name == Standard ? [(MpiSearch.PathVariable, standard.Path)] : []);
    }

    /// <summary>Skips the test where what it needs is missing; under CI, it fails.</summary>
    public static void RequireTool(bool isThere, string what)
    {
        if (!isThere)
        {
            string reason = $"Ranks cannot be processes without {what}. To install it: {Installer}";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Skip.If(true, reason);
        }
    }

    /// <summary>The path of a program.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a task of <see cref="RankProgram"/>.</summary>
    public (int ExitCode, string Output, string Errors) Launch(int size, string task)
    {
        var start = new ProcessStartInfo(Launcher, [.. Options, "-n", $"{size}", .. TestProcess.CommandOf([TestProgram.RunRanks, task])])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // The launcher gives the ranks a terminal, for which the console of .NET would write more than the lines.
        start.Environment["TERM"] = "dumb";
        start.Environment.Remove(MpiSearch.PathVariable);
        foreach ((string variable, string value) in Variables)
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Launcher} -n {size} did not end within {Patience}.");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
