using OptimGen;

namespace TrainingNamespace;

/// <summary>Fits y = slope·x + intercept to points of the line y = 2x + 1.</summary>
public sealed class LineFit
{
    private readonly float[] inputs = [0, 1, 2, 3, 4, 5, 6, 7];
    private readonly float[] targets = [1, 3, 5, 7, 9, 11, 13, 15];
    private readonly Parameter<float> slope;
    private readonly Parameter<float> intercept;

    /// <summary>Makes the model; both parameters are zero.</summary>
    public LineFit()
    {
        Parameters = new ParameterSet();
        slope = Parameters.Add("slope", 1);
        intercept = Parameters.AddBias("intercept", 1);
    }

    /// <summary>The parameters of the model and their gradients.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The slope of the fitted line.</summary>
    public float Slope => slope.Values[0];

    /// <summary>The value of the fitted line at 0.</summary>
    public float Intercept => intercept.Values[0];

    /// <summary>Trains with an optimizer of <see cref="Parameters"/>.</summary>
    public TrainingResult Train(Optimizer<float> optimizer, int epochs)
    {
        var trainer = new Trainer(optimizer, inputs.Length, CostAndGradients)
        {
            BatchSize = 4,
            Seed = 1,
            Schedule = Schedule.Cosine(0.1, 0.0001, epochs),
        };
        return trainer.Train(epochs);
    }

    /// <summary>The mean of error²/2 over a mini-batch. Adds its gradient to the gradients, which are zero when this is called.</summary>
    private double CostAndGradients(ParameterSet<float> parameters, MiniBatch batch)
    {
        double cost = 0;
        foreach (int i in batch.Examples)
        {
            float error = Slope * inputs[i] + Intercept - targets[i];
            slope.Gradients[0] += error * inputs[i] / batch.Count;
            intercept.Gradients[0] += error / batch.Count;
            cost += error * error / 2 / batch.Count;
        }

        return cost;
    }
}
