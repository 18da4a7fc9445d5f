using System.Numerics;

namespace OptimGen;

/// <summary>
/// Keeps a copy of the parameters as they were at the best value of a metric. The copy takes as much memory as the parameters and is saved in checkpoints.
/// NaN, and a value as bad as can be (+∞ where lower is better), are never the best.
/// </summary>
/// <remarks>
/// Add it after the validation that records the metric; it copies the parameters when the metric is recorded. For <see cref="MetricHistory.Cost"/>, the
/// mean over an epoch, these are the parameters at the end of the epoch.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BestParameters<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterSet<T> parameters;
    private readonly BestMetric best;
    private T[][]? copies;

    /// <summary>Keeps the best parameters by a metric.</summary>
    /// <param name="parameters">The parameters, those of the trainer's optimizer.</param>
    /// <param name="metric">The name of the metric. <see cref="MetricHistory.Cost"/> is the mean cost of each epoch.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public BestParameters(ParameterSet<T> parameters, string metric)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        this.parameters = parameters;
        best = new BestMetric(metric);
    }

    /// <summary><c>BestParameters</c> and the name of the metric.</summary>
    public override string Name => $"BestParameters({best.Metric})";

    /// <summary>Whether lower or higher is better. Default: <see cref="MetricGoal.Minimize"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither.</exception>
    public MetricGoal Goal
    {
        get => best.Goal;
        init => best.Goal = BestMetric.Require(value, nameof(Goal));
    }

    /// <summary>
    /// Puts an average in place of the parameters for the copy, where the metric is that of an average (<see cref="Validation{T}.At"/>). Default:
    /// <see langword="null"/>, the parameters themselves are copied.
    /// </summary>
    public Func<EvaluatedAverages>? At { get; init; }

    /// <summary>
    /// Whether <see cref="Restore"/> is called when <see cref="Trainer{T}.Train"/> returns, also if training was stopped or has diverged, but not if an
    /// exception ends it. Default: <see langword="false"/>. A later call of <see cref="Trainer{T}.Train"/> starts from the restored parameters, so that
    /// several calls are then not the same as one.
    /// </summary>
    public bool RestoresAtEnd { get; init; }

    /// <summary>The best value so far; NaN if there is none.</summary>
    public double BestValue => best.Value;

    /// <summary>The number of steps after which the best value was measured; 0 if there is none.</summary>
    public long BestStep => best.Step;

    /// <summary>The copy of one parameter, as many elements as it has, at the same positions. A better value of the metric changes it.</summary>
    /// <exception cref="ArgumentException">The parameter belongs to another set.</exception>
    /// <exception cref="InvalidOperationException">There has been no best value.</exception>
    public ReadOnlySpan<T> Of(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Group.Owner == parameters
            ? RequireCopies()[parameter.Index]
            : throw new ArgumentException($"Parameter '{parameter.Name}' belongs to another set.", nameof(parameter));
    }

    /// <summary>Copies the best parameters back. The state of the optimizer is left as it is.</summary>
    /// <exception cref="InvalidOperationException">There has been no best value, or the parameters stand at an average.</exception>
    public void Restore()
    {
        T[][] values = RequireCopies();
        if (parameters.TrainingPoint.IsReplaced)
        {
            throw new InvalidOperationException(
                $"The best parameters cannot be restored while the parameters stand at an average. Dispose of the {nameof(EvaluatedAverages)} first.");
        }

        parameters.RequireMemory();
        for (int i = 0; i < values.Length; i++)
        {
            parameters[i].SetValues(values[i]);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainingStarted(Trainer<T> trainer)
    {
        if (trainer.Optimizer.Parameters != parameters)
        {
            throw new InvalidOperationException($"{Name} was made for other parameters than those of the trainer's optimizer.");
        }
    }

    /// <inheritdoc/>
    public override void OnMetric(Trainer<T> trainer, string name, MetricPoint point)
    {
        if (name != best.Metric || !best.IsImprovement(point.Value))
        {
            return;
        }

        parameters.RequireMemory();
        using EvaluatedAverages? averages = At?.Invoke();
        copies ??= [.. parameters.Select(parameter => new T[parameter.Length])];
        for (int i = 0; i < copies.Length; i++)
        {
            parameters[i].CopyValuesTo(copies[i]);
        }

        best.Take(point);
    }

    /// <inheritdoc/>
    public override void OnTrainingEnded(Trainer<T> trainer, TrainingResult? result)
    {
        if (RestoresAtEnd && result is not null && copies is not null)
        {
            Restore();
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        best.SaveTo(writer);
        for (int i = 0; copies is not null && i < copies.Length; i++)
        {
            writer.Write<T>(Entry(parameters[i]), copies[i], [.. parameters[i].Shape]);
        }
    }

    /// <inheritdoc/>
    public override Action LoadState(CheckpointReader reader)
    {
        Action commit = best.LoadFrom(reader);
        T[][]? saved = double.IsNaN(reader.ReadDouble("best"))
            ? null
            : [.. parameters.Select(parameter => reader.ReadArray<T>(Entry(parameter), [.. parameter.Shape]))];
        return commit + (() => copies = saved);
    }

    private static string Entry(Parameter<T> parameter) => $"parameters.{parameter.Name}";

    private T[][] RequireCopies() => copies
        ?? throw new InvalidOperationException($"There are no best parameters: {best.Metric} has had no value to compare with.");
}
