namespace OptimGen;

/// <summary>The whole Hessian, computed by columns and made symmetric, and its eigenvalues.</summary>
internal sealed class FullHessian
{
    private const double UnitRoundoff = 1.0 / (1L << 52);

    private FullHessian(double[] values, double[][] vectors, double[] residuals, double error, double asymmetry) =>
        (Values, Vectors, Residuals, Error, Asymmetry) = (values, vectors, residuals, error, asymmetry);

    /// <summary>The eigenvalues, ascending, each as often as it occurs.</summary>
    public double[] Values { get; }

    /// <summary>The eigenvectors, orthonormal.</summary>
    public double[][] Vectors { get; }

    /// <summary>‖Hv − λv‖ for the computed, symmetric H.</summary>
    public double[] Residuals { get; }

    /// <summary>
    /// A bound of ‖E‖ for the error E of the computed matrix, by its Frobenius norm; at least <see cref="Asymmetry"/>. No eigenvalue is farther from its exact
    /// value (Weyl).
    /// </summary>
    public double Error { get; }

    /// <summary>‖H − Hᵀ‖_F/2 of the computed columns, which would be 0 without errors.</summary>
    public double Asymmetry { get; }

    public static FullHessian Compute(IHessianProducts products, int n)
    {
        double[][] columns = SymmetricEigenvalues.Identity(n);
        double errorSquares = 0;
        for (int i = 0; i < n; i++)
        {
            var column = new double[n];
            double error = products.MultiplyWithError(columns[i], column);
            errorSquares += error * error;
            columns[i] = column;
        }

        double asymmetry = Symmetrize(columns);
        double[][] rows = [.. columns.Select(column => (double[])column.Clone())];
        (double[] values, double[][] vectors) = SymmetricEigenvalues.Compute(rows);
        double rounding = n * UnitRoundoff * Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        double[] residuals = [.. values.Select((value, i) => ResidualOf(columns, value, vectors[i]) + rounding)];
        return new FullHessian(values, vectors, residuals, Math.Max(Math.Sqrt(errorSquares), asymmetry), asymmetry);
    }

    private static double Symmetrize(double[][] columns)
    {
        double squares = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double half = (columns[i][j] - columns[j][i]) / 2, mean = columns[j][i] + half;
                columns[i][j] = columns[j][i] = mean;
                squares += 2 * half * half;
            }
        }

        return Math.Sqrt(squares);
    }

    private static double ResidualOf(double[][] columns, double value, double[] vector)
    {
        var residual = new double[vector.Length];
        for (int i = 0; i < residual.Length; i++)
        {
            residual[i] = DenseVector.Dot(columns[i], vector) - value * vector[i];
        }

        return DenseVector.Norm(residual);
    }
}
