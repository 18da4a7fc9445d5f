using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OptimGen.Benchmarks.Contestants;

/// <summary>
/// The memory's twin of a step whose states take other bytes: it loads parameters, gradients and states, stores back parameters and states, and computes
/// nothing.
/// </summary>
internal sealed class BytesTwin(string name, Memory<float> values, Memory<float> gradients, long stateBytes, int threads) : IContestant
{
    // As bytes, whole 64 of them for each 64 elements and byte of an element's states.
    private const int Elements = 64;

    private readonly byte[] states = GC.AllocateArray<byte>((int)(stateBytes / Elements * Elements), pinned: true);
    private readonly int bytesOfElement = (int)(stateBytes / values.Length);

    public string Name { get; } = name;

    public void Step()
    {
        int blocks = values.Length / Elements;
        if (threads == 1)
        {
            Copy(0, blocks);
        }
        else
        {
            Parallel.For(0, threads, part => Copy((int)((long)blocks * part / threads), (int)((long)blocks * (part + 1) / threads)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Copy(int first, int end)
    {
        ref float value = ref values.Span[0], gradient = ref gradients.Span[0];
        ref byte state = ref states[0];
        for (nuint block = (nuint)first; block < (nuint)end; block++)
        {
            for (nuint i = block * Elements; i < (block + 1) * Elements; i += (nuint)Vector512<float>.Count)
            {
                // The compiler does not know that nothing is left of the gradient.
                Vector512<int> none = Vector512.LoadUnsafe(ref gradient, i).AsInt32() & Vector512.Create(bytesOfElement >> 16);
                (Vector512.LoadUnsafe(ref value, i).AsInt32() ^ none).AsSingle().StoreUnsafe(ref value, i);
            }

            for (nuint i = block * Elements * (nuint)bytesOfElement; i < (block + 1) * Elements * (nuint)bytesOfElement; i += (nuint)Vector512<byte>.Count)
            {
                Vector512.LoadUnsafe(ref state, i).StoreUnsafe(ref state, i);
            }
        }
    }
}
