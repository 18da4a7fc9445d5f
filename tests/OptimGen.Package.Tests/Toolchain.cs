using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Package.Tests;

/// <summary>The programs that build, run and look into a user's project.</summary>
internal static class Toolchain
{
    private const string Installer = "tests/OptimGen.Package.Tests/install.sh";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The host of the SDK that runs these tests.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Skips the test where a self-contained program cannot be made for this machine in the way that is tested here.</summary>
    public static void RequireLinuxX64() => Skip.IfNot(
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Self-contained programs are tested on x64 Linux only.");

    /// <summary>Looks for programs. Without them the test is skipped, and under CI, where they must be, it fails.</summary>
    /// <param name="alternatives">Names of which one is enough, separated by bars.</param>
    public static void Require(params string[] alternatives)
    {
        string[] missing = [.. alternatives.Where(names => !names.Split('|').Any(IsInPath))];
        if (missing.Length > 0)
        {
            Missing($"The machine has no {string.Join(", ", missing)}.");
        }
    }

    /// <summary>Skips the test for the want of something that the installer brings; under CI, where it must be, fails.</summary>
    public static void Missing(string what)
    {
        string reason = $"{what} To install it: {Installer}";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Skip.If(true, reason);
    }

    /// <summary>Whether there is a program of this name in the path, or at this path.</summary>
    public static bool IsInPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a command of the SDK to its end, as in a new shell, leaving no server behind.</summary>
    public static Result RunDotNet(string folder, params string[] arguments) => Run(folder, DotNet, new Dictionary<string, string>(), arguments);

    /// <summary>Runs a program to its end.</summary>
    public static Result Run(string folder, string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The build that runs these tests tells its children of itself.
        foreach (string name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key))
        {
            if (name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "OPTIMGEN_INSTRUCTION_SET")
            {
                start.Environment.Remove(name);
            }
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Patience}.");
        }

        return new Result($"{program} {string.Join(' ', arguments)}, in {folder}", process.ExitCode, output.Result, errors.Result);
    }
}

/// <summary>What a program left when it ended.</summary>
internal sealed record Result(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails if the program did.</summary>
    public Result Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Command}\nended with {ExitCode}:\n{Output}{Errors}");
        return this;
    }

    /// <summary>Fails if the program did, or if it wrote of a warning.</summary>
    public Result Clean()
    {
        Succeeded();
        Assert.DoesNotMatch(@"\bwarning\b[^:\n]*:", Output + Errors);
        return this;
    }
}
