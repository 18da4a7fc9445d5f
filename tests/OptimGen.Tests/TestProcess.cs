using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Tests;

/// <summary>Starts a <see cref="TestProgram"/> in a process of its own.</summary>
internal static class TestProcess
{
    public static Process Start(string[] arguments, params (string Name, string Value)[] variables)
    {
        // The same version of .NET that this test runs on.
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(dotnet, [typeof(TestProgram).Assembly.Location, .. arguments])
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
