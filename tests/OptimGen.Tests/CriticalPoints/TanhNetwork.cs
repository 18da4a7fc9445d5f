using System.Numerics;

namespace OptimGen.Tests.CriticalPoints;

/// <summary>A perceptron of 5 inputs, 9 hidden tanh units and 3 outputs, with half the squared error as its loss, computed in the element type.</summary>
internal sealed class TanhNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Inputs = 5, Hidden = 9, Outputs = 3, Examples = 20;

    private readonly Parameter<T> first, firstBias, second;
    private readonly T[,] inputs = new T[Examples, Inputs], targets = new T[Examples, Outputs];

    public TanhNetwork()
    {
        var random = new Random(11);
        Parameters = new ParameterSet<T>();
        first = Parameters.Add("first", Hidden, Inputs);
        firstBias = Parameters.AddBias("firstBias", Hidden);
        second = Parameters.Add("second", Outputs, Hidden);
        foreach (Parameter<T> parameter in Parameters)
        {
            foreach (ref T value in parameter.Values)
            {
                value = Draw();
            }
        }

        for (int i = 0; i < Examples; i++)
        {
            for (int j = 0; j < Inputs; j++)
            {
                inputs[i, j] = Draw();
            }

            for (int j = 0; j < Outputs; j++)
            {
                targets[i, j] = Draw();
            }
        }

        // The same numbers in both precisions.
        T Draw() => T.CreateTruncating((float)(2 * random.NextDouble() - 1));
    }

    public static int[] AllExamples { get; } = [.. Enumerable.Range(0, Examples)];

    public ParameterSet<T> Parameters { get; }

    public double Objective(ParameterSet<T> parameters, MiniBatch batch)
    {
        T share = T.One / T.CreateTruncating(batch.Count), cost = T.Zero;
        var hidden = new T[Hidden];
        var hiddenErrors = new T[Hidden];
        foreach (int example in batch.Examples)
        {
            Array.Clear(hiddenErrors);
            for (int i = 0; i < Hidden; i++)
            {
                T sum = firstBias.Values[i];
                for (int j = 0; j < Inputs; j++)
                {
                    sum += first.Values[i * Inputs + j] * inputs[example, j];
                }

                hidden[i] = T.Tanh(sum);
            }

            for (int k = 0; k < Outputs; k++)
            {
                T error = -targets[example, k];
                for (int i = 0; i < Hidden; i++)
                {
                    error += second.Values[k * Hidden + i] * hidden[i];
                }

                cost += error * error * share / (T.One + T.One);
                for (int i = 0; i < Hidden; i++)
                {
                    second.Gradients[k * Hidden + i] += error * hidden[i] * share;
                    hiddenErrors[i] += error * second.Values[k * Hidden + i] * share;
                }
            }

            for (int i = 0; i < Hidden; i++)
            {
                T error = hiddenErrors[i] * (T.One - hidden[i] * hidden[i]);
                firstBias.Gradients[i] += error;
                for (int j = 0; j < Inputs; j++)
                {
                    first.Gradients[i * Inputs + j] += error * inputs[example, j];
                }
            }
        }

        return double.CreateTruncating(cost);
    }
}
