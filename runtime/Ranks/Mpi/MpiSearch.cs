using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Finds the MPI library of this machine at run time.</summary>
internal static class MpiSearch
{
    /// <summary>The variable that names the library, by its path or file name, where it is not found or the wrong one is.</summary>
    public const string PathVariable = "OPTIMGEN_MPI";

    private static readonly string[] StandardNames = OperatingSystem.IsMacOS() ? ["libmpi_abi.0.dylib", "libmpi_abi.dylib"] : ["libmpi_abi.so.0", "libmpi_abi.so"];

    private static readonly string[] OpenMpiNames = OperatingSystem.IsMacOS() ? ["libmpi.40.dylib", "libmpi.dylib"] : ["libmpi.so.40", "libmpi.so"];

    private static readonly string[] MpichNames = OperatingSystem.IsMacOS() ? ["libmpi.12.dylib", "libmpich.dylib"] : ["libmpi.so.12", "libmpich.so.12", "libmpich.so"];

    /// <summary>Loads the library of the launcher that started this process, or else any one.</summary>
    /// <exception cref="DllNotFoundException">There is none; the message says what to install.</exception>
    public static MpiLibrary Load()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path)
        {
            return NativeLibrary.TryLoad(path, out nint named)
                ? Recognize(named, IsStandard(path))
                : throw new DllNotFoundException($"{PathVariable} is '{path}', which cannot be loaded as a library.");
        }

        foreach (string name in Candidates())
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return Recognize(library, IsStandard(name));
            }
        }

        throw new DllNotFoundException(
            "No MPI library was found. On Debian or Ubuntu: apt-get install openmpi-bin libopenmpi3 (or libopenmpi40). On Fedora: dnf install openmpi, and module load mpi. On macOS: "
            + $"brew install open-mpi. MPICH and its relatives will do too. If it is in an unusual place, set {PathVariable} to the path of its library. To try ranks out "
            + $"without MPI, use {nameof(ThreadCommunicator)}.");
    }

    // A process that the launcher of one library started and that loads another one would take itself for the only rank. Launchers tell themselves by variables.
    private static IEnumerable<string> Candidates() =>
        IsSet("OMPI_COMM_WORLD_SIZE") ? [.. OpenMpiNames, .. StandardNames, .. MpichNames]
        : IsSet("PMI_SIZE") ? [.. MpichNames, .. StandardNames, .. OpenMpiNames]
        : [.. StandardNames, .. OpenMpiNames, .. MpichNames];

    /// <summary>The number of processes that the launcher says it has started; 0 if none says so.</summary>
    public static int LaunchedSize()
    {
        foreach (string variable in (string[])["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"])
        {
            if (int.TryParse(Environment.GetEnvironmentVariable(variable), out int size))
            {
                return size;
            }
        }

        return 0;
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private static bool IsStandard(string path) => Path.GetFileName(path).StartsWith("libmpi_abi", StringComparison.Ordinal);

    private static MpiLibrary Recognize(nint library, bool isStandard) =>
        isStandard ? new StandardMpi(library)
        : NativeLibrary.TryGetExport(library, OpenMpi.WorldExport, out _) ? new OpenMpi(library)
        : new Mpich(library);
}
