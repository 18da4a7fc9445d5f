using System.Numerics;

namespace OptimGen;

/// <summary>
/// The Euclidean norm of several spans together, in double, summed in an order that depends on their lengths alone: the same bits on every machine. Squares of
/// doubles that overflow or underflow are scaled.
/// </summary>
/// <param name="parameters">The parameters whose spans are measured.</param>
internal sealed class EuclideanNorm<T>(ParameterSet<T> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The part of a parameter that is measured.</summary>
    public delegate ReadOnlySpan<T> Part(Parameter<T> parameter);

    /// <returns>The norm; infinite or NaN if an element is, or if the norm itself is larger than the largest double.</returns>
    public double Of(Part part)
    {
        double sum = SumOfSquares(part, 1);
        double scale = Math.ScaleB(1, OptimGen.SumOfSquares.ExponentFor<T>(sum));
        return scale == 1 ? Math.Sqrt(sum) : Math.Sqrt(SumOfSquares(part, scale)) / scale;
    }

    private double SumOfSquares(Part part, double scale)
    {
        double sum = 0;
        foreach (Parameter<T> parameter in parameters)
        {
            sum += OptimGen.SumOfSquares.Of(part(parameter), scale);
        }

        return sum;
    }
}
