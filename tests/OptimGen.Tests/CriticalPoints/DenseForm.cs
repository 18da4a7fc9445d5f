using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>½xᵀAx with a dense symmetric matrix, computed in the element type.</summary>
internal sealed class DenseForm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[,] matrix;

    public DenseForm(int n, Random random)
    {
        matrix = new T[n, n];
        double scale = Math.Pow(10, 6 * random.NextDouble() - 3), size = Math.Pow(10, 4 * random.NextDouble() - 2);
        Parameters = new ParameterSet<T>();
        Parameter<T> x = Parameters.Add("x", n);
        for (int i = 0; i < n; i++)
        {
            x.Values[i] = T.CreateTruncating(size * (random.NextDouble() - 0.5));
            for (int j = 0; j <= i; j++)
            {
                matrix[i, j] = matrix[j, i] = T.CreateTruncating(scale * (random.NextDouble() - 0.5));
            }
        }

        Eigenvalues = [.. Matrix<double>.Build.Dense(n, n, (i, j) => double.CreateTruncating(matrix[i, j])).Evd(Symmetricity.Symmetric).EigenValues.Select(one => one.Real)];
    }

    public ParameterSet<T> Parameters { get; }

    public double[] Eigenvalues { get; }

    public double Objective(ParameterSet<T> parameters, MiniBatch batch)
    {
        Span<T> x = parameters["x"].Values, g = parameters["x"].Gradients;
        T cost = T.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            T sum = T.Zero;
            for (int j = 0; j < x.Length; j++)
            {
                sum += matrix[i, j] * x[j];
            }

            g[i] += sum;
            cost += sum * x[i] / (T.One + T.One);
        }

        return double.CreateTruncating(cost);
    }
}
