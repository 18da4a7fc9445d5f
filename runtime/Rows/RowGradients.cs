using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>
/// The gradients of some rows of one parameter for the next step. A row that occurs several times has the sum of its gradients, added in the order in which
/// they were given: ((g₁ + g₂) + g₃) + …, each element rounded after each addition. Rows are ordered by their index.
/// </summary>
/// <param name="width">The number of elements of a row.</param>
/// <param name="rowCount">The number of rows of the parameter.</param>
internal sealed unsafe class RowGradients<T>(int width, int rowCount)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RowOrder order = new();
    private readonly List<int> given = [];
    private readonly GrowingMemory gradients = new(), sums = new();
    private int[] rows = [];

    /// <summary>For each row where its gradient is: a position among those given, or, negative, the complement of a position among the sums.</summary>
    private int[] sources = [];
    private int sumCount;
    private bool isMerged = true;

    /// <summary>The gradients that were given, where they are the caller's and not copies.</summary>
    private T* borrowed;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => given.Count == 0;

    /// <summary>The number of rows that have a gradient. Valid after <see cref="Merge"/>, as all that follows.</summary>
    public int Count { get; private set; }

    /// <summary>The rows in increasing order.</summary>
    public ReadOnlySpan<int> Rows => rows.AsSpan(0, Count);

    /// <summary>The same as units of a table.</summary>
    public RowUnits Units => RowUnits.Of(rows, Count);

    /// <summary>Adds copies of gradients; the indices have been checked.</summary>
    public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<T> values)
    {
        values.CopyTo(gradients.Take(checked(given.Count * width), values.Length));
        given.AddRange(indices);
        isMerged = false;
    }

    /// <summary>
    /// Sets the gradients to some that are not copied, until <see cref="Clear"/>; there are no others, and the indices have been checked.
    /// </summary>
    /// <param name="indices">The rows.</param>
    /// <param name="values">The gradients, pinned by the caller.</param>
    public void Borrow(ReadOnlySpan<int> indices, T* values)
    {
        given.AddRange(indices);
        borrowed = values;
        isMerged = false;
    }

    /// <summary>Forgets all gradients.</summary>
    public void Clear()
    {
        given.Clear();
        (Count, sumCount, isMerged) = (0, 0, true);
        borrowed = null;
    }

    /// <summary>Orders the rows, and sums the gradients of those that occur several times.</summary>
    public void Merge()
    {
        if (isMerged)
        {
            return;
        }

        if (rows.Length < given.Count)
        {
            int length = (int)Math.Min(Array.MaxLength, Math.Max(1024, 2L * given.Count));
            (rows, sources) = (new int[length], new int[length]);
        }

        (int count, sumCount) = (0, 0);
        ReadOnlySpan<ulong> entries = order.Sort(CollectionsMarshal.AsSpan(given), rowCount - 1);
        for (int i = 0, end; i < entries.Length; i = end)
        {
            (int row, int source) = (RowOrder.RowOf(entries[i]), RowOrder.PositionOf(entries[i]));
            end = i + 1;
            while (end < entries.Length && RowOrder.RowOf(entries[end]) == row)
            {
                end++;
            }

            (rows[count], sources[count]) = (row, end == i + 1 ? source : ~Sum(entries[i..end]));
            count++;
        }

        (Count, isMerged) = (count, true);
    }

    /// <summary>The gradient of the row at a position in <see cref="Rows"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Of(int position)
    {
        int source = sources[position];
        return source >= 0 ? Given(source) : sums.Slice(~source * width, width);
    }

    /// <summary>The gradients of the rows from a position in <see cref="Rows"/> on.</summary>
    public RowGradientStreams<T> From(int position) => new(
        ref MemoryMarshal.GetReference(borrowed is null ? gradients.Slice(0, 0) : new Span<T>(borrowed, 0)), ref MemoryMarshal.GetReference(sums.Slice(0, 0)),
        sources.AsSpan(position, Count - position));

    /// <summary>A copy of the gradients of all rows that have one, in the order of <see cref="Rows"/>.</summary>
    public T[] Copy()
    {
        var copy = new T[checked(Count * width)];
        for (int i = 0; i < Count; i++)
        {
            Of(i).CopyTo(copy.AsSpan(i * width));
        }

        return copy;
    }

    /// <summary>Writes them to the gradient of the whole parameter, which gets zeros in all other rows.</summary>
    public void Scatter(Parameter<T> parameter)
    {
        parameter.ZeroGradient();
        for (int i = 0; i < Count; i++)
        {
            parameter.SetGradients(rows[i] * width, Of(i));
        }
    }

    /// <summary>The first position in <see cref="Rows"/> of a row that is at least this one.</summary>
    public int Find(int row)
    {
        int position = Rows.BinarySearch(row);
        return position >= 0 ? position : ~position;
    }

    /// <summary>Whether all gradients and all sums are finite.</summary>
    public bool AreFinite() =>
        (given.Count == 0 || FiniteCheck.AllFinite(ref Given(0)[0], given.Count * width, fetchesAhead: false))
        && (sumCount == 0 || FiniteCheck.AllFinite(ref sums.Slice(0, 1)[0], sumCount * width, fetchesAhead: false));

    /// <summary>The first element that is not finite, in the order of the parameter, or <see langword="null"/>.</summary>
    public NonFiniteGradient? FirstNonFinite(Parameter<T> parameter)
    {
        for (int i = 0; i < Count; i++)
        {
            Span<T> gradient = Of(i);
            int column = FiniteCheck.IndexOfNonFinite<T>(gradient);
            if (column >= 0)
            {
                int element = (rows[i] * width) + column;
                return new NonFiniteGradient(parameter.Name, element, parameter.Position(element), double.CreateTruncating(gradient[column]));
            }
        }

        return null;
    }

    /// <summary>
    /// The sum of squares over each piece of the parameter, with the bits of <see cref="SumOfSquares.Of{T}"/> over a gradient that is zero in all other rows: an element has
    /// the same lane, and a square of zero changes none. Most pieces of a large table have no row.
    /// </summary>
    /// <param name="sums">Receives them: one for each <see cref="Division.PieceLength"/> elements, from the first on.</param>
    /// <param name="scale">A factor of each value before it is squared; a power of two.</param>
    public void SumSquares(Span<double> sums, double scale)
    {
        sums.Clear();
        var lanes = default(ReductionLanes);
        int piece = 0;
        for (int i = 0; i < Count; i++)
        {
            Span<T> gradient = Of(i);
            int start = rows[i] * width;
            for (int done = 0, length; done < width; done += length)
            {
                (int at, int inPiece) = Math.DivRem(start + done, Division.PieceLength);
                if (at != piece)
                {
                    sums[piece] = lanes.Sum();
                    (piece, lanes) = (at, default);
                }

                length = Math.Min(width - done, Division.PieceLength - inPiece);
                SumOfSquares.Add<T>(gradient.Slice(done, length), inPiece, scale, ref lanes);
            }
        }

        sums[piece] = lanes.Sum();
    }

    /// <summary>Sums the gradients of a row.</summary>
    /// <returns>The position among the sums.</returns>
    private int Sum(ReadOnlySpan<ulong> entries)
    {
        Sum(ref MemoryMarshal.GetReference(Given(0)), entries, sums.Take(sumCount * width, width));
        return sumCount++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<T> Given(int position) =>
        borrowed is null ? gradients.Slice(position * width, width) : new Span<T>(borrowed + ((nint)position * width), width);

    /// <summary>
    /// Sums rows, some columns after the other: their sums stay in registers over all rows. A row of a batch of words can occur hundreds of times, and each addition
    /// to memory would wait for the one before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(ref T given, ReadOnlySpan<ulong> entries, Span<T> sum)
    {
        int width = sum.Length, column = 0;
        ref T first = ref Unsafe.Add(ref given, (nint)RowOrder.PositionOf(entries[0]) * width), to = ref MemoryMarshal.GetReference(sum);
        ReadOnlySpan<ulong> others = entries[1..];
        for (; column <= width - (4 * Vector<T>.Count); column += 4 * Vector<T>.Count)
        {
            ref T part = ref Unsafe.Add(ref first, column);
            Vector<T> sum0 = Vector.LoadUnsafe(ref part), sum1 = Vector.LoadUnsafe(ref part, (nuint)Vector<T>.Count);
            Vector<T> sum2 = Vector.LoadUnsafe(ref part, (nuint)(2 * Vector<T>.Count)), sum3 = Vector.LoadUnsafe(ref part, (nuint)(3 * Vector<T>.Count));
            foreach (ulong entry in others)
            {
                part = ref Unsafe.Add(ref given, ((nint)RowOrder.PositionOf(entry) * width) + column);
                sum0 += Vector.LoadUnsafe(ref part);
                sum1 += Vector.LoadUnsafe(ref part, (nuint)Vector<T>.Count);
                sum2 += Vector.LoadUnsafe(ref part, (nuint)(2 * Vector<T>.Count));
                sum3 += Vector.LoadUnsafe(ref part, (nuint)(3 * Vector<T>.Count));
            }

            sum0.StoreUnsafe(ref to, (nuint)column);
            sum1.StoreUnsafe(ref to, (nuint)(column + Vector<T>.Count));
            sum2.StoreUnsafe(ref to, (nuint)(column + (2 * Vector<T>.Count)));
            sum3.StoreUnsafe(ref to, (nuint)(column + (3 * Vector<T>.Count)));
        }

        for (; column <= width - Vector<T>.Count; column += Vector<T>.Count)
        {
            Vector<T> one = Vector.LoadUnsafe(ref first, (nuint)column);
            foreach (ulong entry in others)
            {
                one += Vector.LoadUnsafe(ref Unsafe.Add(ref given, (nint)RowOrder.PositionOf(entry) * width), (nuint)column);
            }

            one.StoreUnsafe(ref to, (nuint)column);
        }

        for (; column < width; column++)
        {
            T one = Unsafe.Add(ref first, column);
            foreach (ulong entry in others)
            {
                one += Unsafe.Add(ref given, ((nint)RowOrder.PositionOf(entry) * width) + column);
            }

            sum[column] = one;
        }
    }

    /// <summary>Aligned memory that grows and keeps what it has.</summary>
    private sealed class GrowingMemory
    {
        private ElementMemory<T> elements = new(Memory<T>.Empty);

        /// <summary>Elements that are there.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Span<T> Slice(int start, int length) => MemoryMarshal.CreateSpan(ref elements.At(start), length);

        /// <summary>Elements that are there or are made.</summary>
        /// <exception cref="OutOfMemoryException">There would be more than 2³¹ elements.</exception>
        public Span<T> Take(int start, int length)
        {
            long end = (long)start + length;
            if (end > elements.Memory.Length)
            {
                Memory<T> grown = AlignedMemory.Allocate<T>((int)Math.Max(Math.Min(2 * end, Array.MaxLength - AlignedMemory.Alignment), end));
                elements.Memory.CopyTo(grown);
                elements = new ElementMemory<T>(grown);
            }

            return Slice(start, length);
        }
    }
}
