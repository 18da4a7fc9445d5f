namespace OptimGen.Tests.RowGranularity;

/// <summary>The rules of this folder by hand, element by element, in the precision of the rule, and the mean over a row in the order that is documented.</summary>
internal static class RowReferences
{
    /// <summary>(1/n)Σx in double: element i of the row in lane i mod 16, then the upper half of the lanes added to the lower until one is left.</summary>
    public static double Mean(double[] values)
    {
        double[] lanes = [.. Enumerable.Repeat(-0.0, 16)];
        for (int i = 0; i < values.Length; i++)
        {
            lanes[i % 16] += values[i];
        }

        for (int half = 8; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0] / values.Length;
    }

    /// <summary>A step of <see cref="RowwiseAdam"/>, with the defaults of its hyperparameters.</summary>
    public static void Adam(float[] parameters, float[] gradients, float[] firstMoment, float[] secondMoment, long step)
    {
        float rate = (float)(0.05 / (1 - Math.Pow(0.9, step))), root = (float)(1 / Math.Sqrt(1 - Math.Pow(0.95, step)));
        int width = parameters.Length / secondMoment.Length;
        for (int row = 0; row < secondMoment.Length; row++)
        {
            float before = secondMoment[row];
            secondMoment[row] = (float)Mean([.. gradients.Skip(row * width).Take(width).Select(gradient => (double)(0.95f * before + (1 - 0.95f) * (gradient * gradient)))]);
            for (int i = row * width; i < (row + 1) * width; i++)
            {
                firstMoment[i] = 0.9f * firstMoment[i] + (1 - 0.9f) * gradients[i];
                parameters[i] -= rate * firstMoment[i] / (MathF.Sqrt(secondMoment[row]) * root + 1e-8f);
            }
        }
    }

    /// <summary>A step of <see cref="RowwiseAdagrad"/>: FBGEMM's rowwise_adagrad, but for the rounding of the mean.</summary>
    public static void Adagrad(float[] parameters, float[] gradients, float[] squareSum, float learningRate, float epsilon)
    {
        int width = parameters.Length / squareSum.Length;
        for (int row = 0; row < squareSum.Length; row++)
        {
            float before = squareSum[row];
            squareSum[row] = (float)Mean([.. gradients.Skip(row * width).Take(width).Select(gradient => (double)(before + gradient * gradient))]);
            float multiplier = learningRate / (MathF.Sqrt(squareSum[row]) + epsilon);
            for (int i = row * width; i < (row + 1) * width; i++)
            {
                parameters[i] -= multiplier * gradients[i];
            }
        }
    }

    /// <summary>A step of <see cref="TwoMeans"/> over a tensor of less than a piece of a reduction.</summary>
    public static void TwoMeans(double[] parameters, double[] gradients, double[] largest, double[] square, double[] moment, long step)
    {
        double[] lanes = new double[16];
        for (int i = 0; i < parameters.Length; i++)
        {
            lanes[i % 16] += parameters[i] * parameters[i];
        }

        for (int half = 8; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        double scale = 1 / (1 + Math.Sqrt(lanes[0] / parameters.Length));
        int width = parameters.Length / square.Length;
        for (int row = 0; row < square.Length; row++)
        {
            int[] elements = [.. Enumerable.Range(row * width, width)];
            double before = square[row];
            double[] g = [.. elements.Select(i => Math.FusedMultiplyAdd(0.01, parameters[i], gradients[i]))];
            square[row] = Mean([.. g.Select(one => step > 2 ? 0.9 * before + 0.1 * one * one : one * one)]);
            for (int k = 0; k < width; k++)
            {
                moment[elements[k]] = 0.5 * moment[elements[k]] + g[k] * before;
            }

            (double mean, double last) = (square[row], largest[row]);
            largest[row] = Mean([.. elements.Select(i => Math.Max(last, mean + before * moment[i] * moment[i]))]);
            foreach (int i in elements)
            {
                parameters[i] -= 0.1 * scale * moment[i] / (Math.Sqrt(largest[row]) + 1e-3);
            }
        }
    }
}
