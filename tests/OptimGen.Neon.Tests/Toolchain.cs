using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OptimGen.Neon.Tests;

/// <summary>The programs that build and run Arm code on an x64 machine.</summary>
/// <param name="Crossgen2">.NET's ahead-of-time compiler.</param>
/// <param name="Gcc">The C compiler for Arm, for the loader.</param>
/// <param name="Qemu">The emulator.</param>
internal sealed record Toolchain(string Crossgen2, string Gcc, string Qemu)
{
    private const string Installer = "tests/OptimGen.Neon.Tests/install.sh";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Finds the programs. Without them the test is skipped, and under CI, where they must be, it fails.</summary>
    public static Toolchain Require()
    {
        Skip.IfNot(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "The NEON kernels are emulated on x64 Linux only; on an Arm machine the other tests run them as they are.");

        string crossgen2 = typeof(Toolchain).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Crossgen2").Value!;
        (string Name, string? Path)[] tools =
        [
            (crossgen2, File.Exists(crossgen2) ? crossgen2 : null),
            Find("aarch64-linux-gnu-gcc"),
            Find("qemu-aarch64"),
        ];
        // The compiler without its static C library prints the bare name.
        bool hasLibrary = tools[1].Path is not { } gcc || File.Exists(Run(".", gcc, "-print-file-name=libc.a").Trim());
        List<string> missing = [.. tools.Where(tool => tool.Path is null).Select(tool => tool.Name)];
        if (!hasLibrary)
        {
            missing.Add("libc.a for Arm");
        }

        if (missing.Count > 0)
        {
            string reason = $"The NEON kernels cannot be emulated without {string.Join(", ", missing)}. To install it: {Installer}";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Skip.If(true, reason);
        }

        return new Toolchain(tools[0].Path!, tools[1].Path!, tools[2].Path!);
    }

    /// <summary>Runs a program to its end, in a folder, and fails, with what it wrote, if the program did.</summary>
    /// <returns>What it wrote.</returns>
    public static string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {Patience}.");
        }

        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}\nended with {process.ExitCode}, in {folder}:\n{output.Result}{errors.Result}");
        return output.Result;
    }

    private static (string Name, string? Path) Find(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return (program, folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists));
    }
}
