using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OptimGen.CompilerServices;

/// <summary>Software prefetch: has the processor load cache lines before the kernel needs them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Prefetch
{
    /// <summary>
    /// The distance in bytes from the element that is computed to the one that is prefetched. The hardware prefetcher does not run far enough ahead for
    /// the four to six streams of a step. Measured at 16 Mi parameters: a distance below 1 KiB gains nothing, and 8 KiB gains less than 2 KiB.
    /// </summary>
    private const int Distance = 2048;

    /// <summary>
    /// The smallest working set, in bytes, for which kernels prefetch: twice a last-level cache of 32 MiB, a large one. Below it, prefetch instructions
    /// cost a light rule about 10 %. Above it, they save a few percent while the memory bus is otherwise idle, and up to a third while other cores use
    /// it.
    /// </summary>
    internal const long FewestBytes = 64L << 20;

    /// <summary>Whether the kernels of an instruction set can prefetch: the vector kernels on x86.</summary>
    internal static bool IsIn(InstructionSet set) => Sse.IsSupported && set != InstructionSet.Scalar;

    /// <summary>Prefetches the cache line at a fixed distance after an element of a stream. The line may be past the end of the stream.</summary>
    /// <param name="stream">The first element.</param>
    /// <param name="index">The element that is computed now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead<T>(ref T stream, nuint index)
        where T : unmanaged => Ahead(ref stream, index, Distance);

    /// <summary>Prefetches the cache lines of some elements.</summary>
    internal static unsafe void Range<T>(ref T first, int count)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Lines((byte*)Unsafe.AsPointer(ref first), (nint)count * sizeof(T));
        }
    }

    /// <summary>Prefetches the cache line of an element of a stream.</summary>
    /// <param name="stream">The first element.</param>
    /// <param name="index">The element, which may be past the end of the stream.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(ref T stream, nuint index)
        where T : unmanaged => Ahead(ref stream, index, 0);

    /// <summary>Prefetches the cache lines of some bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Lines(byte* start, nint length)
    {
        if (Sse.IsSupported)
        {
            byte* end = start + length;
            // From the beginning of the first line on, or the last line would be left out where the bytes do not begin with one.
            for (byte* line = (byte*)((nint)start & -AlignedMemory.Alignment); line < end; line += AlignedMemory.Alignment)
            {
                Sse.Prefetch0(line);
            }
        }
    }

    /// <summary>The same as <see cref="Ahead{T}(ref T, nuint)"/>, with the distance in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Ahead<T>(ref T stream, nuint index, int distance)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            // The pointer is not pinned. If a garbage collection moves the memory, a wrong line is prefetched, which is harmless: a prefetch loads no
            // register and never faults.
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref Unsafe.Add(ref stream, index)) + distance);
        }
    }
}
