using OptimGen;

namespace Consumer;

/// <summary>Numbers that lie on a hyperplane, all from a fixed sequence of bits.</summary>
internal sealed class Line
{
    private readonly int inputs;
    private readonly float[] points;
    private readonly float[] targets;

    public Line(int inputs, int examples)
    {
        this.inputs = inputs;
        points = new float[examples * inputs];
        targets = new float[examples];
        uint bits = 1;
        for (int i = 0; i < points.Length; i++)
        {
            bits = bits * 1664525 + 1013904223;
            points[i] = (bits >> 8) / (float)(1 << 24) - 0.5f;
            targets[i / inputs] += points[i] * (i % inputs % 5 - 2) / 2;
        }
    }

    public int Examples => targets.Length;

    public double MeanCostAndGradients(ParameterSet<float> parameters, MiniBatch batch)
    {
        Span<float> weights = parameters["weights"].Values, weightGradients = parameters["weights"].Gradients;
        double cost = 0;
        foreach (int example in batch.Examples)
        {
            ReadOnlySpan<float> point = points.AsSpan(example * inputs, inputs);
            float error = parameters["bias"].Values[0] - targets[example];
            for (int i = 0; i < inputs; i++)
            {
                error += weights[i] * point[i];
            }

            cost += 0.5 * error * error / batch.Count;
            parameters["bias"].Gradients[0] += error / batch.Count;
            for (int i = 0; i < inputs; i++)
            {
                weightGradients[i] += error * point[i] / batch.Count;
            }
        }

        return cost;
    }
}
