namespace OptimGen;

/// <summary>A library whose handles have the size of a pointer: Open MPI, and every one with the binary interface of MPI 5.</summary>
internal abstract unsafe class PointerHandleMpi : MpiLibrary
{
    /// <summary>More than the size of MPI_Status in any library.</summary>
    private const int StatusWords = 16;

    private const int Tag = 0;

    private readonly delegate* unmanaged<nint, int*, int> rank;
    private readonly delegate* unmanaged<nint, int*, int> size;
    private readonly delegate* unmanaged<nint, nint*, int> duplicate;
    private readonly delegate* unmanaged<nint*, int> free;
    private readonly delegate* unmanaged<nint, nint, int> setErrorHandler;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> send;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> receive;
    private readonly delegate* unmanaged<nint*, int*, void*, int> test;
    private readonly delegate* unmanaged<void*, nint, int*, int> getCount;
    private readonly delegate* unmanaged<nint, int, int> abort;
    private nint communicator;

    protected PointerHandleMpi(nint library)
        : base(library)
    {
        rank = (delegate* unmanaged<nint, int*, int>)Export("MPI_Comm_rank");
        size = (delegate* unmanaged<nint, int*, int>)Export("MPI_Comm_size");
        duplicate = (delegate* unmanaged<nint, nint*, int>)Export("MPI_Comm_dup");
        free = (delegate* unmanaged<nint*, int>)Export("MPI_Comm_free");
        setErrorHandler = (delegate* unmanaged<nint, nint, int>)Export("MPI_Comm_set_errhandler");
        send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Export("MPI_Isend");
        receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Export("MPI_Irecv");
        test = (delegate* unmanaged<nint*, int*, void*, int>)Export("MPI_Test");
        getCount = (delegate* unmanaged<void*, nint, int*, int>)Export("MPI_Get_count");
        abort = (delegate* unmanaged<nint, int, int>)Export("MPI_Abort");
    }

    /// <summary>MPI_COMM_WORLD.</summary>
    protected abstract nint World { get; }

    /// <summary>MPI_BYTE.</summary>
    protected abstract nint Bytes { get; }

    /// <summary>MPI_ERRORS_RETURN.</summary>
    protected abstract nint ErrorsReturn { get; }

    public override void Open()
    {
        nint copy;
        Require(duplicate(World, &copy), "MPI_Comm_dup");
        communicator = copy;
        Require(setErrorHandler(communicator, ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public override void Close()
    {
        nint freed = communicator;
        Require(free(&freed), "MPI_Comm_free");
    }

    public override int Rank()
    {
        int value;
        Require(rank(communicator, &value), "MPI_Comm_rank");
        return value;
    }

    public override int Size()
    {
        int value;
        Require(size(communicator, &value), "MPI_Comm_size");
        return value;
    }

    public override long StartSend(byte* bytes, int count, int rank)
    {
        nint request;
        Require(send(bytes, count, Bytes, rank, Tag, communicator, &request), "MPI_Isend");
        return request;
    }

    public override long StartReceive(byte* bytes, int count, int rank)
    {
        nint request;
        Require(receive(bytes, count, Bytes, rank, Tag, communicator, &request), "MPI_Irecv");
        return request;
    }

    public override bool Test(ref long request, out int count)
    {
        nint handle = (nint)request;
        int isComplete, received = 0;
        long* status = stackalloc long[StatusWords];
        Require(test(&handle, &isComplete, status), "MPI_Test");
        if (isComplete != 0)
        {
            Require(getCount(status, Bytes, &received), "MPI_Get_count");
        }

        (request, count) = (handle, received);
        return isComplete != 0;
    }

    public override void Abort(int exitCode) => abort(World, exitCode);
}

/// <summary>Open MPI: a handle is the address of an object that the library exports.</summary>
internal sealed class OpenMpi(nint library) : PointerHandleMpi(library)
{
    /// <summary>What only this library exports.</summary>
    public const string WorldExport = "ompi_mpi_comm_world";

    public override string Name => "Open MPI";

    public override int SerializedThreads => 2;

    protected override nint World => Export(WorldExport);

    protected override nint Bytes { get; } = System.Runtime.InteropServices.NativeLibrary.GetExport(library, "ompi_mpi_byte");

    protected override nint ErrorsReturn => Export("ompi_mpi_errors_return");
}

/// <summary>The binary interface of MPI 5, which every library of that version has (MPI: A Message-Passing Interface Standard, version 5.0, 2025, chapter 20).</summary>
internal sealed class StandardMpi(nint library) : PointerHandleMpi(library)
{
    public override string Name => "the library with the binary interface of MPI 5";

    public override int SerializedThreads => 2048;

    protected override nint World => 0x101;

    protected override nint Bytes => 0x247;

    protected override nint ErrorsReturn => 0x143;
}
