using OptimGen;

namespace LogisticRegression;

/// <summary>P(passed) = σ(w·x + b), with the mean cross-entropy as its cost.</summary>
internal sealed class LogisticModel
{
    private readonly ExamTable table;
    private readonly Parameter<float> weights;
    private readonly Parameter<float> bias;

    /// <summary>Adds the weights and the bias to the parameters, all 0.</summary>
    public LogisticModel(ExamTable table, ParameterSet parameters)
    {
        this.table = table;
        weights = parameters.Add("weights", table.Features[0].Length);
        bias = parameters.AddBias("bias", 1);
    }

    public ReadOnlySpan<float> Weights => weights.Values;

    public float Bias => bias.Values[0];

    public double Accuracy => Enumerable.Range(0, table.Count).Count(i => (Score(i) > 0) == (table.Passed[i] == 1)) / (double)table.Count;

    /// <summary>The mean cost of a batch. Its gradient is added to the gradients of the parameters.</summary>
    public double Cost(ParameterSet<float> parameters, MiniBatch batch)
    {
        double cost = 0;
        foreach (int i in batch.Examples)
        {
            float score = Score(i);
            // -log σ(score) for a label of 1 and -log(1 - σ(score)) for a label of 0, in a form that does not overflow.
            cost += Math.Max(score, 0) - (score * table.Passed[i]) + Math.Log(1 + Math.Exp(-Math.Abs(score)));
            float error = ((1 / (1 + MathF.Exp(-score))) - table.Passed[i]) / batch.Count;
            for (int k = 0; k < weights.Length; k++)
            {
                weights.Gradients[k] += error * table.Features[i][k];
            }

            bias.Gradients[0] += error;
        }

        return cost / batch.Count;
    }

    private float Score(int example)
    {
        float score = bias.Values[0];
        for (int k = 0; k < weights.Length; k++)
        {
            score += weights.Values[k] * table.Features[example][k];
        }

        return score;
    }
}
