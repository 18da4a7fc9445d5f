using System.Numerics;

namespace OptimGen;

/// <summary>The penalty λ/(2B)·‖W‖²_F over the weights, without biases, and its gradient λ/B·W.</summary>
internal static class SquaredNormPenalty
{
    /// <summary>Adds the gradient of the penalty to the gradients of the weights.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="batchCount">The number of examples in the batch, B.</param>
    /// <returns>The penalty.</returns>
    public static double AddTo<T>(ParameterSet<T> parameters, double lambda, int batchCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(lambda / batchCount);
        double squares = 0;
        parameters.SumAddends();
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter<T> parameter = parameters[i];
            if (parameter.Role == ParameterRole.Weight)
            {
                ReadOnlySpan<T> weights = parameter.ReadValues();
                squares += SumOfSquares.Of(weights, scale: 1);
                if (parameter.GradientStorage == Storage.Native)
                {
                    ElementSum.AddScaled(parameter.Gradients, scale, weights);
                }
                else
                {
                    T[] gradients = parameter.ReadGradients().ToArray();
                    ElementSum.AddScaled(gradients, scale, weights);
                    parameter.SetGradients(gradients);
                }
            }
        }

        return lambda / (2.0 * batchCount) * squares;
    }
}
