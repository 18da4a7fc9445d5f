using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>Zeroed managed memory that starts on a cache-line boundary and is pinned, so the garbage collector never moves it.</summary>
internal static class AlignedMemory
{
    /// <summary>64 bytes: the size of a cache line and of the widest vector.</summary>
    public const int Alignment = 64;

    public static Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        int slack = Alignment / Unsafe.SizeOf<T>();
        T[] array = GC.AllocateArray<T>(checked(length + slack - 1), pinned: true);
        return array.AsMemory(ElementsToBoundary(ref array[0]), length);
    }

    /// <summary>Whether an element that does not move begins a cache line.</summary>
    public static unsafe bool IsAligned<T>(ref T element)
        where T : unmanaged => (nuint)Unsafe.AsPointer(ref element) % Alignment == 0;

    /// <summary>The number of elements, rounded up to whole cache lines.</summary>
    public static int Pad<T>(int length)
        where T : unmanaged
    {
        int line = Alignment / Unsafe.SizeOf<T>();
        return checked(length + line - 1) / line * line;
    }

    private static unsafe int ElementsToBoundary<T>(ref T first)
        where T : unmanaged
    {
        nuint address = (nuint)Unsafe.AsPointer(ref first);
        return (int)((Alignment - (address % Alignment)) % Alignment) / Unsafe.SizeOf<T>();
    }
}
