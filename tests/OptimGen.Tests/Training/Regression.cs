namespace OptimGen.Tests.Training;

/// <summary>A small problem to train on: y = 2x₀ − x₁ + 0.5 + ripple, fitted by a line, with half the squared error as its loss.</summary>
internal static class Regression
{
    public const int ExampleCount = 23;

    public static ParameterSet<double> Parameters()
    {
        var parameters = new ParameterSet<double>();
        parameters.Add("weight", 2);
        parameters.AddBias("bias", 1);
        return parameters;
    }

    public static double Objective(ParameterSet<double> parameters, MiniBatch batch)
    {
        Parameter<double> weight = parameters["weight"], bias = parameters["bias"];
        double loss = 0;
        foreach (int example in batch.Examples)
        {
            double x0 = example % 5 - 2, x1 = example % 7 - 3;
            double y = 2 * x0 - x1 + 0.5 + 0.25 * (example % 3);
            double error = weight.Values[0] * x0 + weight.Values[1] * x1 + bias.Values[0] - y;
            loss += error * error / 2 / batch.Count;
            weight.Gradients[0] += error * x0 / batch.Count;
            weight.Gradients[1] += error * x1 / batch.Count;
            bias.Gradients[0] += error / batch.Count;
        }

        return loss;
    }

    public static Trainer<double> Trainer(Objective<double>? objective = null) =>
        new(new GradientDescent<double>(Parameters()), ExampleCount, objective ?? Objective) { BatchSize = 4, Seed = 5 };

    public static double[] ValuesOf(Trainer<double> trainer) =>
        [.. trainer.Optimizer.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
}
