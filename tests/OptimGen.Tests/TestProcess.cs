using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Tests;

/// <summary>Starts a <see cref="TestProgram"/> in a process of its own.</summary>
internal static class TestProcess
{
    /// <summary>The program and its arguments, as they are run here: by the same version of .NET that this test runs on.</summary>
    public static string[] CommandOf(string[] arguments) =>
    [
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet")),
        typeof(TestProgram).Assembly.Location,
        .. arguments,
    ];

    public static Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        string[] command = CommandOf(arguments);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove(InstructionSets.EnvironmentVariable);
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
