using OptimGen;

namespace ForeignMemory;

/// <summary>
/// Fine-tunes the model y = scale·(w·x) + offset. The pretrained weights w are in memory of another library and have a tenth of the learning rate;
/// the new head (scale and offset) has the full rate.
/// </summary>
internal static class FineTuning
{
    /// <summary>Trains the model. The optimizer reads and writes w and its gradients in the memory of the other library.</summary>
    /// <returns>The mean squared error at each step.</returns>
    public static double[] Run(ForeignTensor weights, ForeignTensor gradients, int steps)
    {
        var parameters = new ParameterSet();
        ParameterGroup<float> pretrained = parameters.AddGroup("pretrained");
        Parameter<float> body = pretrained.Wrap("body", weights.Memory, gradients.Memory);
        Parameter<float> head = parameters.Add("head", 2);
        head.Values[0] = 1;

        var optimizer = new AdamW(parameters) { LearningRate = 0.02f, ZeroGradientsAfterStep = true };
        optimizer.For(pretrained).LearningRateScale = 0.1f;

        var costs = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            costs[step] = Differentiate(body, head);
            optimizer.Step();
        }

        return costs;
    }

    /// <summary>The backward pass of the library: adds the gradients to the gradient tensors of the library.</summary>
    private static double Differentiate(Parameter<float> body, Parameter<float> head)
    {
        const int Examples = 32;
        double cost = 0;
        for (int example = 0; example < Examples; example++)
        {
            float sum = 0, target = 3;
            for (int k = 0; k < body.Length; k++)
            {
                sum += body.Values[k] * Input(example, k);
                target += (k % 2 == 0 ? 3 : 2) * Input(example, k) / body.Length;
            }

            float error = (head.Values[0] * sum) + head.Values[1] - target;
            cost += error * error / Examples;
            float slope = 2 * error / Examples;
            head.Gradients[0] += slope * sum;
            head.Gradients[1] += slope;
            for (int k = 0; k < body.Length; k++)
            {
                body.Gradients[k] += slope * head.Values[0] * Input(example, k);
            }
        }

        return cost;
    }

    private static float Input(int example, int k) => MathF.Sin((example * 1.7f) + (k * 0.9f));
}
