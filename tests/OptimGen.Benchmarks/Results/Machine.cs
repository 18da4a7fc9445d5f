using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using OptimGen.Benchmarks.Native;

namespace OptimGen.Benchmarks.Results;

/// <summary>What measured: without that, a figure says nothing.</summary>
internal static class Machine
{
    private const string ProcessorInformation = "/proc/cpuinfo";
    private const string LoadInformation = "/proc/loadavg";

    // Of one core. Beside nothing but a shell, a machine is well below.
    private const double Busy = 0.7;

    /// <summary>The processor's name, by what the system knows of it.</summary>
    public static string Processor { get; } = OnLinux("model name") ?? OnApple() ?? $"unknown {RuntimeInformation.ProcessArchitecture}";

    /// <summary>The processor's name as the name of a file.</summary>
    public static string Slug => string.Join('-', new string([.. Processor.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The versions of everything that takes part, a line for each.</summary>
    public static IReadOnlyList<string> Versions =>
    [
        $"Processor: {Processor}{(OnLinux("cpu family") is { } family ? $", family {family}, model {OnLinux("model")}" : "")}, {Environment.ProcessorCount} cores; "
            + $"instruction sets {string.Join(", ", InstructionSets.Supported)}",
        $"System: {RuntimeInformation.OSDescription}",
        $".NET: {RuntimeInformation.FrameworkDescription}",
        $"OptimGen: {typeof(Optimizer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
        .. Enum.GetValues<CFamily>().Select(family => $"{family}: {CCompiler.Of(family)?.Version ?? $"none; {CCompiler.HowToInstallFamily(family)}"}"),
    ];

    /// <summary>A warning where other processes had the processor when this one started, or null. Threads that wait for each other suffer most.</summary>
    public static string? BusyWarning { get; } = File.Exists(LoadInformation)
        && double.TryParse(File.ReadAllText(LoadInformation).Split(' ')[0], CultureInfo.InvariantCulture, out double load) && load > Busy
            ? $"Other processes were running, so this is no measurement: the load of the minute before was {load.ToString("F1", CultureInfo.InvariantCulture)}."
            : null;

    private static string? OnLinux(string key) => File.Exists(ProcessorInformation)
        ? File.ReadLines(ProcessorInformation).Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == key)?[1].Trim()
        : null;

    private static string? OnApple()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("sysctl", "-n machdep.cpu.brand_string")
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            string name = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return name.Length > 0 ? name : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
