using System.Diagnostics;
using OptimGen.Tests.Checkpoints;

namespace OptimGen.Tests.Ranks;

/// <summary>
/// A library with the binary interface of MPI 5, compiled from <c>StandardAbi.c</c> for the Open MPI of this machine: no distribution has a library that has the interface
/// itself.
/// </summary>
public sealed class StandardAbi : IDisposable
{
    private const string Source = "StandardAbi.c";
    private readonly Lazy<TemporaryFolder> folder = new(Compile);

    /// <summary>The path of the library. Without a compiler the test is skipped, and under CI, where it must be, it fails.</summary>
    public string Path => folder.Value.File("libmpi_abi.so");

    public void Dispose()
    {
        if (folder.IsValueCreated)
        {
            folder.Value.Dispose();
        }
    }

    private static TemporaryFolder Compile()
    {
        string? compiler = MpiInstallation.Find("mpicc.openmpi") ?? MpiInstallation.Find("mpicc");
        MpiInstallation.RequireTool(
            compiler is not null && MpiInstallation.Find("gcc") is not null && Run(compiler, "--showme:version").Contains("Open MPI", StringComparison.Ordinal),
            "mpicc of Open MPI, with gcc and mpi.h,");
        var folder = new TemporaryFolder();
        Run(compiler!, "-Wall", "-Werror", "-shared", "-fPIC", "-o", folder.File("libmpi_abi.so"), System.IO.Path.Combine(AppContext.BaseDirectory, "Ranks", Source));
        return folder;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output.Result}{errors.Result}");
        return output.Result;
    }
}
