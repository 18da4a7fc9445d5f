using System.Numerics;

namespace OptimGen;

/// <summary>
/// Stops the run (<see cref="Trainer{T}.Stop"/>) when a metric has not improved for a number of evaluations. Prechelt, "Early stopping – but when?", 1998.
/// </summary>
/// <remarks>
/// A value of NaN is an evaluation without improvement, and so is a value as bad as can be (+∞ where lower is better). A later call of
/// <see cref="Trainer{T}.Train"/> goes on; the next evaluation without improvement then stops it again.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EarlyStopping<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BestMetric best;
    private readonly int startAfter;
    private int evaluations;
    private int evaluationsWithoutImprovement;

    /// <summary>Watches a metric.</summary>
    /// <param name="metric">The name of the metric. <see cref="MetricHistory.Cost"/> is the mean cost of each epoch.</param>
    /// <param name="patience">
    /// The number of evaluations in a row without improvement that are tolerated; the next one stops the run. 0 stops at the first.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is negative.</exception>
    public EarlyStopping(string metric, int patience)
    {
        best = new BestMetric(metric);
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        Patience = patience;
    }

    /// <summary><c>EarlyStopping</c> and the name of the metric.</summary>
    public override string Name => $"EarlyStopping({best.Metric})";

    /// <summary>The number of evaluations in a row without improvement that are tolerated.</summary>
    public int Patience { get; }

    /// <summary>Whether lower or higher is better. Default: <see cref="MetricGoal.Minimize"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither.</exception>
    public MetricGoal Goal
    {
        get => best.Goal;
        init => best.Goal = BestMetric.Require(value, nameof(Goal));
    }

    /// <summary>δ: a value is an improvement if it is better than the best one by more than δ. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double MinimumChange
    {
        get => best.MinimumChange;
        init => best.MinimumChange = BestMetric.Require(value, nameof(MinimumChange));
    }

    /// <summary>What <see cref="MinimumChange"/> is measured in. Default: <see cref="MinimumChangeUnit.Absolute"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public MinimumChangeUnit MinimumChangeUnit
    {
        get => best.Unit;
        init => best.Unit = BestMetric.Require(value, nameof(MinimumChangeUnit));
    }

    /// <summary>The number of evaluations that are left out at first, while no improvement is expected. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int StartAfter
    {
        get => startAfter;
        init => startAfter = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(StartAfter), value, $"StartAfter is {value}; it must not be negative.");
    }

    /// <summary>The best value so far; NaN if there is none.</summary>
    public double BestValue => best.Value;

    /// <summary>The number of steps after which the best value was measured; 0 if there is none.</summary>
    public long BestStep => best.Step;

    /// <inheritdoc/>
    public override void OnMetric(Trainer<T> trainer, string name, MetricPoint point)
    {
        if (name != best.Metric)
        {
            return;
        }

        if (evaluations < startAfter)
        {
            evaluations++;
            return;
        }

        evaluationsWithoutImprovement = best.Take(point) ? 0 : Math.Min(evaluationsWithoutImprovement, int.MaxValue - 1) + 1;
        if (evaluationsWithoutImprovement > Patience)
        {
            string record = best.HasValue
                ? FormattableString.Invariant($"its best value is {best.Value}, at step {best.Step}")
                : FormattableString.Invariant($"it has had no value to compare with; the last one is {point.Value}");
            trainer.Stop($"{best.Metric} has not improved in {Count(evaluationsWithoutImprovement)}: {record}.");
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        best.SaveTo(writer);
        writer.Write("evaluations", evaluations);
        writer.Write("evaluationsWithoutImprovement", evaluationsWithoutImprovement);
    }

    /// <inheritdoc/>
    public override Action LoadState(CheckpointReader reader)
    {
        Action commit = best.LoadFrom(reader);
        int all = reader.ReadInt32("evaluations", minimum: 0), without = reader.ReadInt32("evaluationsWithoutImprovement", minimum: 0);
        return commit + (() => (evaluations, evaluationsWithoutImprovement) = (all, without));
    }

    private static string Count(int evaluations) => evaluations == 1 ? "1 evaluation" : $"{evaluations} evaluations";
}
