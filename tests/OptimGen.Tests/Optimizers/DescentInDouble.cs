namespace OptimGen.Tests.Optimizers;

/// <summary>Gradient descent in double precision.</summary>
[Optimizer]
internal sealed partial class DescentInDouble
{
    [Hyperparameter(Min = 0)]
    public double LearningRate { get; set; } = 0.25;

    [UpdateRule]
    private static double Update(double parameter, double gradient, double learningRate) => parameter - learningRate * gradient;
}
