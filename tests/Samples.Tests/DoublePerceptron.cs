using Digits.Data;
using OptimGen;

namespace Samples.Tests;

/// <summary>The sample's network written down a second time, slowly and in double precision.</summary>
internal static class DoublePerceptron
{
    /// <summary>The mean cross-entropy over some examples.</summary>
    public static double Cost(ParameterSet parameters, int[] sizes, DigitSet digits, int[] examples) =>
        Cost([.. parameters.Select(Widen)], sizes, digits, examples);

    /// <summary>The slope of the cost along one element, by a central difference.</summary>
    public static double Slope(ParameterSet parameters, int[] sizes, DigitSet digits, int[] examples, Parameter<float> parameter, int element)
    {
        const double step = 1e-6;
        double CostAt(double displacement)
        {
            double[][] values = [.. parameters.Select(Widen)];
            values[parameters.TakeWhile(one => one != parameter).Count()][element] += displacement;
            return Cost(values, sizes, digits, examples);
        }

        return (CostAt(step) - CostAt(-step)) / (2 * step);
    }

    private static double[] Widen(Parameter<float> parameter)
    {
        var values = new double[parameter.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = parameter.Values[i];
        }

        return values;
    }

    /// <summary>The cost for values that are the weight and the bias of each layer in turn.</summary>
    private static double Cost(double[][] values, int[] sizes, DigitSet digits, int[] examples)
    {
        double sum = 0;
        foreach (int example in examples)
        {
            double[] layer = [.. digits.Image(example).ToArray().Select(pixel => pixel / 255.0)];
            for (int i = 1; i < sizes.Length; i++)
            {
                layer = Dense(values[2 * (i - 1)], values[(2 * i) - 1], layer, relu: i < sizes.Length - 1);
            }

            double largest = layer.Max();
            sum += Math.Log(layer.Sum(logit => Math.Exp(logit - largest))) + largest - layer[digits.Label(example)];
        }

        return sum / examples.Length;
    }

    private static double[] Dense(double[] weight, double[] bias, double[] input, bool relu)
    {
        var output = new double[bias.Length];
        for (int row = 0; row < output.Length; row++)
        {
            double sum = bias[row];
            for (int column = 0; column < input.Length; column++)
            {
                sum += weight[(row * input.Length) + column] * input[column];
            }

            output[row] = relu ? Math.Max(0, sum) : sum;
        }

        return output;
    }
}
