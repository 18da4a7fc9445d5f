using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Native;

/// <summary>The C compiler of the machine: <c>cc</c>.</summary>
internal sealed class CCompiler
{
    private readonly string command;

    private CCompiler(string command, string version) => (this.command, Version) = (command, version);

    /// <summary>The compiler, or null where there is none.</summary>
    public static CCompiler? OfThisMachine { get; } = Find("cc");

    /// <summary>How to get one.</summary>
    public const string HowToInstall = "no C compiler: install gcc";

    /// <summary>The first line of what it says of itself.</summary>
    public string Version { get; }

    /// <summary>
    /// The sources compiled for an instruction set, in each of the ways that may be the fastest: GCC takes 512-bit vectors by itself on some processors
    /// only.
    /// </summary>
    /// <returns>No library where the compiler refuses, as one without OpenMP does with more than one thread.</returns>
    public IReadOnlyList<CLibrary> Build(InstructionSet instructionSet, int threads) =>
        [.. MachineFlags(instructionSet).Select(machine => Build(machine, threads)).OfType<CLibrary>()];

    private static string[] MachineFlags(InstructionSet instructionSet) => (instructionSet, RuntimeInformation.ProcessArchitecture) switch
    {
        (InstructionSet.Avx512, _) => ["-march=native", "-march=native -mprefer-vector-width=512"],
        (InstructionSet.Avx2, _) => ["-march=native -mno-avx512f", "-march=haswell"],
        (_, Architecture.Arm64) => ["-mcpu=native"],
        _ => ["-march=native"],
    };

    private CLibrary? Build(string machine, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("optimgen-").FullName;
        try
        {
            string openMp = threads > 1 ? " -fopenmp" : "";
            string flags = $"-O3 {machine} -ffast-math{openMp}";
            // Linked without -ffast-math: with it, loading the library would make the whole process flush subnormals to zero.
            return WriteSources(folder).All(source => Run(folder, $"{flags} -fPIC -c {source}"))
                && Run(folder, $"-shared{openMp} -o rules.so {string.Join(' ', Directory.GetFiles(folder, "*.o").Select(Path.GetFileName))} -lm")
                ? new CLibrary(Path.Combine(folder, "rules.so"), flags, threads)
                : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> WriteSources(string folder)
    {
        var written = new List<string>();
        foreach (string name in typeof(CCompiler).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".c", StringComparison.Ordinal)))
        {
            using Stream source = typeof(CCompiler).Assembly.GetManifestResourceStream(name)!;
            using FileStream file = File.Create(Path.Combine(folder, name));
            source.CopyTo(file);
            written.Add(name);
        }

        return written;
    }

    private static CCompiler? Find(string command)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? new CCompiler(command, output.Split('\n')[0].Trim()) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private bool Run(string folder, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"{command} {arguments}\n{errors}");
        }

        return process.ExitCode == 0;
    }
}
