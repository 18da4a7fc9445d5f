namespace OptimGen;

/// <summary>MPICH and its relatives (Intel MPI, MVAPICH, Cray MPICH), whose common binary interface has integers for handles.</summary>
internal sealed unsafe class Mpich : MpiLibrary
{
    private const int World = 0x44000000, Bytes = 0x4C00010D, ErrorsReturn = 0x54000001, Tag = 0;

    /// <summary>More than the size of MPI_Status.</summary>
    private const int StatusWords = 16;

    private readonly delegate* unmanaged<int, int*, int> rank;
    private readonly delegate* unmanaged<int, int*, int> size;
    private readonly delegate* unmanaged<int, int*, int> duplicate;
    private readonly delegate* unmanaged<int*, int> free;
    private readonly delegate* unmanaged<int, int, int> setErrorHandler;
    private readonly delegate* unmanaged<void*, int, int, int, int, int, int*, int> send;
    private readonly delegate* unmanaged<void*, int, int, int, int, int, int*, int> receive;
    private readonly delegate* unmanaged<int*, int*, void*, int> test;
    private readonly delegate* unmanaged<void*, int, int*, int> getCount;
    private readonly delegate* unmanaged<int, int, int> abort;
    private int communicator;

    public Mpich(nint library)
        : base(library)
    {
        rank = (delegate* unmanaged<int, int*, int>)Export("MPI_Comm_rank");
        size = (delegate* unmanaged<int, int*, int>)Export("MPI_Comm_size");
        duplicate = (delegate* unmanaged<int, int*, int>)Export("MPI_Comm_dup");
        free = (delegate* unmanaged<int*, int>)Export("MPI_Comm_free");
        setErrorHandler = (delegate* unmanaged<int, int, int>)Export("MPI_Comm_set_errhandler");
        send = (delegate* unmanaged<void*, int, int, int, int, int, int*, int>)Export("MPI_Isend");
        receive = (delegate* unmanaged<void*, int, int, int, int, int, int*, int>)Export("MPI_Irecv");
        test = (delegate* unmanaged<int*, int*, void*, int>)Export("MPI_Test");
        getCount = (delegate* unmanaged<void*, int, int*, int>)Export("MPI_Get_count");
        abort = (delegate* unmanaged<int, int, int>)Export("MPI_Abort");
    }

    public override string Name => "MPICH";

    public override int SerializedThreads => 2;

    public override void Open()
    {
        int copy;
        Require(duplicate(World, &copy), "MPI_Comm_dup");
        communicator = copy;
        Require(setErrorHandler(communicator, ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public override void Close()
    {
        int freed = communicator;
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
        int request;
        Require(send(bytes, count, Bytes, rank, Tag, communicator, &request), "MPI_Isend");
        return request;
    }

    public override long StartReceive(byte* bytes, int count, int rank)
    {
        int request;
        Require(receive(bytes, count, Bytes, rank, Tag, communicator, &request), "MPI_Irecv");
        return request;
    }

    public override bool Test(ref long request, out int count)
    {
        int handle = (int)request, isComplete, received = 0;
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
