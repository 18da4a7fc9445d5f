namespace OptimGen;

/// <summary>Some units of a table, each once: those of a list, or a range.</summary>
internal readonly struct RowUnits
{
    private readonly int[]? list;
    private readonly int first;

    private RowUnits(int[]? list, int first, int count) => (this.list, this.first, Count) = (list, first, count);

    public int Count { get; }

    public int this[int position] => list is null ? first + position : list[position];

    /// <summary>The units of a list from one on.</summary>
    public ReadOnlySpan<int> From(int position) => list.AsSpan(position, Count - position);

    /// <summary>The first units of a list.</summary>
    public static RowUnits Of(int[] list, int count) => new(list, 0, count);

    /// <summary>Neighbouring units.</summary>
    public static RowUnits Range(int first, int count) => new(null, first, count);
}
