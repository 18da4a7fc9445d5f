using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Text;

/// <summary>Products of matrices in row-major order.</summary>
internal static class MatrixProduct
{
    private const int Rows = 4;

    /// <summary>C += A·B.</summary>
    /// <param name="a">A, rows × inner; or its transpose, inner × rows.</param>
    /// <param name="isTransposed">Whether it is the transpose of A.</param>
    /// <param name="b">B, inner × columns.</param>
    /// <param name="c">C, rows × columns. The number of columns is a multiple of that of the elements of a vector.</param>
    /// <param name="rows">The number of rows, a multiple of four.</param>
    /// <param name="inner">The number of columns of A.</param>
    /// <param name="columns">The number of columns of C.</param>
    public static void Add(ReadOnlySpan<float> a, bool isTransposed, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        (int ofRow, int ofInner) = isTransposed ? (1, rows) : (inner, 1);
        int width = Vector<float>.Count;
        // The columns outside, so that a strip of B is in the second-level cache for all rows.
        for (int column = 0; column < columns;)
        {
            int strip = column + (2 * width) <= columns ? 2 * width : width;
            for (int row = 0; row < rows; row += Rows)
            {
                ref float first = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), row * ofRow);
                ref float result = ref Unsafe.Add(ref MemoryMarshal.GetReference(c), (row * columns) + column);
                if (strip == width)
                {
                    One(ref first, ofRow, ofInner, ref Unsafe.Add(ref MemoryMarshal.GetReference(b), column), ref result, inner, columns);
                }
                else
                {
                    Two(ref first, ofRow, ofInner, ref Unsafe.Add(ref MemoryMarshal.GetReference(b), column), ref result, inner, columns);
                }
            }

            column += strip;
        }
    }

    /// <summary>The transpose of a matrix.</summary>
    public static void Transpose(ReadOnlySpan<float> matrix, Span<float> transpose, int rows, int columns)
    {
        const int Tile = 16;
        for (int row = 0; row < rows; row += Tile)
        {
            for (int column = 0; column < columns; column += Tile)
            {
                for (int i = row; i < Math.Min(row + Tile, rows); i++)
                {
                    for (int k = column; k < Math.Min(column + Tile, columns); k++)
                    {
                        transpose[(k * rows) + i] = matrix[(i * columns) + k];
                    }
                }
            }
        }
    }

    /// <summary>Four rows by two vectors: eight accumulators hide the latency of the multiply-add.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(ref float a, int ofRow, int ofInner, ref float b, ref float c, int inner, int columns)
    {
        Vector<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (int k = 0; k < inner; k++)
        {
            Vector<float> left = Load(ref b, 0), right = Load(ref b, Vector<float>.Count);
            Vector<float> scale = new(a);
            (c00, c01) = (Vector.FusedMultiplyAdd(scale, left, c00), Vector.FusedMultiplyAdd(scale, right, c01));
            scale = new(Unsafe.Add(ref a, ofRow));
            (c10, c11) = (Vector.FusedMultiplyAdd(scale, left, c10), Vector.FusedMultiplyAdd(scale, right, c11));
            scale = new(Unsafe.Add(ref a, 2 * ofRow));
            (c20, c21) = (Vector.FusedMultiplyAdd(scale, left, c20), Vector.FusedMultiplyAdd(scale, right, c21));
            scale = new(Unsafe.Add(ref a, 3 * ofRow));
            (c30, c31) = (Vector.FusedMultiplyAdd(scale, left, c30), Vector.FusedMultiplyAdd(scale, right, c31));
            a = ref Unsafe.Add(ref a, ofInner);
            b = ref Unsafe.Add(ref b, columns);
        }

        AddTo(ref c, c00, c01);
        AddTo(ref Unsafe.Add(ref c, columns), c10, c11);
        AddTo(ref Unsafe.Add(ref c, 2 * columns), c20, c21);
        AddTo(ref Unsafe.Add(ref c, 3 * columns), c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref float a, int ofRow, int ofInner, ref float b, ref float c, int inner, int columns)
    {
        Vector<float> c0 = default, c1 = default, c2 = default, c3 = default;
        for (int k = 0; k < inner; k++)
        {
            Vector<float> vector = Load(ref b, 0);
            c0 = Vector.FusedMultiplyAdd(new(a), vector, c0);
            c1 = Vector.FusedMultiplyAdd(new(Unsafe.Add(ref a, ofRow)), vector, c1);
            c2 = Vector.FusedMultiplyAdd(new(Unsafe.Add(ref a, 2 * ofRow)), vector, c2);
            c3 = Vector.FusedMultiplyAdd(new(Unsafe.Add(ref a, 3 * ofRow)), vector, c3);
            a = ref Unsafe.Add(ref a, ofInner);
            b = ref Unsafe.Add(ref b, columns);
        }

        AddTo(ref c, c0);
        AddTo(ref Unsafe.Add(ref c, columns), c1);
        AddTo(ref Unsafe.Add(ref c, 2 * columns), c2);
        AddTo(ref Unsafe.Add(ref c, 3 * columns), c3);
    }

    private static Vector<float> Load(ref float from, int offset) => Vector.LoadUnsafe(ref from, (nuint)offset);

    private static void AddTo(ref float to, Vector<float> left, Vector<float> right)
    {
        AddTo(ref to, left);
        AddTo(ref Unsafe.Add(ref to, Vector<float>.Count), right);
    }

    private static void AddTo(ref float to, Vector<float> vector) => (Vector.LoadUnsafe(ref to) + vector).StoreUnsafe(ref to);
}
