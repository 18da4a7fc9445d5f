using System.Numerics;
using OptimGen.CompilerServices;

namespace OptimGen;

/// <summary>A training loop in single precision: a <see cref="Trainer{T}"/> of <see cref="float"/>.</summary>
/// <inheritdoc cref="Trainer{T}(Optimizer{T}, int, Objective{T})"/>
public sealed class Trainer(Optimizer<float> optimizer, int exampleCount, Objective<float> objective)
    : Trainer<float>(optimizer, exampleCount, objective);

/// <summary>
/// A training loop: it cuts the examples into mini-batches, shuffled anew each epoch, and for each batch sets the learning rate, has
/// the objective compute the loss and its gradient, adds the penalty on the weights, and steps the optimizer.
/// </summary>
/// <remarks>
/// A run is deterministic: the order of the examples depends on <see cref="Seed"/> and the number of the epoch alone, on every platform.
/// A call of <see cref="Train"/> continues where the last one ended: many short calls give the same bits as one long call.
/// The trainer is not thread-safe.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public partial class Trainer<T> : ICheckpointable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int UsualBatchSize = 64;
    private const string LearningRate = "LearningRate";

    private readonly Objective<T> objective;
    private readonly bool hasLearningRate;
    private readonly DescentWatch<T> watch;
    private readonly List<TrainingObservation> observations = [];
    private int batchSize;
    private double weightPenalty;
    private int[] indices = [];
    private RunningEpoch? running;
    private bool isInStep;
    private TrainingPace pace = new(TimeProvider.System);

    /// <summary>Creates a trainer. Its epochs and steps count from here.</summary>
    /// <param name="optimizer">The optimizer that updates the parameters. Steps that it has already taken do not count as the trainer's.</param>
    /// <param name="exampleCount">The number of examples, m; at least 1.</param>
    /// <param name="objective">Computes the mean loss of a mini-batch and its gradient.</param>
    /// <exception cref="ArgumentNullException">The optimizer or the objective is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exampleCount"/> is below 1.</exception>
    public Trainer(Optimizer<T> optimizer, int exampleCount, Objective<T> objective)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exampleCount);
        ArgumentNullException.ThrowIfNull(objective);
        Optimizer = optimizer;
        ExampleCount = exampleCount;
        this.objective = objective;
        hasLearningRate = optimizer.HasLearningRate;
        Schedules = new HyperparameterSchedules<T>(optimizer);
        watch = new DescentWatch<T>(exampleCount);
        batchSize = Math.Min(UsualBatchSize, exampleCount);
        Observations = observations.AsReadOnly();
        Callbacks = new TrainingCallbacks<T>(this);
        Metrics = new MetricHistory(() => (StepCount, EpochCount), NotifyMetric);
    }

    /// <summary>The optimizer that is stepped.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>The number of examples, m.</summary>
    public int ExampleCount { get; }

    /// <summary>
    /// The number of examples in a mini-batch; the last batch of an epoch has the rest. m is batch gradient descent, 1 is stochastic
    /// gradient descent. Default: 64, or m if that is less. Read when an epoch begins.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or above <see cref="ExampleCount"/>.</exception>
    public int BatchSize
    {
        get => batchSize;
        set => batchSize = value >= 1 && value <= ExampleCount
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(BatchSize), value, $"BatchSize is {value}; it must be at least 1 and at most {ExampleCount}, the number of examples.");
    }

    /// <summary>The number of steps of an epoch, ⌈m / batch size⌉.</summary>
    public int StepsPerEpoch => RunningEpoch.StepsOf(ExampleCount, BatchSize);

    /// <summary>
    /// Whether the examples are shuffled anew for each epoch. Default: <see langword="true"/>. Read when an epoch begins.
    /// </summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>The seed of the shuffle. Default: 0. Read when an epoch begins.</summary>
    public long Seed { get; set; }

    /// <summary>
    /// λ of the L2 penalty on the weights: λ/(2B)·‖W‖²_F is added to the loss of a mini-batch of B examples, and λ/B·W to its gradient. ‖W‖²_F is the
    /// sum of the squares of all weights, without biases (<see cref="ParameterRole"/>). Default: 0. Read at every step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public double WeightPenalty
    {
        get => weightPenalty;
        set => weightPenalty = double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(WeightPenalty), value, FormattableString.Invariant($"WeightPenalty is {value}; it must be finite and at least 0."));
    }

    /// <summary>The schedules of the hyperparameters, by name, for all parameters or for a group. They set the values before every step.</summary>
    public HyperparameterSchedules<T> Schedules { get; }

    /// <summary>
    /// The schedule of the optimizer's <c>LearningRate</c>, a short form of <see cref="Schedules"/>["LearningRate"]. Default: <see langword="null"/>, no
    /// schedule. Parameter groups that override the learning rate keep their value.
    /// </summary>
    /// <exception cref="ArgumentException">The optimizer's rule has no <c>LearningRate</c>.</exception>
    public Schedule? Schedule
    {
        get => hasLearningRate ? Schedules[LearningRate] : null;
        set
        {
            if (hasLearningRate)
            {
                Schedules[LearningRate] = value;
            }
            else if (value is not null)
            {
                throw new ArgumentException($"{Optimizer.Definition.Name} has no {LearningRate} for a schedule to set.", nameof(Schedule));
            }
        }
    }

    /// <summary>The number of complete epochs.</summary>
    public int EpochCount { get; private set; }

    /// <summary>The number of mini-batches so far, those included whose step the optimizer skipped.</summary>
    public long StepCount { get; private set; }

    /// <summary>The costs so far; also valid after <see cref="Train"/> has thrown.</summary>
    public CostCurve Curve { get; } = new();

    /// <summary>The metrics that callbacks or the program have recorded.</summary>
    public MetricHistory Metrics { get; }

    /// <summary>The parts that are called at the moments of the run, such as validation and early stopping.</summary>
    public TrainingCallbacks<T> Callbacks { get; }

    /// <summary>When checkpoints are saved, and where. Default: <see langword="null"/>, never. Set it before <see cref="Train"/>.</summary>
    public CheckpointPolicy? Checkpoints { get; set; }

    /// <summary>Why the run was stopped (<see cref="Stop"/>); <see langword="null"/> if it was not. It is kept in checkpoints.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Whether <see cref="Train"/> is running.</summary>
    public bool IsTraining { get; private set; }

    /// <summary>The observations so far, in the order of the steps; also valid after <see cref="Train"/> has thrown.</summary>
    public IReadOnlyList<TrainingObservation> Observations { get; }

    /// <summary>
    /// Trains until <paramref name="epochs"/> more epochs are complete. If an earlier call was interrupted within an epoch, this one continues with the
    /// next mini-batch of that epoch, which counts as one of them.
    /// </summary>
    /// <param name="epochs">The number of epochs, 1 or more.</param>
    /// <param name="progress">Receives a report after every step.</param>
    /// <param name="cancellationToken">Checked before every step; a step that has begun is always completed.</param>
    /// <returns>
    /// The result. If training diverges, it ends early with <see cref="TrainingOutcome.Diverged"/>: it stops before a step whose cost or gradient is not
    /// finite, and the next call begins with the same step.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="epochs"/> is below 1 or the run would have more than 2³¹ − 1 of them.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// One of the <see cref="Schedules"/> gave a value that is not finite or that its hyperparameter does not allow, or this trainer is training already.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled. The steps until then are kept, as are their costs and observations.
    /// </exception>
    public TrainingResult Train(
        int epochs, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epochs, int.MaxValue - EpochCount);
        RequireIdle();
        StopReason = null;
        return TrainTo(EpochCount + epochs, progress, cancellationToken);
    }

    /// <summary>
    /// Trains until <paramref name="epoch"/> epochs are complete, counted over the whole run. It is the call for a run that may be resumed: it does what is
    /// left, which is nothing if the run is complete, or was stopped (<see cref="StopReason"/>).
    /// </summary>
    /// <param name="epoch">The number of epochs of the whole run, 1 or more.</param>
    /// <param name="progress">Receives a report after every step.</param>
    /// <param name="cancellationToken">Checked before every step; a step that has begun is always completed.</param>
    /// <returns>The result, as of <see cref="Train"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is below 1, or the optimizer refused a hyperparameter.</exception>
    /// <exception cref="InvalidOperationException">
    /// A schedule gave a value that is not allowed, or this trainer is training already.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled. The steps until then are kept, as are their costs and observations.
    /// </exception>
    public TrainingResult TrainUntil(
        int epoch, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epoch);
        RequireIdle();
        return TrainTo(epoch, progress, cancellationToken);
    }

    /// <summary>Ends <see cref="Train"/> after the current step. Called by callbacks, from the objective or from progress.</summary>
    /// <param name="reason">Why, for the result; not empty.</param>
    /// <exception cref="ArgumentException">The reason is empty.</exception>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        StopReason ??= reason;
    }

    /// <summary>The clock that measures progress.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    internal void RequireIdle()
    {
        if (IsTraining)
        {
            throw new InvalidOperationException("This trainer is training already; Train cannot be called from its objective, its callbacks or its progress.");
        }
    }

    private TrainingResult TrainTo(int lastEpoch, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        RequireCallbacksForRanks();
        AgreeOnRun(lastEpoch);
        IsTraining = true;
        pace = new TrainingPace(Clock);
        TrainingResult? result = null;
        try
        {
            foreach (TrainingCallback<T> callback in Callbacks)
            {
                callback.OnTrainingStarted(this);
            }

            Checkpoints?.Begin(StepCount, EpochCount);
            TrainingOutcome outcome = TrainingOutcome.Completed;
            bool isCancelled = AgreeOnEnd(cancellationToken);
            while (EpochCount < lastEpoch && outcome == TrainingOutcome.Completed && StopReason is null)
            {
                if (isCancelled)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    throw new OperationCanceledException("Training was cancelled on another rank.");
                }

                outcome = TakeStep(lastEpoch, progress);
                isCancelled = AgreeOnEnd(cancellationToken);
            }

            result = Result(outcome == TrainingOutcome.Completed && StopReason is not null ? TrainingOutcome.Stopped : outcome);
            Checkpoints?.AtEnd(this, StepCount);
            return result;
        }
        catch (OperationCanceledException)
        {
            Checkpoints?.AtEnd(this, StepCount);
            throw;
        }
        finally
        {
            IsTraining = false;
            Checkpoints?.Wait();
            foreach (TrainingCallback<T> callback in Callbacks.ToArray())
            {
                callback.OnTrainingEnded(this, result);
            }
        }
    }

    private TrainingOutcome TakeStep(int lastEpoch, IProgress<TrainingProgress>? progress)
    {
        isInStep = true;
        TrainingProgress step;
        try
        {
            step = TakeStep(lastEpoch);
        }
        finally
        {
            isInStep = false;
        }

        for (int i = 0; i < Callbacks.Count; i++)
        {
            if (step.Observation is not null)
            {
                Callbacks[i].OnObservation(this, step.Observation);
            }

            Callbacks[i].OnStepCompleted(this, in step);
        }

        if (running is null)
        {
            CompleteEpoch();
        }

        progress?.Report(step);
        Checkpoints?.AfterStep(this, StepCount, EpochCount, Communicator);
        return step.Observation is { Kind: TrainingObservationKind.Diverged } ? TrainingOutcome.Diverged : TrainingOutcome.Completed;
    }

    private void CompleteEpoch()
    {
        double mean = Curve.EpochMeans[^1];
        foreach (TrainingCallback<T> callback in Callbacks)
        {
            callback.OnEpochCompleted(this, EpochCount, mean);
        }

        NotifyMetric(MetricHistory.Cost, new MetricPoint(StepCount, EpochCount, mean));
    }

    private void NotifyMetric(string name, MetricPoint point)
    {
        foreach (TrainingCallback<T> callback in Callbacks)
        {
            callback.OnMetric(this, name, point);
        }
    }

    private TrainingProgress TakeStep(int lastEpoch)
    {
        pace.BeginStep();
        // An epoch in which no step has been taken begins again here, so that settings changed since a failed first step take effect.
        RunningEpoch epoch = running is { StepsTaken: > 0 } ? running : BeginEpoch();
        long step = StepCount + 1;
        double rate = SetLearningRate(epoch.Number, step);
        double penalty = WeightPenalty;

        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnStepStarted(this, step);
        }

        var batch = new MiniBatch(epoch.NextExamples(), epoch.Number, step, epoch.StepsTaken);
        double cost = EvaluateStep(batch);
        if (penalty != 0 && double.IsFinite(cost))
        {
            if (Optimizer.HasTables)
            {
                throw Optimizer.RowsRefuse(
                    $"WeightPenalty is {penalty}", "the penalty needs the gradient of every row. Use the weight decay of the rule, which holds for rows too.");
            }

            cost += SquaredNormPenalty.AddTo(Optimizer.Parameters, penalty, batch.Count);
        }

        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].OnGradientsComputed(this, step, cost);
        }

        TrainingObservation? observation = StepOptimizer(epoch.Number, step, cost, rate);
        if (observation is null)
        {
            observation = JudgeCost(epoch, step, cost, rate, penalty);
            RecordStep(epoch, cost, rate);
        }
        else
        {
            if (observation.Kind == TrainingObservationKind.StepSkipped)
            {
                RecordStep(epoch, cost, rate);
            }
            else
            {
                miniBatchWatch.Forget();
            }

            watch.Forget();
        }

        if (observation is not null)
        {
            observations.Add(observation);
        }

        pace.EndStep(batch.Count);
        return new TrainingProgress(
            epoch.Number, lastEpoch, step, batch.Index + 1, epoch.StepCount, cost, epoch.MeanCost, rate, observation)
        {
            ExamplesPerSecond = pace.ExamplesPerSecond,
            TimeLeft = pace.TimeFor((long)(lastEpoch - epoch.Number) * ExampleCount + epoch.ExamplesLeft),
        };
    }

    /// <returns>An observation if the optimizer has not been stepped; else <see langword="null"/>.</returns>
    private TrainingObservation? StepOptimizer(int epoch, long step, double cost, double rate)
    {
        if (!double.IsFinite(cost))
        {
            return TrainingObservation.Diverged(epoch, step, cost, rate, gradientError: null);
        }

        try
        {
            return StepWithGradient().NonFiniteGradient is { } gradient
                ? TrainingObservation.StepSkipped(epoch, step, cost, rate, gradient)
                : null;
        }
        catch (NonFiniteGradientException refused)
        {
            return TrainingObservation.Diverged(epoch, step, cost, rate, refused.Message);
        }
    }

    private void RecordStep(RunningEpoch epoch, double cost, double rate)
    {
        StepCount++;
        Curve.RecordStep(cost, rate);
        epoch.RecordStep(cost);
        if (epoch.IsComplete)
        {
            EpochCount++;
            Curve.RecordEpoch(epoch.MeanCost);
            running = null;
        }
    }

    private RunningEpoch BeginEpoch()
    {
        running = null;
        foreach (TrainingCallback<T> callback in Callbacks)
        {
            callback.OnEpochStarted(this, EpochCount + 1);
        }

        return running = new(EpochCount + 1, ExampleCount, BatchSize, Shuffle ? Seed : null, ref indices);
    }

    /// <returns>The learning rate of the step, or NaN if the rule has none.</returns>
    private double PrepareLearningRate(int epoch, long step)
    {
        if (Schedules.Apply(epoch, step) is { } rate)
        {
            return rate;
        }

        if (!hasLearningRate)
        {
            return double.NaN;
        }

        double current = Optimizer.GetHyperparameter(LearningRate);
        return typeof(T) == typeof(float) ? StepMath.Widen((float)current) : current;
    }

    private TrainingResult Result(TrainingOutcome outcome)
    {
        double mean = running is { StepsTaken: > 0 } ? running.MeanCost : Curve.EpochMeans.LastOrDefault(double.NaN);
        return new TrainingResult(outcome, EpochCount, StepCount, Curve, [.. observations], mean) { StopReason = StopReason };
    }
}
