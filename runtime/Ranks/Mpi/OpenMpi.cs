using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>Open MPI: a handle is the address of an object that the library exports.</summary>
internal sealed class OpenMpi(nint library) : HandleMpi<nint>(library)
{
    /// <summary>What only this library exports.</summary>
    public const string WorldExport = "ompi_mpi_comm_world";

    public override string Name => "Open MPI";

    public override int SerializedThreads => 2;

    protected override nint World => Export(WorldExport);

    protected override nint Self => Export("ompi_mpi_comm_self");

    protected override nint Bytes { get; } = NativeLibrary.GetExport(library, "ompi_mpi_byte");

    protected override nint ErrorsReturn => Export("ompi_mpi_errors_return");
}
