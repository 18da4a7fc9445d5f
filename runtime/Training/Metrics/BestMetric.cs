namespace OptimGen;

/// <summary>The best value of a metric so far, and what a new value must be to replace it. NaN is never an improvement, nor is the goal's worst infinity.</summary>
internal sealed class BestMetric
{
    /// <exception cref="ArgumentException">The name of the metric is empty.</exception>
    public BestMetric(string metric)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(metric);
        Metric = metric;
    }

    public string Metric { get; }

    public MetricGoal Goal { get; set; }

    public MinimumChangeUnit Unit { get; set; }

    /// <summary>δ.</summary>
    public double MinimumChange { get; set; }

    /// <summary>The best value; NaN if there is none.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>The steps after which the best value was measured; 0 if there is none.</summary>
    public long Step { get; private set; }

    public bool HasValue => !double.IsNaN(Value);

    public static MetricGoal Require(MetricGoal goal, string name) => Enum.IsDefined(goal)
        ? goal
        : throw new ArgumentOutOfRangeException(name, goal, $"{name} is {(int)goal}; it must be Minimize or Maximize.");

    public static MinimumChangeUnit Require(MinimumChangeUnit unit, string name) => Enum.IsDefined(unit)
        ? unit
        : throw new ArgumentOutOfRangeException(name, unit, $"{name} is {(int)unit}; it must be Absolute or Relative.");

    public static double Require(double minimumChange, string name) => double.IsFinite(minimumChange) && minimumChange >= 0
        ? minimumChange
        : throw new ArgumentOutOfRangeException(
            name, minimumChange, FormattableString.Invariant($"{name} is {minimumChange}; it must be finite and at least 0."));

    /// <summary>Whether a value would replace the best one.</summary>
    public bool IsImprovement(double value)
    {
        if (!HasValue)
        {
            return Goal == MetricGoal.Minimize ? value < double.PositiveInfinity : value > double.NegativeInfinity;
        }

        // best·(1 ± δ) and not best ± δ·|best|: for positive values it is PyTorch's limit to the bit.
        double sign = Goal == MetricGoal.Minimize ? -1 : 1;
        double limit = Unit == MinimumChangeUnit.Absolute
            ? Value + sign * MinimumChange
            : Value * (1 + sign * Math.Sign(Value) * MinimumChange);
        return Goal == MetricGoal.Minimize ? value < limit : value > limit;
    }

    /// <summary>Takes a value as the best one if it is an improvement.</summary>
    public bool Take(MetricPoint point)
    {
        if (!IsImprovement(point.Value))
        {
            return false;
        }

        (Value, Step) = (point.Value, point.Step);
        return true;
    }

    public void SaveTo(CheckpointWriter writer)
    {
        writer.Write("best", Value);
        writer.Write("bestStep", Step);
    }

    public Action LoadFrom(CheckpointReader reader)
    {
        (double value, long step) = (reader.ReadDouble("best"), reader.ReadInt64("bestStep"));
        return step >= 0 ? () => (Value, Step) = (value, step) : throw reader.Failure($"The step of the best {Metric} is {step}.");
    }
}
