using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>
/// Sorts the indices of rows, each with its position in the list, by row and then by position. Radix sort (least significant digit first), which is stable:
/// two passes for a million rows, in time that does not depend on how often an index occurs.
/// </summary>
internal sealed class RowOrder
{
    private const int DigitBits = 11, DigitCount = 1 << DigitBits;

    private readonly int[] counts = new int[DigitCount];
    private ulong[] entries = [];
    private ulong[] buffer = [];

    /// <summary>The sorted entries: the row in the upper half, the position in the lower.</summary>
    /// <param name="rows">The indices, none negative.</param>
    /// <param name="largest">The largest index that may occur.</param>
    public ReadOnlySpan<ulong> Sort(ReadOnlySpan<int> rows, int largest)
    {
        if (entries.Length < rows.Length)
        {
            int length = (int)Math.Min(Array.MaxLength, Math.Max(1024, 2L * rows.Length));
            (entries, buffer) = (new ulong[length], new ulong[length]);
        }

        bool isSorted = true;
        int last = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            isSorted &= rows[i] >= last;
            last = rows[i];
            entries[i] = ((ulong)(uint)last << 32) | (uint)i;
        }

        for (int shift = 32; !isSorted && shift < 64 && (uint)largest >> (shift - 32) != 0; shift += DigitBits)
        {
            SortByDigit(rows.Length, shift);
        }

        return entries.AsSpan(0, rows.Length);
    }

    /// <summary>The row of an entry.</summary>
    public static int RowOf(ulong entry) => (int)(entry >> 32);

    /// <summary>The position of an entry in the list.</summary>
    public static int PositionOf(ulong entry) => (int)(uint)entry;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortByDigit(int count, int shift)
    {
        Span<int> starts = counts;
        ReadOnlySpan<ulong> from = entries.AsSpan(0, count);
        ulong[] to = buffer;
        starts.Clear();
        foreach (ulong entry in from)
        {
            starts[(int)(entry >> shift) & (DigitCount - 1)]++;
        }

        int start = 0;
        foreach (ref int bucket in starts)
        {
            (bucket, start) = (start, start + bucket);
        }

        foreach (ulong entry in from)
        {
            to[starts[(int)(entry >> shift) & (DigitCount - 1)]++] = entry;
        }

        (entries, buffer) = (buffer, entries);
    }
}
