namespace OptimGen;

/// <summary>
/// The eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to tridiagonal form (Golub and Van Loan, Matrix Computations, 4th edition,
/// algorithm 8.3.1), then <see cref="TridiagonalEigenvalues"/>. The same bits on every platform.
/// </summary>
internal static class SymmetricEigenvalues
{
    /// <summary>Computes all eigenvalues.</summary>
    /// <param name="rows">The matrix, which must be symmetric; its content is lost.</param>
    /// <returns>The eigenvalues in ascending order, and the eigenvectors, orthonormal.</returns>
    public static (double[] Values, double[][] Vectors) Compute(double[][] rows)
    {
        int n = rows.Length;
        double[][] columns = Identity(n);
        for (int k = 0; k < n - 2; k++)
        {
            Reduce(rows, columns, k);
        }

        double[] values = [.. rows.Select((row, i) => row[i])];
        double[] beside = [.. Enumerable.Range(0, n - 1).Select(i => rows[i + 1][i])];
        TridiagonalEigenvalues.Compute(values, beside, columns);
        return (values, columns);
    }

    /// <summary>The rows, or columns, of the identity.</summary>
    public static double[][] Identity(int n)
    {
        var rows = new double[n][];
        for (int i = 0; i < n; i++)
        {
            rows[i] = new double[n];
            rows[i][i] = 1;
        }

        return rows;
    }

    /// <summary>A ← PAP and Q ← QP, with the reflection P = I − 2uuᵀ that annihilates column k of A below its subdiagonal.</summary>
    private static void Reduce(double[][] rows, double[][] columns, int k)
    {
        int n = rows.Length;
        var u = new double[n];
        for (int i = k + 1; i < n; i++)
        {
            u[i] = rows[i][k];
        }

        if (u.AsSpan(k + 2).IndexOfAnyExcept(0) < 0)
        {
            return;
        }

        double largest = u.Max(Math.Abs);
        DenseVector.Scale(1 / largest, u);
        double norm = DenseVector.Norm(u), sign = u[k + 1] < 0 ? -1 : 1;
        u[k + 1] += sign * norm;
        DenseVector.Normalize(u);

        // A ← A − 2(uwᵀ + wuᵀ) with w = p − (uᵀp)u and p = Au.
        var w = new double[n];
        for (int i = k; i < n; i++)
        {
            w[i] = DenseVector.Dot(rows[i].AsSpan(k), u.AsSpan(k));
        }

        DenseVector.AddScaled(-DenseVector.Dot(u, w), u, w);
        for (int i = k; i < n; i++)
        {
            // Row i and column i are computed by the same operations, so that the matrix stays symmetric to the bit.
            for (int j = k; j < n; j++)
            {
                rows[i][j] -= 2 * (u[i] * w[j] + w[i] * u[j]);
            }
        }

        rows[k + 1][k] = rows[k][k + 1] = -sign * norm * largest;
        for (int i = k + 2; i < n; i++)
        {
            rows[i][k] = rows[k][i] = 0;
        }

        // QP: each row of Q loses twice its component along u. Q is kept by columns.
        var qu = new double[n];
        for (int j = k + 1; j < n; j++)
        {
            DenseVector.AddScaled(u[j], columns[j], qu);
        }

        for (int j = k + 1; j < n; j++)
        {
            DenseVector.AddScaled(-2 * u[j], qu, columns[j]);
        }
    }
}
