using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OptimGen.CompilerServices;

/// <summary>
/// The rows of a table that a kernel call updates, all different, and their streams: parameters and states by the reference to the first element of the
/// table, gradients by a reference for each row. Of each row the same columns are updated.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct RowStreams<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterRun<T> run;
    private readonly ReadOnlySpan<int> rows;
    private readonly RowGradientStreams<T> gradients;
    private readonly RowPrefetch prefetch;
    private readonly int width;
    private readonly int column;
    private readonly int columnCount;
    private readonly int rowStatesLength;
    private readonly ref T rowStates;

    /// <param name="run">The table, whose group has the scalars of the step.</param>
    /// <param name="rows">The rows, and after them those that are only prefetched.</param>
    /// <param name="rowCount">The number of rows that are updated.</param>
    /// <param name="width">The number of elements of a row.</param>
    /// <param name="gradients">The gradients of the rows.</param>
    /// <param name="prefetch">Which rows are prefetched.</param>
    internal RowStreams(ParameterRun<T> run, ReadOnlySpan<int> rows, int rowCount, int width, RowGradientStreams<T> gradients, RowPrefetch prefetch)
        : this(run, rows, rowCount, width, gradients, prefetch, 0, width, ref Unsafe.NullRef<T>())
    {
    }

    private RowStreams(
        ParameterRun<T> run, ReadOnlySpan<int> rows, int rowCount, int width, RowGradientStreams<T> gradients, RowPrefetch prefetch, int column, int columnCount, ref T rowStates)
    {
        (this.run, this.width, this.prefetch, this.column, this.columnCount, RowCount) = (run, width, prefetch, column, columnCount, rowCount);
        rowStatesLength = RowStatesLength(run);
        this.rows = rows;
        this.gradients = gradients;
        this.rowStates = ref rowStates;
        // Up to the last line of a row, wherever in a line it begins.
        bool beginsLines = width % ElementsOfLine == 0 && AlignedMemory.IsAligned(ref Parameter);
        PrefetchedCount = (nuint)(beginsLines ? width : width + ElementsOfLine - 1);
    }

    private static int ElementsOfLine => AlignedMemory.Alignment / Unsafe.SizeOf<T>();

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The number of elements of a row of the table.</summary>
    internal int Width => width;

    /// <summary>The number of elements of each row that are updated.</summary>
    public nuint Count => (nuint)columnCount;

    /// <summary>The position of the parameter group of the table.</summary>
    public int Group => run.Group;

    /// <summary>The position of the table among the tensors; only for a rule with scalars for each tensor (<see cref="OptimizerDefinition.PerTensor"/>).</summary>
    public int Tensor => run.Tensor;

    /// <summary>The first updated element of the table's first row.</summary>
    public ref T Parameter => ref run.Values.At(run.Offset + column);

    /// <summary>The same of the state stream at a position in the definition.</summary>
    public ref T State(int index) => ref run.States[index].At(run.StateOffset + column);

    /// <summary>The number of elements from the table's first row to a row.</summary>
    /// <param name="position">The position of the row among those of the call, which is not checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint Start(int position) => (nuint)(uint)Unsafe.Add(ref MemoryMarshal.GetReference(rows), position) * (nuint)width;

    /// <summary>The gradient of the first updated element of a row.</summary>
    /// <param name="position">The position of the row among those of the call, which is not checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T Gradient(int position) => ref Unsafe.Add(ref gradients.Of(position, width), column);

    /// <summary>The number that a row has in a state of rows (<see cref="StateGranularity.Row"/>), as it was before the step. Only for a state of rows.</summary>
    /// <param name="index">The position of the state in the definition.</param>
    /// <param name="position">The position of the row among those of the call, which is not checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly T RowState(int index, int position) => ref RowNumber(2 * index, position);

    /// <summary>The same from the assignment of the state on: the mean over the row. Known to what comes after it in <see cref="StepRule{T}.AssignedRowStates"/>.</summary>
    /// <param name="index">The position of the state in the definition.</param>
    /// <param name="position">The position of the row among those of the call, which is not checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly T RowMean(int index, int position) => ref RowNumber((2 * index) + 1, position);

    /// <summary>The rows that are to be prefetched before a row is updated: none before most, and several before some.</summary>
    /// <param name="position">The position of the row that is updated.</param>
    /// <param name="end">The position after the last row to be prefetched.</param>
    /// <returns>The position of the first.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FirstAhead(int position, out int end)
    {
        if ((position & (prefetch.Distance - 1)) != 0)
        {
            return end = 0;
        }

        end = Math.Min(position + (2 * prefetch.Distance), prefetch.End);
        return position == 0 ? prefetch.First : position + prefetch.Distance;
    }

    /// <summary>The number of elements of a row of which one in each cache line is prefetched. It may go beyond the row.</summary>
    public nuint PrefetchedCount { get; }

    /// <summary>Prefetches the rows that <see cref="FirstAhead"/> names.</summary>
    internal void PrefetchAhead(int position)
    {
        for (int ahead = FirstAhead(position, out int end); ahead < end; ahead++)
        {
            Prefetch.Range(ref Unsafe.Add(ref Parameter, Start(ahead)), width);
            for (int i = 0; i < run.States.Length; i++)
            {
                Prefetch.Range(ref Unsafe.Add(ref State(i), Start(ahead)), width);
            }
        }
    }

    /// <summary>Some columns of the same rows. Whole rows are prefetched with their first columns.</summary>
    internal RowStreams<T> Columns(int start, int count) =>
        new(run, rows, RowCount, width, gradients, start == 0 ? prefetch : RowPrefetch.None, column + start, count, ref rowStates);

    /// <summary>The updated elements of one row.</summary>
    internal KernelStreams<T> Row(int position) =>
        new(run, (rows[position] * width) + column, columnCount, null, GradientsOf(position).Slice(column, columnCount), RowStatesOf(position));

    /// <summary>The index of a row in the table.</summary>
    internal int IndexOf(int position) => rows[position];

    /// <summary>The gradients of a whole row.</summary>
    internal Span<T> GradientsOf(int position) => gradients.Row(position, width);

    /// <summary>How many numbers a row has in the memory of <see cref="With"/>: two for each state, whatever its granularity.</summary>
    internal static int RowStatesLength(ParameterRun<T> run) => 2 * run.States.Length;

    /// <summary>A number of a row in that memory: the one at 2i is that of state i before the step, and the one after it that from the assignment on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T RowNumber(int number, int position) => ref Unsafe.Add(ref rowStates, (position * rowStatesLength) + number);

    /// <summary>The numbers of a row in states of rows, as <see cref="KernelStreams{T}"/> takes them; empty if there is no memory for them.</summary>
    internal Span<T> RowStatesOf(int position) => Unsafe.IsNullRef(in rowStates) ? default
        : MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rowStates, position * rowStatesLength), rowStatesLength);

    /// <summary>The same rows, with memory for their numbers in states of rows: <see cref="RowStatesLength"/> for each row.</summary>
    internal RowStreams<T> With(Span<T> rowStates) =>
        new(run, rows, RowCount, width, gradients, prefetch, column, columnCount, ref MemoryMarshal.GetReference(rowStates));
}
