using System.Numerics;

namespace OptimGen;

/// <summary>
/// Records three Euclidean norms over all parameters together as metrics, every n steps: <c>gradientNorm</c>, <c>updateNorm</c> and <c>parameterNorm</c>. The
/// ratio of the last two, per step, is a measure of the learning rate: about 10⁻³ is usual (Karpathy, CS231n, "Neural networks part 3").
/// </summary>
/// <remarks>
/// <para>
/// The norm of the gradients, ‖g‖, is that of the objective's gradients with the penalty on the weights, before the optimizer scales or clips them. The norm
/// of the update is ‖θₜ − θₜ₋₁‖, 0 for a step that the optimizer skipped. The norm of the parameters, ‖θₜ‖, is that after the step. All are summed in double,
/// with the same bits on every machine.
/// </para>
/// <para>
/// Rows that have missed steps take them first (<see cref="RowUpdates.CaughtUp"/>). A step that is recorded takes a few more passes over memory, and a copy of the
/// parameters, which is kept until the next one. A step at which training diverges is not recorded. There is no state to be saved.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RecordNorms<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of the metric ‖g‖.</summary>
    public const string GradientNorm = "gradientNorm";

    /// <summary>The name of the metric ‖θₜ − θₜ₋₁‖.</summary>
    public const string UpdateNorm = "updateNorm";

    /// <summary>The name of the metric ‖θₜ‖.</summary>
    public const string ParameterNorm = "parameterNorm";

    private readonly int every;
    private T[][] before = [];
    private double gradientNorm;

    /// <summary>Records the norms every few steps.</summary>
    /// <param name="every">n: every n-th step of the run is recorded; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public RecordNorms(int every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        this.every = every;
    }

    /// <inheritdoc/>
    public override void OnTrainingStarted(Trainer<T> trainer) => before = [];

    internal override bool NeedsAllGradients => true;

    /// <inheritdoc/>
    public override void OnGradientsComputed(Trainer<T> trainer, long step, double cost)
    {
        if (step % every != 0)
        {
            return;
        }

        ParameterSet<T> parameters = trainer.Optimizer.Parameters;
        gradientNorm = new EuclideanNorm<T>(parameters).Of(trainer.Optimizer.ReadGradients);
        trainer.Optimizer.CatchUp();
        if (before.Length == 0)
        {
            before = [.. parameters.Select(parameter => new T[parameter.Length])];
        }

        for (int i = 0; i < before.Length; i++)
        {
            parameters[i].CopyValuesTo(before[i]);
        }
    }

    /// <inheritdoc/>
    public override void OnStepCompleted(Trainer<T> trainer, in TrainingProgress progress)
    {
        if (progress.Step % every != 0 || progress.Observation is { Kind: TrainingObservationKind.Diverged })
        {
            return;
        }

        ParameterSet<T> parameters = trainer.Optimizer.Parameters;
        trainer.Optimizer.CatchUp();
        for (int i = 0; i < before.Length; i++)
        {
            Subtract(parameters[i].ReadValues(), before[i]);
        }

        var norm = new EuclideanNorm<T>(parameters);
        trainer.Metrics.Record(GradientNorm, gradientNorm);
        trainer.Metrics.Record(UpdateNorm, norm.Of(parameter => before[parameter.Index]));
        trainer.Metrics.Record(ParameterNorm, norm.Of(parameter => parameter.ReadValues()));
    }

    /// <summary>before ← after − before.</summary>
    private static void Subtract(ReadOnlySpan<T> after, Span<T> before)
    {
        for (int i = 0; i < after.Length; i++)
        {
            before[i] = after[i] - before[i];
        }
    }
}
