using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Native;

/// <summary>A C compiler of the machine: the newest of its family, <c>gcc-14</c> before <c>gcc-12</c> before <c>gcc</c>.</summary>
internal sealed class CCompiler
{
    /// <summary>How to get any compiler.</summary>
    public const string HowToInstall = "no C compiler: install gcc";

    private const int NewestVersion = 30;
    private const int OldestVersion = 9;
    private static readonly ConcurrentDictionary<(string Command, string Flags, string Sources, int Threads), CLibrary?> Libraries = [];

    private readonly string command;

    private CCompiler(string command, string version) => (this.command, Version) = (command, version);

    /// <summary>GCC, or null where there is none.</summary>
    public static CCompiler? Gcc { get; } = FindNewest(CFamily.Gcc);

    /// <summary>Clang, or null where there is none.</summary>
    public static CCompiler? Clang { get; } = FindNewest(CFamily.Clang);

    /// <summary>Any compiler, or null where there is none.</summary>
    public static CCompiler? OfThisMachine => Gcc ?? Clang;

    /// <summary>The first line of what it says of itself.</summary>
    public string Version { get; }

    /// <summary>The compiler of a family, or null where there is none.</summary>
    public static CCompiler? Of(CFamily family) => family == CFamily.Gcc ? Gcc : Clang;

    /// <summary>Why there is no compiler of a family, or none with OpenMP, and how to get one.</summary>
    public static string HowToInstallFamily(CFamily family) => family == CFamily.Gcc
        ? "install gcc; on Debian: apt-get install gcc libc6-dev"
        : "install clang with OpenMP's runtime; on Debian the newest of apt-cache search '^clang-[0-9]+$', such as: apt-get install clang-22 libomp-22-dev";

    /// <summary>Compiles sources and loads them; once for the same arguments in a process.</summary>
    /// <param name="sources">Their names, separated by spaces.</param>
    /// <param name="flags">The flags, but for OpenMP's.</param>
    /// <param name="threads">The number of threads of their loops; with more than one, they are compiled with OpenMP.</param>
    /// <returns>Null where the compiler refuses, as one without OpenMP does with more than one thread.</returns>
    public CLibrary? Build(string sources, string flags, int threads)
    {
        string openMp = threads > 1 ? " -fopenmp" : "";
        CLibrary? library = Libraries.GetOrAdd((command, flags, sources, threads), _ => Build(sources, flags + openMp, openMp, threads));
        library?.SetThreads();
        return library;
    }

    /// <summary>
    /// The flags that name the vectors of an instruction set, in each of the ways that may be the fastest: GCC takes 512-bit vectors by itself on some
    /// processors only.
    /// </summary>
    public static IReadOnlyList<string> MachineFlags(InstructionSet instructionSet) => (instructionSet, RuntimeInformation.ProcessArchitecture) switch
    {
        (InstructionSet.Avx512, _) => ["-march=native", "-march=native -mprefer-vector-width=512"],
        (InstructionSet.Avx2, _) => ["-march=native -mno-avx512f", "-march=haswell"],
        (_, Architecture.Arm64) => ["-mcpu=native"],
        _ => ["-march=native"],
    };

    private CLibrary? Build(string sources, string flags, string openMp, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("optimgen-").FullName;
        try
        {
            foreach (string name in sources.Split(' '))
            {
                using Stream source = typeof(CCompiler).Assembly.GetManifestResourceStream(name)!;
                using FileStream file = File.Create(Path.Combine(folder, name));
                source.CopyTo(file);
            }

            // Linked without -ffast-math: with it, loading the library would make the whole process flush subnormals to zero.
            return Run(folder, $"{flags} -fPIC -c {sources}")
                && Run(folder, $"-shared{openMp} -o rules.so {string.Join(' ', Directory.GetFiles(folder, "*.o").Select(Path.GetFileName))} -lm")
                ? new CLibrary(Path.Combine(folder, "rules.so"), flags, threads)
                : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CCompiler? FindNewest(CFamily family)
    {
        string name = family == CFamily.Gcc ? "gcc" : "clang";
        return Enumerable.Range(OldestVersion, NewestVersion - OldestVersion + 1).Reverse().Select(version => $"{name}-{version}")
            .Append(name).Append("cc")
            .Select(command => Find(command, family)).FirstOrDefault(compiler => compiler is not null);
    }

    private static CCompiler? Find(string command, CFamily family)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // On macOS, gcc is clang by another name.
            bool isClang = output.Contains("clang", StringComparison.OrdinalIgnoreCase);
            return process.ExitCode == 0 && isClang == (family == CFamily.Clang) ? new CCompiler(command, output.Split('\n')[0].Trim()) : null;
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

/// <summary>Whose compiler.</summary>
internal enum CFamily
{
    Gcc,
    Clang,
}
