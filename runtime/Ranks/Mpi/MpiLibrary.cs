using System.Runtime.InteropServices;
using System.Text;

namespace OptimGen;

/// <summary>
/// The functions of an MPI library that ranks need, through pointers to its exported functions. MPI fixed no binary interface before version 5, so the type and
/// the values of its handles are those of a derived class; a request is passed here in 64 bits, whatever its type.
/// </summary>
internal abstract unsafe class MpiLibrary
{
    /// <summary>More than the longest text of an error in any of the libraries.</summary>
    private const int LongestErrorText = 2048;

    private readonly nint library;
    private readonly delegate* unmanaged<int*, int> initialized;
    private readonly delegate* unmanaged<int*, int> finalized;
    private readonly delegate* unmanaged<void*, void*, int, int*, int> initThread;
    private readonly delegate* unmanaged<int> finalize;
    private readonly delegate* unmanaged<int, byte*, int*, int> errorString;

    protected MpiLibrary(nint library)
    {
        this.library = library;
        initialized = (delegate* unmanaged<int*, int>)Export("MPI_Initialized");
        finalized = (delegate* unmanaged<int*, int>)Export("MPI_Finalized");
        initThread = (delegate* unmanaged<void*, void*, int, int*, int>)Export("MPI_Init_thread");
        finalize = (delegate* unmanaged<int>)Export("MPI_Finalize");
        errorString = (delegate* unmanaged<int, byte*, int*, int>)Export("MPI_Error_string");
    }

    /// <summary>The library and its interface, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>MPI_THREAD_SERIALIZED: any thread may call, one at a time.</summary>
    public abstract int SerializedThreads { get; }

    public bool IsInitialized => Ask(initialized, "MPI_Initialized");

    public bool IsFinalized => Ask(finalized, "MPI_Finalized");

    /// <summary>MPI_Init_thread.</summary>
    /// <returns>The level of threads that was granted.</returns>
    public int Initialize(int threads)
    {
        int granted;
        Require(initThread(null, null, threads, &granted), "MPI_Init_thread");
        return granted;
    }

    public void Shutdown() => Require(finalize(), "MPI_Finalize");

    /// <summary>Makes the communicator of this library, apart from the messages of others, and has its errors returned and not end the process.</summary>
    public abstract void Open();

    /// <summary>
    /// Has errors that belong to no communicator returned too. The standard raises them at MPI_COMM_WORLD, and from version 4.0 on at MPI_COMM_SELF. For MPICH, every error
    /// that a request ends with is one.
    /// </summary>
    public abstract void ReturnOtherErrors();

    /// <summary>Frees what <see cref="Open"/> has made.</summary>
    public abstract void Close();

    public abstract int Rank();

    public abstract int Size();

    /// <summary>MPI_Isend of bytes.</summary>
    public abstract long StartSend(byte* bytes, int count, int rank);

    /// <summary>MPI_Irecv of bytes.</summary>
    public abstract long StartReceive(byte* bytes, int count, int rank);

    /// <summary>MPI_Test.</summary>
    /// <param name="request">The request.</param>
    /// <param name="count">The number of bytes that a receive has brought, once it is complete.</param>
    /// <returns>Whether it is complete.</returns>
    public abstract bool Test(ref long request, out int count);

    /// <summary>MPI_Abort, which ends all ranks.</summary>
    public abstract void Abort(int exitCode);

    protected nint Export(string name) => NativeLibrary.TryGetExport(library, name, out nint address)
        ? address
        : throw new DllNotFoundException($"{Name} has no {name}; another library than MPI has its name, or it is older than MPI 3.");

    protected void Require(int code, string function)
    {
        if (code != 0)
        {
            throw new InvalidOperationException($"{function} of {Name} failed: {ErrorText(code)}");
        }
    }

    private string ErrorText(int code)
    {
        byte* text = stackalloc byte[LongestErrorText];
        int length = 0;
        return errorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestErrorText)) : $"error {code}";
    }

    private bool Ask(delegate* unmanaged<int*, int> function, string name)
    {
        int answer;
        Require(function(&answer), name);
        return answer != 0;
    }
}
