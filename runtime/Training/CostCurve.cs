namespace OptimGen;

/// <summary>
/// The costs so far: the cost and the learning rate of every step, and the mean cost of every epoch. The lists are live views, to which
/// training adds. Read them between steps, in a progress callback that runs on the thread that trains, or afterwards.
/// </summary>
public sealed class CostCurve
{
    private readonly List<double> costs = [];
    private readonly List<double> learningRates = [];
    private readonly List<double> epochMeans = [];
    private readonly List<int> epochEnds = [];

    internal CostCurve()
    {
        Costs = costs.AsReadOnly();
        LearningRates = learningRates.AsReadOnly();
        EpochMeans = epochMeans.AsReadOnly();
        EpochEnds = epochEnds.AsReadOnly();
    }

    /// <summary>
    /// The cost of every step, before the step changed the parameters; step s is at index s − 1. Steps that the optimizer skipped
    /// (<see cref="NonFiniteGradientPolicy.SkipStep"/>) are included. All costs are finite, since training stops before a step whose cost is not.
    /// </summary>
    public IReadOnlyList<double> Costs { get; }

    /// <summary>The learning rate of every step, at the same indices as <see cref="Costs"/>; NaN for a rule that has none.</summary>
    public IReadOnlyList<double> LearningRates { get; }

    /// <summary>The mean cost of every complete epoch, each step weighted by the size of its batch; epoch e is at index e − 1.</summary>
    public IReadOnlyList<double> EpochMeans { get; }

    /// <summary>
    /// The total number of steps at the end of every complete epoch. The costs of epoch e are at the indices from <c>EpochEnds[e - 2]</c>
    /// (from 0 for the first epoch) to <c>EpochEnds[e - 1]</c>, exclusive.
    /// </summary>
    public IReadOnlyList<int> EpochEnds { get; }

    internal void RecordStep(double cost, double learningRate)
    {
        costs.Add(cost);
        learningRates.Add(learningRate);
    }

    internal void RecordEpoch(double meanCost)
    {
        epochMeans.Add(meanCost);
        epochEnds.Add(costs.Count);
    }

    /// <summary>A copy, to which training does not add.</summary>
    internal CostCurve Copy()
    {
        var copy = new CostCurve();
        copy.costs.AddRange(costs);
        copy.learningRates.AddRange(learningRates);
        copy.epochMeans.AddRange(epochMeans);
        copy.epochEnds.AddRange(epochEnds);
        return copy;
    }

    internal void SaveTo(CheckpointWriter writer)
    {
        writer.Write<double>("costs", costs.ToArray());
        writer.Write<double>("learningRates", learningRates.ToArray());
        writer.Write<double>("epochMeans", epochMeans.ToArray());
        writer.Write<int>("epochEnds", epochEnds.ToArray());
    }

    /// <param name="reader">Has the curve.</param>
    /// <param name="steps">The number of steps that it must have.</param>
    /// <param name="epochs">The number of epochs that it must have.</param>
    internal Action LoadFrom(CheckpointReader reader, int steps, int epochs)
    {
        double[] savedCosts = reader.ReadArray<double>("costs", steps), savedRates = reader.ReadArray<double>("learningRates", steps);
        double[] savedMeans = reader.ReadArray<double>("epochMeans", epochs);
        int[] savedEnds = reader.ReadArray<int>("epochEnds", epochs);
        for (int i = 0; i < epochs; i++)
        {
            if (savedEnds[i] > steps || savedEnds[i] < (i == 0 ? 0 : savedEnds[i - 1]))
            {
                throw reader.Failure($"Epoch {i + 1} of its curve ends after {savedEnds[i]} steps, of {steps}.");
            }
        }

        return () =>
        {
            Replace(costs, savedCosts);
            Replace(learningRates, savedRates);
            Replace(epochMeans, savedMeans);
            Replace(epochEnds, savedEnds);
        };

        static void Replace<TItem>(List<TItem> list, TItem[] saved)
        {
            list.Clear();
            list.AddRange(saved);
        }
    }
}
