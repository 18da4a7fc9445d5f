using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen;

/// <summary>The gradients of some rows: those that were given once stay where they are, and those that were given several times are sums in other memory.</summary>
/// <param name="given">The gradients that were given, a row for each index.</param>
/// <param name="sums">The sums.</param>
/// <param name="sources">For each row its position among those given, or, negative, the complement of its position among the sums.</param>
/// <typeparam name="T">The element type.</typeparam>
internal readonly ref struct RowGradientStreams<T>(ref T given, ref T sums, ReadOnlySpan<int> sources)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T given = ref given;
    private readonly ref T sums = ref sums;
    private readonly ReadOnlySpan<int> sources = sources;

    /// <summary>The first element of a row's gradient; the position is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Of(int position, int width)
    {
        int source = Unsafe.Add(ref MemoryMarshal.GetReference(sources), position);
        return ref source >= 0 ? ref Unsafe.Add(ref given, (nint)source * width) : ref Unsafe.Add(ref sums, (nint)~source * width);
    }

    /// <summary>The gradient of a row.</summary>
    public Span<T> Row(int position, int width) => MemoryMarshal.CreateSpan(ref Of(position, width), width);

    /// <summary>The same without the first rows.</summary>
    public RowGradientStreams<T> From(int position) => new(ref given, ref sums, sources[position..]);
}
