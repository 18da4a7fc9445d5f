using System.Numerics;
using System.Runtime.CompilerServices;

namespace OptimGen;

/// <summary>
/// A parameter whose rows a step updates one by one: the rows' gradients for the next step, and, if missed steps are caught up, which steps each unit has
/// taken.
/// </summary>
/// <remarks>
/// A unit is what takes its steps together. It is a row, except that the elements of a block that share a scale (<see cref="Storage.Block8"/>) are one unit,
/// whatever rows they belong to.
/// </remarks>
internal sealed class RowTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The bytes of all streams that are prefetched ahead of the row that is computed: far enough for the latency of memory, and few enough to stay in the
    /// first-level cache.
    /// </summary>
    private const int PrefetchedBytes = 6 << 10;

    private const int LargestDistance = 16;

    /// <summary>
    /// The bytes of all streams of the rows that are updated several times before the next ones: a third of a first-level cache, so that the rows that are prefetched
    /// have room too.
    /// </summary>
    private const int CachedBytes = 16 << 10;

    private const int MostCachedRows = 64;

    private readonly RowOrder order = new();
    private int[] units = [];
    private int[] distinct = [];

    /// <param name="parameter">The parameter.</param>
    /// <param name="run">The parameter as a run of its own.</param>
    /// <param name="updates">What happens to rows without a gradient.</param>
    /// <param name="state">The states of the optimizer.</param>
    public RowTable(Parameter<T> parameter, ParameterRun<T> run, RowUpdates updates, OptimizerState<T> state)
    {
        // Beside states of rows, a row is whole blocks.
        (Parameter, Run, Updates, HasBlocks) = (parameter, run, updates, state.HasBlocks && state.OfRows is null);
        (Values, States) = (state.StoredParameterOf(parameter.Index), state.StoredOf(parameter.Index));
        RowCount = parameter.Shape[0];
        Width = parameter.Length / RowCount;
        UnitLength = HasBlocks ? StorageCodec.BlockLength : Width;
        UnitCount = (int)(((long)parameter.Length + UnitLength - 1) / UnitLength);
        Gradients = new RowGradients<T>(Width, RowCount);
        long unitBytes = (long)UnitLength * (1 + States.Length) * Unsafe.SizeOf<T>();
        PrefetchDistance = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(PrefetchedBytes / unitBytes, 1, LargestDistance));
        CachedRows = PrefetchDistance * (int)Math.Clamp(CachedBytes / unitBytes / PrefetchDistance, 1, MostCachedRows / PrefetchDistance);
    }

    public Parameter<T> Parameter { get; }

    public ParameterRun<T> Run { get; }

    public RowUpdates Updates { get; }

    /// <summary>The values, if they are kept in bfloat16.</summary>
    public BFloat16Parameter? Values { get; }

    /// <summary>The states that are kept in another form than the element type, by their positions in the definition.</summary>
    public StoredState?[] States { get; }

    /// <summary>Whether values or states are decoded for the kernels.</summary>
    public bool IsTiled => Values is not null || Array.Exists(States, static state => state is not null);

    /// <summary>The number of rows, the size of the first dimension.</summary>
    public int RowCount { get; }

    /// <summary>The number of elements of a row.</summary>
    public int Width { get; }

    /// <summary>Whether units are blocks and not rows.</summary>
    public bool HasBlocks { get; }

    /// <summary>The number of elements of a unit; the last block may be shorter.</summary>
    public int UnitLength { get; }

    public int UnitCount { get; }

    /// <summary>The number of units from the one that is computed to the one that is prefetched, a power of two.</summary>
    public int PrefetchDistance { get; }

    /// <summary>The number of rows that stay in the first-level cache while they are updated several times; a multiple of <see cref="PrefetchDistance"/>.</summary>
    public int CachedRows { get; }

    /// <summary>The gradients for the next step.</summary>
    public RowGradients<T> Gradients { get; }

    /// <summary>The steps that units can have missed; <see langword="null"/> for <see cref="RowUpdates.Lazy"/>.</summary>
    public MissedSteps<T>? Missed { get; set; }

    /// <summary>The first element of a unit and the number of its elements.</summary>
    public (int Start, int Length) RangeOf(int unit) => (unit * UnitLength, Math.Min(UnitLength, Parameter.Length - (unit * UnitLength)));

    /// <summary>The units of the rows that have a gradient, in increasing order, each once.</summary>
    public RowUnits UnitsOfGradients() => HasBlocks ? BlocksOf(Gradients.Rows) : Gradients.Units;

    /// <summary>The units of rows, in increasing order, each once; the indices have been checked.</summary>
    public RowUnits UnitsOf(ReadOnlySpan<int> rows)
    {
        if (distinct.Length < rows.Length)
        {
            distinct = new int[Math.Max(1024, 2 * rows.Length)];
        }

        int count = 0;
        foreach (ulong entry in order.Sort(rows, RowCount - 1))
        {
            int row = RowOrder.RowOf(entry);
            if (count == 0 || distinct[count - 1] != row)
            {
                distinct[count++] = row;
            }
        }

        return HasBlocks ? BlocksOf(distinct.AsSpan(0, count)) : RowUnits.Of(distinct, count);
    }

    /// <summary>The part of a row with a gradient that lies in a range of elements.</summary>
    /// <param name="position">The position of the row among those with a gradient.</param>
    /// <param name="start">The first element of the range.</param>
    /// <param name="count">The number of elements of the range.</param>
    /// <param name="from">The first element of the part.</param>
    /// <param name="gradients">The gradients of the part.</param>
    /// <returns>Whether there is such a row, and a part of it lies in the range.</returns>
    public bool TryGetPart(int position, int start, int count, out int from, out Span<T> gradients)
    {
        from = 0;
        gradients = default;
        if (position >= Gradients.Count)
        {
            return false;
        }

        int rowStart = Gradients.Rows[position] * Width;
        from = Math.Max(rowStart, start);
        int to = Math.Min(rowStart + Width, start + count);
        if (from >= to)
        {
            return false;
        }

        gradients = Gradients.Of(position)[(from - rowStart)..(to - rowStart)];
        return true;
    }

    private RowUnits BlocksOf(ReadOnlySpan<int> rows)
    {
        int count = 0, next = 0;
        foreach (int row in rows)
        {
            int last = (int)((((long)row + 1) * Width - 1) / UnitLength);
            for (int block = Math.Max(next, (int)((long)row * Width / UnitLength)); block <= last; block++)
            {
                if (count == units.Length)
                {
                    Array.Resize(ref units, Math.Max(1024, 2 * count));
                }

                units[count++] = block;
                next = block + 1;
            }
        }

        return RowUnits.Of(units, count);
    }
}
