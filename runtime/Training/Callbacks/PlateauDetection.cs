using System.Numerics;

namespace OptimGen;

/// <summary>A run that stands still at a small gradient (<see cref="PlateauDetection{T}"/>).</summary>
/// <param name="Step">The last step of the window, from 1.</param>
/// <param name="MeanCost">The mean cost of the window.</param>
/// <param name="GradientNorm">‖g‖, the root mean square over the window.</param>
/// <param name="RelativeGradient">‖g‖·max(‖θ‖, 1)/max(|cost|, 1).</param>
/// <param name="Window">The number of steps of the window.</param>
public sealed record PlateauObservation(long Step, double MeanCost, double GradientNorm, double RelativeGradient, int Window)
{
    /// <summary>The observation as a sentence, and what tends to help.</summary>
    public string Message => FormattableString.Invariant(
        $"The run stands still at a small gradient: over the {Window} steps to step {Step} the mean cost was {MeanCost:G6}, no lower than before, and the gradient {GradientNorm:G3} (relative {RelativeGradient:G3}). ")
        + "It is at a minimum, or slow on a plateau or near a saddle; Trainer.Diagnose tells which. Momentum, RMSprop and Adam cross a plateau faster than "
        + "gradient descent, and EscapeSaddles leaves a saddle.";

    /// <summary>The <see cref="Message"/>.</summary>
    public override string ToString() => Message;
}

/// <summary>
/// Tells when a run stands still although its gradient is small: on a plateau, at a saddle or in a minimum. It compares the mean cost of a window of steps
/// with that of the window before. It is told once, until the run moves again, in <see cref="Plateaus"/> and as the metric <c>plateau</c>.
/// </summary>
/// <remarks>
/// A cost that stands still at a large gradient is another matter: the steps are too long, or the mini-batches too small. Of mini-batches,
/// <see cref="TrainingObservationKind.CostStandsStill"/> tells that without the gradient; this callback tells where the gradient is small, and of batch
/// gradient descent too. The gradient of a mini-batch is not small while its examples disagree, so use a tolerance that fits the batch, or batch gradient descent.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PlateauDetection<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of the metric: the relative gradient of each window that stands still at first.</summary>
    public const string Metric = "plateau";

    private readonly StandStillWatch<T> watch;
    private readonly List<PlateauObservation> plateaus = [];
    private bool hasFound;

    /// <summary>Detects plateaus.</summary>
    /// <param name="window">The number of steps of a window, at least 4.</param>
    /// <param name="gradientTolerance">The largest relative gradient, ‖g‖·max(‖θ‖, 1)/max(|cost|, 1), that counts as small; positive.</param>
    /// <param name="minimumFall">
    /// The least share of its mean, or of its fall since the first window if that is larger, by which the cost falls from window to window when the run does
    /// not stand still; at least 0.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed.</exception>
    public PlateauDetection(int window = 100, double gradientTolerance = 1e-3, double minimumFall = 1e-3) =>
        (watch, Plateaus) = (new StandStillWatch<T>(window, gradientTolerance, minimumFall), plateaus.AsReadOnly());

    /// <summary>The plateaus that this callback has found, in the order of the steps, those before the run was resumed included.</summary>
    public IReadOnlyList<PlateauObservation> Plateaus { get; }

    internal override bool NeedsAllGradients => true;

    /// <inheritdoc/>
    public override void OnGradientsComputed(Trainer<T> trainer, long step, double cost) => hasFound = watch.Add(trainer.Optimizer, cost);

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        if (hasFound)
        {
            hasFound = false;
            plateaus.Add(new PlateauObservation(progress.Step, watch.MeanCost, watch.GradientNorm, watch.RelativeGradient, watch.Window));
            trainer.Metrics.Record(Metric, watch.RelativeGradient);
        }
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        watch.SaveTo(writer);
        Exchange(CheckpointFields.Of(writer.Scope("plateaus")));
    }

    /// <inheritdoc/>
    public override Action LoadState(CheckpointReader reader)
    {
        Action commit = watch.LoadFrom(reader);
        PlateauObservation[] saved = Exchange(CheckpointFields.Of(reader.Scope("plateaus")));
        return commit + (() =>
        {
            plateaus.Clear();
            plateaus.AddRange(saved);
        });
    }

    private PlateauObservation[] Exchange(CheckpointFields fields)
    {
        long[] steps = fields.Column("steps", plateaus, one => one.Step);
        double[] costs = fields.Column("meanCosts", plateaus, one => one.MeanCost, steps.Length);
        double[] norms = fields.Column("gradientNorms", plateaus, one => one.GradientNorm, steps.Length);
        double[] relative = fields.Column("relativeGradients", plateaus, one => one.RelativeGradient, steps.Length);
        int[] windows = fields.Column("windows", plateaus, one => one.Window, steps.Length);
        return [.. steps.Select((step, i) => new PlateauObservation(step, costs[i], norms[i], relative[i], windows[i]))];
    }
}
