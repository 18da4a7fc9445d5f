namespace OptimGen;

/// <summary>
/// The eigenvalues of a symmetric tridiagonal matrix by the implicit QL algorithm: EISPACK's tql2 (Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL
/// algorithms for symmetric matrices", Numerische Mathematik 11, 1968). The rotations are also applied to rows given by the caller: to those of the identity
/// for the eigenvectors, to its first row alone for the weights of a Gauss quadrature (Golub and Welsch, 1969).
/// </summary>
internal static class TridiagonalEigenvalues
{
    private const double UnitRoundoff = 1.0 / (1L << 52);

    /// <summary>The algorithm converges in fewer than two iterations for each eigenvalue on average; EISPACK gives up after 30.</summary>
    private const int MostIterations = 60;

    /// <summary>Replaces the diagonal by the eigenvalues in ascending order.</summary>
    /// <param name="diagonal">The diagonal, n elements; the eigenvalues afterwards.</param>
    /// <param name="offDiagonal">The n − 1 elements beside the diagonal; its content is lost.</param>
    /// <param name="columns">
    /// The columns of a matrix Z, n of them of the same length: ZV afterwards, where the columns of V are the eigenvectors.
    /// </param>
    public static void Compute(Span<double> diagonal, ReadOnlySpan<double> offDiagonal, double[][] columns)
    {
        int n = diagonal.Length;
        double[] beside = [.. offDiagonal[..(n - 1)], 0];
        Span<double> d = diagonal, e = beside;
        double shift = 0, size = 0;
        for (int l = 0; l < n; l++)
        {
            size = Math.Max(size, Math.Abs(d[l]) + Math.Abs(e[l]));
            int m = l;
            while (m < n - 1 && Math.Abs(e[m]) > UnitRoundoff * size)
            {
                m++;
            }

            for (int iteration = 0; m > l && Math.Abs(e[l]) > UnitRoundoff * size; iteration++)
            {
                if (iteration == MostIterations)
                {
                    throw new ArithmeticException($"The QL algorithm has not converged after {MostIterations} iterations.");
                }

                shift += Shift(d, e, l);
                Sweep(d, e, l, m, columns);
            }

            d[l] += shift;
            e[l] = 0;
        }

        Sort(d, columns);
    }

    /// <summary>Subtracts Wilkinson's shift from the rest of the diagonal.</summary>
    /// <returns>The shift.</returns>
    private static double Shift(Span<double> d, Span<double> e, int l)
    {
        double g = d[l], p = (d[l + 1] - g) / (2 * e[l]);
        double r = p < 0 ? -Hypotenuse(p, 1) : Hypotenuse(p, 1);
        d[l] = e[l] / (p + r);
        d[l + 1] = e[l] * (p + r);
        double shift = g - d[l];
        for (int i = l + 2; i < d.Length; i++)
        {
            d[i] -= shift;
        }

        return shift;
    }

    private static void Sweep(Span<double> d, Span<double> e, int l, int m, double[][] columns)
    {
        double p = d[m], cosine = 1, cosine2 = 1, cosine3 = 1, sine = 0, sine2 = 0, next = e[l + 1], first = d[l + 1];
        for (int i = m - 1; i >= l; i--)
        {
            (cosine3, cosine2, sine2) = (cosine2, cosine, sine);
            double g = cosine * e[i], h = cosine * p, r = Hypotenuse(p, e[i]);
            e[i + 1] = sine * r;
            sine = e[i] / r;
            cosine = p / r;
            p = cosine * d[i] - sine * g;
            d[i + 1] = h + sine * (cosine * g + sine * d[i]);
            Rotate(columns[i], columns[i + 1], cosine, sine);
        }

        p = -sine * sine2 * cosine3 * next * e[l] / first;
        e[l] = sine * p;
        d[l] = cosine * p;
    }

    private static void Rotate(double[] left, double[] right, double cosine, double sine)
    {
        for (int k = 0; k < left.Length; k++)
        {
            (left[k], right[k]) = (cosine * left[k] - sine * right[k], sine * left[k] + cosine * right[k]);
        }
    }

    private static void Sort(Span<double> d, double[][] columns)
    {
        double[] keys = d.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length).OrderBy(i => keys[i])];
        double[][] unsorted = [.. columns];
        for (int i = 0; i < order.Length; i++)
        {
            (d[i], columns[i]) = (keys[order[i]], unsorted[order[i]]);
        }
    }

    /// <summary>√(x² + y²) without overflow, by correctly rounded operations alone.</summary>
    private static double Hypotenuse(double x, double y)
    {
        (double large, double small) = (Math.Max(Math.Abs(x), Math.Abs(y)), Math.Min(Math.Abs(x), Math.Abs(y)));
        double ratio = large == 0 ? 0 : small / large;
        return large * Math.Sqrt(1 + ratio * ratio);
    }
}
