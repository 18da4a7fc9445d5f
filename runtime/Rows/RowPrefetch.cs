namespace OptimGen;

/// <summary>Which rows of a list are prefetched while it is updated: before each row whose position is a multiple of the distance, the next few after those that were.</summary>
/// <param name="Distance">The number of rows that are prefetched together, a power of two, and that lie between their prefetch and their update.</param>
/// <param name="First">The first row that has not been prefetched.</param>
/// <param name="End">The number of rows that may be prefetched: those that the call updates, or more.</param>
internal readonly record struct RowPrefetch(int Distance, int First, int End)
{
    /// <summary>No row is prefetched.</summary>
    public static RowPrefetch None => new(1 << 20, 0, 0);
}
