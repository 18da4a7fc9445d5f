using System.Numerics;

namespace OptimGen;

/// <summary>
/// Evaluates metrics, such as the cost over examples that are not trained on, every few steps or epochs, and records them in
/// <see cref="Trainer{T}.Metrics"/>. A step at which training diverges is not evaluated; one that the optimizer skipped is.
/// </summary>
/// <remarks>
/// <para>
/// The gradients are zero when the evaluation begins, and are set to zero after it. It may thus call the objective, and the gradients it writes reach no
/// step, neither the trainer's next one, which zeroes them itself, nor one that is taken by hand.
/// </para>
/// <para>
/// The evaluation must not change the parameters: training would go on from the changed ones. It should not draw from a random generator that the objective
/// draws from, since a run with validation then differs from one without.
/// </para>
/// <para>There is no state to be saved: when to evaluate depends on the number of steps or epochs alone.</para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Validation<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string[] metrics;
    private readonly Func<ParameterSet<T>, IReadOnlyList<double>> evaluate;
    private readonly int every = 1;
    private readonly ScheduleUnit unit = ScheduleUnit.Epoch;

    /// <summary>Evaluates one metric.</summary>
    /// <param name="metric">The name of the metric, such as <c>validation.cost</c>; not empty and not <see cref="MetricHistory.Cost"/>.</param>
    /// <param name="evaluate">Gives the value for the parameters. NaN and infinities are recorded as they are.</param>
    /// <exception cref="ArgumentException">The name is empty, or <see cref="MetricHistory.Cost"/>.</exception>
    public Validation(string metric, Func<ParameterSet<T>, double> evaluate)
        : this([metric], ListOf(evaluate))
    {
    }

    /// <summary>Evaluates several metrics at once.</summary>
    /// <param name="metrics">The names of the metrics, at least one, all different; none is empty or <see cref="MetricHistory.Cost"/>.</param>
    /// <param name="evaluate">Gives the values for the parameters, in the order of the names.</param>
    /// <exception cref="ArgumentException">There is no name, or one is empty, given twice, or <see cref="MetricHistory.Cost"/>.</exception>
    public Validation(IReadOnlyList<string> metrics, Func<ParameterSet<T>, IReadOnlyList<double>> evaluate)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(evaluate);
        this.metrics = [.. metrics];
        this.evaluate = evaluate;
        if (this.metrics.Length == 0)
        {
            throw new ArgumentException("There are no names of metrics; give at least one.", nameof(metrics));
        }

        for (int i = 0; i < this.metrics.Length; i++)
        {
            MetricHistory.RequireName(this.metrics[i], nameof(metrics));
            if (Array.IndexOf(this.metrics, this.metrics[i]) < i)
            {
                throw new ArgumentException($"The metric '{this.metrics[i]}' is named twice.", nameof(metrics));
            }
        }
    }

    /// <summary><c>Validation</c> and the names of the metrics.</summary>
    public override string Name => $"Validation({string.Join(", ", metrics)})";

    /// <summary>n: the metrics are evaluated after every n-th epoch or step of the run. Default: 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Every
    {
        get => every;
        init => every = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Every), value, $"Every is {value}; it must be at least 1.");
    }

    /// <summary>Whether <see cref="Every"/> counts epochs or steps. Default: epochs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither.</exception>
    public ScheduleUnit Unit
    {
        get => unit;
        init => unit = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Unit), value, $"Unit is {(int)value}; it must be Epoch or Step.");
    }

    /// <summary>
    /// Puts an average in place of the parameters for the evaluation, such as <see cref="ParameterAverage{T}.Evaluate"/> of
    /// <see cref="Optimizer{T}.AverageParameters"/>, or <see cref="ScheduleFreeAdamW.EvaluateAverages"/>. Default: <see langword="null"/>, the metrics are
    /// those of the parameters themselves.
    /// </summary>
    public Func<EvaluatedAverages>? At { get; init; }

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        bool wasTaken = progress.Observation is not { Kind: TrainingObservationKind.Diverged };
        if (unit == ScheduleUnit.Step && wasTaken && progress.Step % every == 0)
        {
            Evaluate(trainer);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochCompleted(Trainer<T> trainer, int epoch, double meanCost)
    {
        if (unit == ScheduleUnit.Epoch && epoch % every == 0)
        {
            Evaluate(trainer);
        }
    }

    private void Evaluate(Trainer<T> trainer)
    {
        ParameterSet<T> parameters = trainer.Optimizer.Parameters;
        parameters.ZeroGradients();
        IReadOnlyList<double> values;
        try
        {
            using (EvaluatedAverages? averages = At?.Invoke())
            {
                if (averages is not null && !parameters.TrainingPoint.IsReplaced)
                {
                    throw new InvalidOperationException($"{Name}: {nameof(At)} evaluates an average of other parameters than those that are trained.");
                }

                values = evaluate(parameters);
            }
        }
        finally
        {
            parameters.ZeroGradients();
        }

        if (values is null || values.Count != metrics.Length)
        {
            throw new InvalidOperationException(
                $"{Name}: the evaluation gave {(values is null ? "no" : values.Count)} values for {metrics.Length} metrics.");
        }

        for (int i = 0; i < metrics.Length; i++)
        {
            trainer.Metrics.Record(metrics[i], values[i]);
        }
    }

    private static Func<ParameterSet<T>, IReadOnlyList<double>> ListOf(Func<ParameterSet<T>, double> evaluate)
    {
        ArgumentNullException.ThrowIfNull(evaluate);
        return parameters => [evaluate(parameters)];
    }
}
