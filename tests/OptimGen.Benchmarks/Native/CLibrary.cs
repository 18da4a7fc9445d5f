using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Native;

/// <summary>The project's C sources, built by the machine's compiler and loaded.</summary>
internal sealed unsafe class CLibrary
{
    private readonly nint handle;

    internal CLibrary(string path, string flags, int threads)
    {
        Flags = flags;
        Threads = threads;
        handle = NativeLibrary.Load(path);
        if (threads > 1)
        {
            ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(handle, "omp_set_num_threads"))(threads);
        }
    }

    /// <summary>What it was compiled with.</summary>
    public string Flags { get; }

    /// <summary>How many threads its loops use.</summary>
    public int Threads { get; }

    /// <summary>The address of a function.</summary>
    public void* Find(string function) => (void*)NativeLibrary.GetExport(handle, function);
}
