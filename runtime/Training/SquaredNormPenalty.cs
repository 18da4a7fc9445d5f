using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OptimGen;

/// <summary>The penalty λ/(2B)·‖W‖²_F over the weights, biases left out, and its gradient λ/B·W.</summary>
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
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter<T> parameter = parameters[i];
            if (parameter.Role == ParameterRole.Weight)
            {
                squares += SumOfSquares<T>(parameter.Values);
                AddScaled(parameter.Values, scale, parameter.Gradients);
            }
        }

        return lambda / (2.0 * batchCount) * squares;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled<T>(ReadOnlySpan<T> weights, T scale, Span<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<Vector<T>> weightVectors = MemoryMarshal.Cast<T, Vector<T>>(weights);
        Span<Vector<T>> gradientVectors = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        for (int i = 0; i < weightVectors.Length; i++)
        {
            gradientVectors[i] += weightVectors[i] * scale;
        }

        for (int i = weightVectors.Length * Vector<T>.Count; i < weights.Length; i++)
        {
            gradients[i] += weights[i] * scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfSquares<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Eight sums in double: element i goes to sum i mod 8, whatever the width of the machine's vectors, so that the bits are the
        // same everywhere.
        Vector128<double> first = default, second = default, third = default, fourth = default;
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            first += Square(Pair(values, i));
            second += Square(Pair(values, i + 2));
            third += Square(Pair(values, i + 4));
            fourth += Square(Pair(values, i + 6));
        }

        double sum = Vector128.Sum(first + second + (third + fourth));
        for (; i < values.Length; i++)
        {
            double value = double.CreateTruncating(values[i]);
            sum += value * value;
        }

        return sum;
    }

    private static Vector128<double> Pair<T>(ReadOnlySpan<T> values, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vector128.Create(double.CreateTruncating(values[i]), double.CreateTruncating(values[i + 1]));

    private static Vector128<double> Square(Vector128<double> value) => value * value;
}
