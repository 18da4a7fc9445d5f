using Digits.Curvature;
using Digits.Data;
using MathNet.Numerics.LinearAlgebra;
using OptimGen;

namespace Samples.Tests;

/// <summary>
/// The Hessian of a <see cref="PooledPerceptron{T}"/> in closed form and in double precision, without any derivative or product of the library: with
/// a = W₁x + b₁, h = tanh a, z = W₂h + b₂, p = softmax z and e = p − onehot(label), the mean over the examples of
/// Jᵀ(diag p − ppᵀ)J + Σₖ eₖ·∂²zₖ/∂θ², where J = ∂z/∂θ. The second derivatives of zₖ that are not 0 are ∂²zₖ/∂aᵢ² = W₂[k,i]·(−2hᵢ)(1 − hᵢ²) and
/// ∂²zₖ/∂W₂[k,i]∂aᵢ = 1 − hᵢ².
/// </summary>
internal static class ExactHessian
{
    private const int Inputs = PooledPerceptron<double>.Inputs, Hidden = PooledPerceptron<double>.Hidden, Classes = DigitSet.Classes;

    // The parameters one after another: W₁ by rows, b₁, W₂ by rows, b₂.
    private const int FirstBias1 = Hidden * Inputs, FirstWeight2 = FirstBias1 + Hidden, FirstBias2 = FirstWeight2 + Classes * Hidden, N = FirstBias2 + Classes;

    /// <summary>All eigenvalues, ascending.</summary>
    public static double[] Eigenvalues(PooledPerceptron<double> model) =>
        [.. Of(model).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];

    private static Matrix<double> Of(PooledPerceptron<double> model)
    {
        double[] theta = [.. model.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
        var hessian = Matrix<double>.Build.Dense(N, N);
        for (int example = 0; example < model.Count; example++)
        {
            double[] x = [.. model.Input(example), 1];
            Add(hessian, theta, x, model.Label(example));
        }

        return hessian / model.Count;
    }

    private static void Add(Matrix<double> hessian, double[] theta, double[] x, int label)
    {
        double[] h = [.. Enumerable.Range(0, Hidden).Select(i => Math.Tanh(Enumerable.Range(0, Inputs + 1).Sum(j => theta[First(i, j)] * x[j])))];
        double[] z = [.. Enumerable.Range(0, Classes).Select(k => theta[FirstBias2 + k] + Enumerable.Range(0, Hidden).Sum(i => theta[Second(k, i)] * h[i]))];
        double partition = z.Sum(Math.Exp);
        double[] p = [.. z.Select(value => Math.Exp(value) / partition)];
        double[] e = [.. p.Select((value, k) => value - (k == label ? 1 : 0))];

        var jacobian = Matrix<double>.Build.Dense(Classes, N);
        for (int k = 0; k < Classes; k++)
        {
            jacobian[k, FirstBias2 + k] = 1;
            for (int i = 0; i < Hidden; i++)
            {
                jacobian[k, Second(k, i)] = h[i];
                for (int j = 0; j <= Inputs; j++)
                {
                    jacobian[k, First(i, j)] = theta[Second(k, i)] * (1 - h[i] * h[i]) * x[j];
                }
            }
        }

        Vector<double> probabilities = Vector<double>.Build.Dense(p);
        Matrix<double> softmax = Matrix<double>.Build.DiagonalOfDiagonalVector(probabilities) - probabilities.OuterProduct(probabilities);
        hessian.Add(jacobian.TransposeThisAndMultiply(softmax * jacobian), hessian);
        for (int i = 0; i < Hidden; i++)
        {
            double slope = 1 - h[i] * h[i], curvature = -2 * h[i] * slope * Enumerable.Range(0, Classes).Sum(k => e[k] * theta[Second(k, i)]);
            for (int j = 0; j <= Inputs; j++)
            {
                for (int l = 0; l <= Inputs; l++)
                {
                    hessian[First(i, j), First(i, l)] += curvature * x[j] * x[l];
                }

                for (int k = 0; k < Classes; k++)
                {
                    hessian[First(i, j), Second(k, i)] += e[k] * slope * x[j];
                    hessian[Second(k, i), First(i, j)] += e[k] * slope * x[j];
                }
            }
        }
    }

    /// <summary>The position of W₁[i, j]; of b₁[i], whose input is 1, for the j after the last.</summary>
    private static int First(int i, int j) => j < Inputs ? i * Inputs + j : FirstBias1 + i;

    private static int Second(int k, int i) => FirstWeight2 + k * Hidden + i;
}
