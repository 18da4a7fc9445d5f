using System.Numerics;

namespace OptimGen;

/// <summary>
/// Multiplies the learning rate by a factor when a metric has not improved for a number of evaluations. Where the trainer has a schedule, the factor is a
/// factor of the schedule's rate (<see cref="Trainer{T}.ScheduleFactor"/>); else the optimizer's <c>LearningRate</c> is set.
/// </summary>
/// <remarks>
/// <para>
/// It takes its decisions as PyTorch's <c>ReduceLROnPlateau</c>: an evaluation that is no improvement counts as bad, more than
/// <see cref="Patience"/> bad ones in a row reduce the rate, and the <see cref="Cooldown"/> evaluations after it count as neither. NaN counts as bad.
/// </para>
/// <para>
/// It differs from PyTorch's in this: a relative <see cref="Threshold"/> is relative to |best|, so that it also asks for a better value where the best one is
/// negative; there is no <c>eps</c> under which a reduction is left out; and groups that override the learning rate keep their value, as they do under a
/// schedule (their <c>LearningRateScale</c> makes them follow).
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ReduceOnPlateau<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string LearningRate = "LearningRate";

    private readonly BestMetric best;
    private readonly int cooldown;
    private readonly double minimumRate;
    private int badEvaluations;
    private int cooldownLeft;

    /// <summary>Watches a metric.</summary>
    /// <param name="metric">The name of the metric. <see cref="MetricHistory.Cost"/> is the mean cost of each epoch.</param>
    /// <param name="factor">The factor of a reduction, greater than 0 and less than 1.</param>
    /// <param name="patience">The number of bad evaluations in a row that are tolerated; the next one reduces the rate.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> or <paramref name="patience"/> is out of its range.</exception>
    public ReduceOnPlateau(string metric, double factor = 0.1, int patience = 10)
    {
        best = new BestMetric(metric) { MinimumChange = 1e-4, Unit = MinimumChangeUnit.Relative };
        if (!(factor is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(factor), factor, FormattableString.Invariant($"factor is {factor}; it must be greater than 0 and less than 1."));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        (Factor, Patience) = (factor, patience);
    }

    /// <summary><c>ReduceOnPlateau</c> and the name of the metric.</summary>
    public override string Name => $"ReduceOnPlateau({best.Metric})";

    /// <summary>The factor of a reduction.</summary>
    public double Factor { get; }

    /// <summary>The number of bad evaluations in a row that are tolerated.</summary>
    public int Patience { get; }

    /// <summary>Whether lower or higher is better. Default: <see cref="MetricGoal.Minimize"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither.</exception>
    public MetricGoal Goal
    {
        get => best.Goal;
        init => best.Goal = BestMetric.Require(value, nameof(Goal));
    }

    /// <summary>An evaluation is bad if it is not better than the best one by more than this. Default: 10⁻⁴.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double Threshold
    {
        get => best.MinimumChange;
        init => best.MinimumChange = BestMetric.Require(value, nameof(Threshold));
    }

    /// <summary>What <see cref="Threshold"/> is measured in. Default: <see cref="MinimumChangeUnit.Relative"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public MinimumChangeUnit ThresholdUnit
    {
        get => best.Unit;
        init => best.Unit = BestMetric.Require(value, nameof(ThresholdUnit));
    }

    /// <summary>The number of evaluations after a reduction that do not count as bad. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Cooldown
    {
        get => cooldown;
        init => cooldown = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Cooldown), value, $"Cooldown is {value}; it must not be negative.");
    }

    /// <summary>
    /// No reduction makes the rate less than this. A rate that is less already is left alone. Under a schedule it is the rate of the last step that is
    /// compared; the schedule may lower later rates further. Default: 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double MinimumRate
    {
        get => minimumRate;
        init => minimumRate = double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MinimumRate), value, FormattableString.Invariant($"MinimumRate is {value}; it must be finite and at least 0."));
    }

    /// <summary>The number of reductions so far.</summary>
    public int ReductionCount { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The optimizer's rule has no <c>LearningRate</c>.</exception>
    public override void OnTrainingStarted(Trainer<T> trainer)
    {
        if (!trainer.Optimizer.HasLearningRate)
        {
            throw new InvalidOperationException($"{trainer.Optimizer.Definition.Name} has no {LearningRate} for {Name} to reduce.");
        }
    }

    /// <inheritdoc/>
    public override void OnMetric(Trainer<T> trainer, string name, MetricPoint point)
    {
        if (name != best.Metric)
        {
            return;
        }

        badEvaluations = best.Take(point) ? 0 : badEvaluations + 1;
        if (cooldownLeft > 0)
        {
            cooldownLeft--;
            badEvaluations = 0;
        }

        if (badEvaluations > Patience)
        {
            Reduce(trainer);
            (cooldownLeft, badEvaluations) = (cooldown, 0);
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        best.SaveTo(writer);
        writer.Write("badEvaluations", badEvaluations);
        writer.Write("cooldownLeft", cooldownLeft);
        writer.Write("reductionCount", ReductionCount);
    }

    /// <inheritdoc/>
    public override Action LoadState(CheckpointReader reader)
    {
        Action commit = best.LoadFrom(reader);
        int bad = reader.ReadInt32("badEvaluations", minimum: 0), left = reader.ReadInt32("cooldownLeft", minimum: 0);
        int reductions = reader.ReadInt32("reductionCount", minimum: 0);
        return commit + (() => (badEvaluations, cooldownLeft, ReductionCount) = (bad, left, reductions));
    }

    private void Reduce(Trainer<T> trainer)
    {
        bool hasSchedule = trainer.Schedule is not null;
        double rate = !hasSchedule ? trainer.Optimizer.GetHyperparameter(LearningRate)
            : trainer.Curve.LearningRates.Count > 0 ? trainer.Curve.LearningRates[^1]
            : double.PositiveInfinity;
        if (rate <= minimumRate)
        {
            return;
        }

        bool isLimited = rate * Factor < minimumRate;
        if (hasSchedule)
        {
            trainer.ScheduleFactor *= isLimited ? minimumRate / rate : Factor;
        }
        else
        {
            trainer.Optimizer.SetHyperparameter(LearningRate, isLimited ? minimumRate : rate * Factor);
        }

        ReductionCount++;
    }
}
