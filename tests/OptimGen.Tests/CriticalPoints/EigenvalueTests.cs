using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>The eigenvalue solvers against MathNet.Numerics, which shares nothing with them.</summary>
public class EigenvalueTests
{
    public static TheoryData<int, string> Matrices
    {
        get
        {
            var all = new TheoryData<int, string>();
            foreach (int n in new[] { 1, 2, 3, 4, 5, 8, 17, 40, 120 })
            {
                foreach (string kind in new[] { "random", "identity", "diagonal", "zero", "rank one", "graded", "clustered", "tridiagonal" })
                {
                    all.Add(n, kind);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Symmetric_IsThatOfMathNet(int n, string kind)
    {
        double[][] rows = MatrixOf(n, kind);
        Evd<double> expected = Matrix<double>.Build.DenseOfRowArrays(rows).Evd(Symmetricity.Symmetric);
        (double[] values, double[][] vectors) = SymmetricEigenvalues.Compute([.. rows.Select(row => (double[])row.Clone())]);

        double size = rows.Max(row => row.Sum(Math.Abs)), tolerance = 1e-14 * Math.Sqrt(n) * size;
        double[] sorted = [.. expected.EigenValues.Select(value => value.Real).Order()];
        Assert.Equal(values.Order(), values);
        Assert.All(values.Zip(sorted), pair => Assert.InRange(pair.First, pair.Second - tolerance, pair.Second + tolerance));
        for (int i = 0; i < n; i++)
        {
            double[] residual = [.. rows.Select((row, k) => row.Zip(vectors[i], (a, b) => a * b).Sum() - values[i] * vectors[i][k])];
            Assert.InRange(DenseVector.Norm(residual), 0, tolerance);
            for (int j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, DenseVector.Dot(vectors[i], vectors[j]), 1e-13 * n);
            }
        }
    }

    /// <summary>The values of Gauss's quadrature over [−1, 1] for five points (Abramowitz and Stegun, table 25.4).</summary>
    [Fact]
    public void Tridiagonal_GivesGaussLegendre()
    {
        double[] diagonal = new double[5], beside = [.. Enumerable.Range(1, 4).Select(i => i / Math.Sqrt(4.0 * i * i - 1))];
        double[][] first = [.. Enumerable.Range(0, 5).Select(i => new double[] { i == 0 ? 1 : 0 })];
        TridiagonalEigenvalues.Compute(diagonal, beside, first);

        double[] nodes = [-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664];
        double[] weights = [0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189];
        Assert.All(diagonal.Zip(nodes), pair => Assert.Equal(pair.Second, pair.First, 1e-14));
        Assert.All(first.Zip(weights), pair => Assert.Equal(pair.Second, 2 * pair.First[0] * pair.First[0], 1e-14));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(1000)]
    public void Directions_AreUnitVectors_AndTheSameForASeed(int n)
    {
        double[] one = new RandomDirection(5).Next(n), same = new RandomDirection(5).Next(n), other = new RandomDirection(6).Next(n);
        Assert.Equal(1, one.Sum(x => x * x), 1e-12);
        Assert.Equal(one, same);
        Assert.True(n == 1 || !one.SequenceEqual(other));
    }

    /// <summary>The mean of each element's square is 1/n, and of its fourth power 3/(n(n + 2)), on the sphere.</summary>
    [Fact]
    public void Directions_AreUniformOnTheSphere()
    {
        const int Count = 20_000, N = 5;
        var random = new RandomDirection(1);
        double second = 0, fourth = 0, mixed = 0;
        for (int i = 0; i < Count; i++)
        {
            double[] v = random.Next(N);
            second += v[0] * v[0] / Count;
            fourth += v[1] * v[1] * v[1] * v[1] / Count;
            mixed += v[0] * v[3] / Count;
        }

        Assert.Equal(1.0 / N, second, 0.006);
        Assert.Equal(3.0 / (N * (N + 2)), fourth, 0.004);
        Assert.Equal(0, mixed, 0.006);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(77)]
    public void Dot_SumsInSixteenLanes(int n)
    {
        var random = new Random(n);
        double[] x = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)], y = [.. x.Select(value => value * 3 + 1)];
        double[] lanes = new double[16];
        for (int i = 0; i < n; i++)
        {
            lanes[i % 16] += x[i] * y[i];
        }

        for (int half = 8; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        Assert.Equal(BitConverter.DoubleToInt64Bits(lanes[0]), BitConverter.DoubleToInt64Bits(DenseVector.Dot(x, y)));
    }

    private static double[][] MatrixOf(int n, string kind)
    {
        var random = new Random(n);
        double[][] rows = SymmetricEigenvalues.Identity(n);
        if (kind == "identity")
        {
            return rows;
        }

        double[] u = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                rows[i][j] = rows[j][i] = kind switch
                {
                    "random" => random.NextDouble() - 0.5,
                    "diagonal" => i == j ? random.NextDouble() - 0.5 : 0,
                    "rank one" => u[i] * u[j],
                    "graded" => (random.NextDouble() - 0.5) * Math.Pow(10, -(i + j) / 4.0),
                    "clustered" => (i == j ? 1 + 1e-9 * i : 0) + 1e-12 * random.NextDouble(),
                    "tridiagonal" => i == j ? 2 : i == j + 1 ? -1 : 0,
                    _ => 0,
                };
            }
        }

        return rows;
    }
}
