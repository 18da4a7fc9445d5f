using System.Numerics;

namespace OptimGen;

/// <summary>
/// The functions that take handles: communicators, types, error handlers and requests, which all have the same size in a library. What differs between libraries
/// is that size, and the values of the predefined handles.
/// </summary>
/// <typeparam name="THandle">A handle: an address, or an int.</typeparam>
internal abstract unsafe class HandleMpi<THandle> : MpiLibrary
    where THandle : unmanaged, IBinaryInteger<THandle>
{
    /// <summary>More than the size of MPI_Status in any library: 20 to 32 bytes.</summary>
    private const int StatusWords = 16;

    private const int Tag = 0;

    private readonly delegate* unmanaged<THandle, int*, int> rank;
    private readonly delegate* unmanaged<THandle, int*, int> size;
    private readonly delegate* unmanaged<THandle, THandle*, int> duplicate;
    private readonly delegate* unmanaged<THandle*, int> free;
    private readonly delegate* unmanaged<THandle, THandle, int> setErrorHandler;
    private readonly delegate* unmanaged<void*, int, THandle, int, int, THandle, THandle*, int> send;
    private readonly delegate* unmanaged<void*, int, THandle, int, int, THandle, THandle*, int> receive;
    private readonly delegate* unmanaged<THandle*, int*, void*, int> test;
    private readonly delegate* unmanaged<void*, THandle, int*, int> getCount;
    private readonly delegate* unmanaged<THandle, int, int> abort;
    private THandle communicator;

    protected HandleMpi(nint library)
        : base(library)
    {
        rank = (delegate* unmanaged<THandle, int*, int>)Export("MPI_Comm_rank");
        size = (delegate* unmanaged<THandle, int*, int>)Export("MPI_Comm_size");
        duplicate = (delegate* unmanaged<THandle, THandle*, int>)Export("MPI_Comm_dup");
        free = (delegate* unmanaged<THandle*, int>)Export("MPI_Comm_free");
        setErrorHandler = (delegate* unmanaged<THandle, THandle, int>)Export("MPI_Comm_set_errhandler");
        send = (delegate* unmanaged<void*, int, THandle, int, int, THandle, THandle*, int>)Export("MPI_Isend");
        receive = (delegate* unmanaged<void*, int, THandle, int, int, THandle, THandle*, int>)Export("MPI_Irecv");
        test = (delegate* unmanaged<THandle*, int*, void*, int>)Export("MPI_Test");
        getCount = (delegate* unmanaged<void*, THandle, int*, int>)Export("MPI_Get_count");
        abort = (delegate* unmanaged<THandle, int, int>)Export("MPI_Abort");
    }

    /// <summary>MPI_COMM_WORLD.</summary>
    protected abstract THandle World { get; }

    /// <summary>MPI_COMM_SELF.</summary>
    protected abstract THandle Self { get; }

    /// <summary>MPI_BYTE.</summary>
    protected abstract THandle Bytes { get; }

    /// <summary>MPI_ERRORS_RETURN.</summary>
    protected abstract THandle ErrorsReturn { get; }

    public override void Open()
    {
        THandle copy;
        Require(duplicate(World, &copy), "MPI_Comm_dup");
        communicator = copy;
        Require(setErrorHandler(communicator, ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public override void ReturnOtherErrors()
    {
        Require(setErrorHandler(Self, ErrorsReturn), "MPI_Comm_set_errhandler");
        Require(setErrorHandler(World, ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public override void Close()
    {
        THandle freed = communicator;
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
        THandle request;
        Require(send(bytes, count, Bytes, rank, Tag, communicator, &request), "MPI_Isend");
        return long.CreateTruncating(request);
    }

    public override long StartReceive(byte* bytes, int count, int rank)
    {
        THandle request;
        Require(receive(bytes, count, Bytes, rank, Tag, communicator, &request), "MPI_Irecv");
        return long.CreateTruncating(request);
    }

    public override bool Test(ref long request, out int count)
    {
        THandle handle = THandle.CreateTruncating(request);
        int isComplete, received = 0;
        long* status = stackalloc long[StatusWords];
        Require(test(&handle, &isComplete, status), "MPI_Test");
        if (isComplete != 0)
        {
            Require(getCount(status, Bytes, &received), "MPI_Get_count");
        }

        (request, count) = (long.CreateTruncating(handle), received);
        return isComplete != 0;
    }

    public override void Abort(int exitCode) => abort(World, exitCode);
}
