using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OptimGen.CompilerServices;

/// <summary>Asks for memory before it is needed.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Prefetch
{
    /// <summary>
    /// A processor fetches ahead by itself, but not far enough for the four to six streams of a step. Measured at 16 Mi parameters: nearer than 1 KiB gains
    /// nothing, 8 KiB less than 2.
    /// </summary>
    private const int Distance = 2048;

    /// <summary>
    /// The working set from which on it pays: twice the last-level cache of a core where that is large, 32 MiB. Below, the instructions cost a light rule
    /// about 10 %. Above, they gain a few percent while the memory is idle, and up to a third while others use it.
    /// </summary>
    internal const long FewestBytes = 64L << 20;

    /// <summary>Whether the kernels of an instruction set do it: those with vectors, on x86.</summary>
    internal static bool IsIn(InstructionSet set) => Sse.IsSupported && set != InstructionSet.Scalar;

    /// <summary>Brings what lies some distance behind an element of a stream to the cache; it may lie behind the stream's end too.</summary>
    /// <param name="stream">The first element.</param>
    /// <param name="index">The element that is computed now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead<T>(ref T stream, nuint index)
        where T : unmanaged => Ahead(ref stream, index, Distance);

    /// <summary>As <see cref="Ahead{T}(ref T, nuint)"/>, at a distance in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Ahead<T>(ref T stream, nuint index, int distance)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            // An address that a garbage collection makes stale costs a line of the cache and nothing else: the instruction reads nothing and cannot fail.
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref Unsafe.Add(ref stream, index)) + distance);
        }
    }
}
