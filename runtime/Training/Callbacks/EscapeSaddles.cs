using System.Numerics;

namespace OptimGen;

/// <summary>A look at the point at which a run stood still (<see cref="EscapeSaddles{T}"/>).</summary>
/// <param name="Step">The step after which it was, from 1.</param>
/// <param name="Verdict">What the point was.</param>
/// <param name="IsTaken">Whether the parameters have left it.</param>
/// <param name="CostBefore">The cost there, over the examples of the diagnosis.</param>
/// <param name="CostAfter">The cost where the parameters were put; the same if they were not moved.</param>
/// <param name="Distance">How far they were moved.</param>
/// <param name="Reason">What happened, as a sentence.</param>
public sealed record EscapeAttempt(
    long Step, CriticalPointVerdict Verdict, bool IsTaken, double CostBefore, double CostAfter, double Distance, string Reason);

/// <summary>
/// When a run stands still at a small gradient, looks whether it is at a saddle, and leaves it along the direction of most negative curvature if the cost
/// falls there (<see cref="CriticalPoint.Escape"/>). Otherwise nothing is changed. It looks once, until the run moves again.
/// </summary>
/// <remarks>
/// States of the optimizer, such as moments, are left as they are: they are small where the gradient has been small for long. A look costs a few hundred
/// gradients over the examples of a diagnosis. The objective must be deterministic, or training ends with an <see cref="InvalidOperationException"/>. Looks
/// are told in <see cref="Attempts"/>, and the costs after escapes as the metric <c>escape</c>.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EscapeSaddles<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of the metric: the cost after each escape.</summary>
    public const string Metric = "escape";

    private readonly StandStillWatch<T> watch;
    private readonly CriticalPointOptions<T> options;
    private readonly List<EscapeAttempt> attempts = [];
    private bool hasFound;

    /// <summary>Leaves saddles.</summary>
    /// <param name="window">The number of steps of a window over which the run is watched, at least 4.</param>
    /// <param name="gradientTolerance">
    /// The largest relative gradient, ‖g‖·max(‖θ‖, 1)/max(|cost|, 1), that counts as small, positive; also for the verdict.
    /// </param>
    /// <param name="minimumFall">
    /// The least share of its mean, or of its fall since the first window if that is larger, by which the cost falls from window to window when the run does
    /// not stand still; at least 0.
    /// </param>
    /// <param name="options">How a point is analyzed, but for the tolerance of the gradient; <see langword="null"/> for one eigenvalue at each end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed.</exception>
    public EscapeSaddles(int window = 100, double gradientTolerance = 1e-3, double minimumFall = 1e-3, CriticalPointOptions<T>? options = null)
    {
        watch = new StandStillWatch<T>(window, gradientTolerance, minimumFall);
        this.options = (options ?? new CriticalPointOptions<T> { EigenvalueCount = 1 }) with { GradientTolerance = gradientTolerance };
        Attempts = attempts.AsReadOnly();
    }

    /// <summary>The looks that this callback has taken, in the order of the steps, those before the run was resumed included.</summary>
    public IReadOnlyList<EscapeAttempt> Attempts { get; }

    internal override bool NeedsAllGradients => true;

    /// <inheritdoc/>
    public override void OnGradientsComputed(Trainer<T> trainer, long step, double cost) => hasFound = watch.Add(trainer.Optimizer, cost);

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        if (!hasFound)
        {
            return;
        }

        hasFound = false;
        SaddleEscape<T> escape = trainer.Escape(options);
        attempts.Add(new EscapeAttempt(
            progress.Step, escape.Analysis.Verdict, escape.IsTaken, escape.Analysis.Cost, escape.Cost, Math.Abs(escape.Distance), escape.Reason));
        if (escape.IsTaken)
        {
            watch.Forget();
            trainer.Metrics.Record(Metric, escape.Cost);
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        watch.SaveTo(writer);
        Exchange(CheckpointFields.Of(writer.Scope("attempts")));
    }

    /// <inheritdoc/>
    public override Action LoadState(CheckpointReader reader)
    {
        Action commit = watch.LoadFrom(reader);
        EscapeAttempt[] saved = Exchange(CheckpointFields.Of(reader.Scope("attempts")));
        if (saved.FirstOrDefault(one => !Enum.IsDefined(one.Verdict)) is { } unknown)
        {
            throw reader.Failure($"The point of its attempt after step {unknown.Step} is of the kind {(int)unknown.Verdict}, which is unknown here.");
        }

        return commit + (() =>
        {
            attempts.Clear();
            attempts.AddRange(saved);
        });
    }

    private EscapeAttempt[] Exchange(CheckpointFields fields)
    {
        long[] steps = fields.Column("steps", attempts, one => one.Step);
        byte[] verdicts = fields.Column("verdicts", attempts, one => (byte)one.Verdict, steps.Length);
        bool[] taken = fields.Column("taken", attempts, one => one.IsTaken, steps.Length);
        double[] before = fields.Column("costsBefore", attempts, one => one.CostBefore, steps.Length);
        double[] after = fields.Column("costsAfter", attempts, one => one.CostAfter, steps.Length);
        double[] distances = fields.Column("distances", attempts, one => one.Distance, steps.Length);
        string[] reasons = fields.Texts("reasons", attempts, one => one.Reason, steps.Length);
        return
        [
            .. steps.Select((step, i) =>
                new EscapeAttempt(step, (CriticalPointVerdict)verdicts[i], taken[i], before[i], after[i], distances[i], reasons[i])),
        ];
    }
}
