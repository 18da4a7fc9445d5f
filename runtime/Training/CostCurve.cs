namespace OptimGen;

/// <summary>
/// What training has cost so far: every step's cost and learning rate, and every epoch's mean. It grows as training goes on, in lists
/// that are views and not copies. Read it between steps (in a progress callback that runs on the training's thread) or afterwards.
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
    /// The cost of every step, before the step changed the parameters; step s is at s − 1. A step that the optimizer skipped
    /// (<see cref="NonFiniteGradientPolicy.SkipStep"/>) counts. All are finite: at a cost that is not, training stops before the step.
    /// </summary>
    public IReadOnlyList<double> Costs { get; }

    /// <summary>The learning rate of every step, at the positions of <see cref="Costs"/>; NaN for a rule that has none.</summary>
    public IReadOnlyList<double> LearningRates { get; }

    /// <summary>The mean cost of every complete epoch, each step weighted by the size of its batch; epoch e is at e − 1.</summary>
    public IReadOnlyList<double> EpochMeans { get; }

    /// <summary>
    /// The number of steps by the end of every complete epoch: epoch e has the costs from position <c>EpochEnds[e - 2]</c>
    /// (from 0 for the first epoch) up to, not including, <c>EpochEnds[e - 1]</c>.
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
}
