using System.Numerics;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>Points whose Hessians are known from paper.</summary>
internal static class KnownPoints
{
    /// <summary>An objective of a few variables, given as a function of their values that returns cost and gradient.</summary>
    public static (ParameterSet<T> Parameters, Objective<T> Objective) Of<T>(double[] values, Func<double[], (double Cost, double[] Gradient)> function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parameters = new ParameterSet<T>();
        Parameter<T> x = parameters.Add("x", values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            x.Values[i] = T.CreateTruncating(values[i]);
        }

        return (parameters, (set, _) =>
        {
            (double cost, double[] gradient) = function([.. set["x"].Values.ToArray().Select(double.CreateTruncating)]);
            for (int i = 0; i < gradient.Length; i++)
            {
                set["x"].Gradients[i] += T.CreateTruncating(gradient[i]);
            }

            return cost;
        });
    }

    public static (double, double[]) Rosenbrock(double[] x) => (
        Math.Pow(1 - x[0], 2) + 100 * Math.Pow(x[1] - x[0] * x[0], 2),
        [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] * x[0]), 200 * (x[1] - x[0] * x[0])]);

    /// <summary>x³ − 3xy², whose Hessian is 0 at the origin.</summary>
    public static (double, double[]) MonkeySaddle(double[] x) => (
        x[0] * x[0] * x[0] - 3 * x[0] * x[1] * x[1], [3 * x[0] * x[0] - 3 * x[1] * x[1], -6 * x[0] * x[1]]);

    /// <summary>½(w₁w₂x − y)² for x = 2 and y = 3: at the origin the Hessian has the eigenvalues ±xy = ±6.</summary>
    public static (double, double[]) TwoWeights(double[] w)
    {
        double error = w[0] * w[1] * 2 - 3;
        return (error * error / 2, [error * w[1] * 2, error * w[0] * 2]);
    }

    /// <summary>
    /// ½‖W₂W₁ − A‖² with A of size p × p, each matrix p × p. At the origin the Hessian couples W₁ and W₂ by −A: its eigenvalues are plus and minus the
    /// singular values of A, p times each.
    /// </summary>
    public static (double, double[]) DeepLinear(double[,] a, double[] w)
    {
        int p = a.GetLength(0);
        double First(int i, int j) => w[i * p + j];
        double Second(int i, int j) => w[p * p + i * p + j];
        double cost = 0;
        var gradient = new double[2 * p * p];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j < p; j++)
            {
                double error = -a[i, j];
                for (int k = 0; k < p; k++)
                {
                    error += Second(i, k) * First(k, j);
                }

                cost += error * error / 2;
                for (int k = 0; k < p; k++)
                {
                    gradient[k * p + j] += Second(i, k) * error;
                    gradient[p * p + i * p + k] += error * First(k, j);
                }
            }
        }

        return (cost, gradient);
    }
}
