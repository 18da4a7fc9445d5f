using System.Runtime.InteropServices;

namespace OptimGen.Benchmarks.Native;

/// <summary>C sources of the project, built by a compiler of the machine and loaded.</summary>
internal sealed unsafe class CLibrary
{
    // Threads of LLVM's OpenMP spin for 200 ms after a loop, on the cores of whoever has the next turns; GCC's and OptimGen's stay awake for some
    // milliseconds. A step follows the one before it sooner than this.
    private const int AwakeMilliseconds = 3;

    private readonly nint handle;

    internal CLibrary(string path, string flags, int threads)
    {
        Flags = flags;
        Threads = threads;
        handle = NativeLibrary.Load(path);
        SetThreads();
    }

    /// <summary>What it was compiled with.</summary>
    public string Flags { get; }

    /// <summary>How many threads its loops use.</summary>
    public int Threads { get; }

    /// <summary>The address of a function.</summary>
    public void* Find(string function) => (void*)NativeLibrary.GetExport(handle, function);

    /// <summary>Whether it has a function.</summary>
    public bool Has(string function) => NativeLibrary.TryGetExport(handle, function, out _);

    /// <summary>Sets the number of threads of OpenMP's runtime, which all libraries of a compiler share.</summary>
    public void SetThreads()
    {
        if (Threads > 1)
        {
            ((delegate* unmanaged<int, void>)Find("omp_set_num_threads"))(Threads);
            if (Has("kmp_set_blocktime"))
            {
                ((delegate* unmanaged<int, void>)Find("kmp_set_blocktime"))(AwakeMilliseconds);
            }
        }
    }
}
